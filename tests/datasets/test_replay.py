"""replay and resample: what an object carries is enough."""

from __future__ import annotations

import mudata
import numpy as np
import pytest

import spsim as sps

MODALITIES = [{"name": "rna", "n_mixed": 80, "dropout_rate": 0.3}, {"name": "protein", "n_spatial": 20}]
STACK = np.random.default_rng(0).integers(0, 2, (3, 5, 4))


def made(**fields):
    return sps.datasets.multiomics(MODALITIES, **({"n_side": 13, "rng": 3} | fields))


def assert_same(left, right) -> None:
    for name, adata in left.mod.items():
        other = right[name]
        assert (adata.X != other.X).sum() == 0
        for key in adata.obsm:
            assert np.array_equal(adata.obsm[key], other.obsm[key])
        for key in adata.varm:
            assert np.array_equal(adata.varm[key], other.varm[key])
        assert adata.obs.equals(other.obs) and adata.var.equals(other.var)
    assert left.uns["spsim"]["params"] == right.uns["spsim"]["params"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"pattern": "quilt", "sparse": True},
        {"pattern": STACK},
        {"pattern": sps.patterns.Motifs(pixels=STACK, names=["a", "b", "c"]), "keep_mean": True},
        {"rng": np.random.default_rng(8)},
        {"rng": np.random.SeedSequence(5, spawn_key=(2, 1))},
    ],
)
def test_replay_is_bit_for_bit(fields) -> None:
    mdata = made(**fields)
    assert_same(mdata, sps.datasets.replay(mdata))


def test_replay_of_replay_and_of_resample() -> None:
    again = sps.datasets.resample(made(), rng=11)
    assert_same(again, sps.datasets.replay(sps.datasets.replay(again)))


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m[:100].copy(),
        lambda m: m[np.arange(m.n_obs)[::-1]].copy(),
        lambda m: mudata.MuData({"rna": m["rna"][:, ::-1].copy(), "protein": m["protein"]}, uns=dict(m.uns)),
    ],
)
def test_replay_refuses_what_is_not_complete(change) -> None:
    with pytest.raises(ValueError, match="was subset, reordered or renamed: simulated were 169 x"):
        sps.datasets.replay(change(made()))


def test_replay_refuses_a_missing_modality() -> None:
    mdata = made()
    part = mudata.MuData({"rna": mdata["rna"]}, uns=dict(mdata.uns))
    with pytest.raises(ValueError, match="modalities must be the simulated ones, 'rna', 'protein', got 'rna'"):
        sps.datasets.replay(part)


def test_replay_refuses_changed_arrays_of_the_user() -> None:
    mdata = made(pattern=STACK)
    mdata.obsm["spatial_factors"][0, 0] += 1
    with pytest.raises(ValueError, match="is not what was simulated"):
        sps.datasets.replay(mdata)


@pytest.mark.parametrize("function", [sps.datasets.replay, sps.datasets.resample, sps.datasets.describe])
def test_blind_objects_are_refused(function) -> None:
    with pytest.raises(KeyError, match="was not simulated by spsim, or its truth was taken out"):
        function(sps.get.without_truth(made()))
    with pytest.raises(TypeError, match="expected an AnnData or MuData, got ndarray"):
        function(np.ones(3))


def test_resample_changes_counts_only_and_the_old_seed_brings_them_back() -> None:
    mdata = made(keep_mean=True)
    mdata.obs["leiden"] = "0"
    mdata["rna"].obsm["X_pca"] = np.ones((169, 2))
    again = sps.datasets.resample(mdata, rng=4)
    for name, adata in mdata.mod.items():
        other = again[name]
        assert (adata.X != other.X).mean() > 0.1
        assert np.array_equal(other.layers["counts"], other.X) and not np.shares_memory(other.layers["counts"], other.X)
        assert np.array_equal(adata.layers["mean"], other.layers["mean"])
        for key in other.varm:
            assert np.array_equal(adata.varm[key], other.varm[key])
        assert "X_pca" not in other.obsm
    assert "leiden" not in again.obs and np.array_equal(again.obsm["spatial"], mdata.obsm["spatial"])
    assert_same(made(keep_mean=True), sps.datasets.resample(again, rng=3))


def test_resample_equals_another_simulation_of_the_same_truth() -> None:
    """Same counts stream, same means: the new counts are what the seed would have given."""
    mdata = sps.datasets.quilt(12, n_spatial=50, n_nonspatial_factors=0)
    other = sps.datasets.quilt(12, n_spatial=50, n_nonspatial_factors=0, rng=9)
    again = sps.datasets.resample(mdata, rng=9)
    same = mdata["rna"].varm["spatial_loadings"].argmax(axis=1) == other["rna"].varm["spatial_loadings"].argmax(axis=1)
    assert same.any() and np.array_equal(again["rna"].X[:, same], other["rna"].X[:, same])


@pytest.mark.parametrize("sparse", [False, True])
def test_resample_of_a_filtered_and_shuffled_object_is_a_part_of_the_whole(sparse) -> None:
    mdata = made(sparse=sparse)
    rng = np.random.default_rng(0)
    spots, features = rng.permutation(169)[:60], rng.permutation(80)[:30]
    names = mdata.obs_names[spots]
    part = mdata[names].copy()
    part.mod["rna"] = part["rna"][:, features].copy()
    part.update()
    whole, again = sps.datasets.resample(mdata, rng=1), sps.datasets.resample(part, rng=1)
    for name in ("rna", "protein"):
        expected = whole[name][again[name].obs_names, again[name].var_names]
        assert (again[name].X != expected.X).sum() == 0
    assert list(again.obs_names) == list(again["rna"].obs_names)
    assert np.array_equal(again.obs["spsim_index"], spots)


def test_a_means_classes_and_its_own_values_give_the_same_counts(monkeypatch) -> None:
    """Tables for few means and the squeeze for many are one definition."""
    from spsim.scenarios import _observe

    with_tables = made()
    monkeypatch.setattr(_observe, "MOST_CLASSES", 0)
    assert_same(with_tables, made())
