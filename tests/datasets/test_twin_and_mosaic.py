"""Twins share what the change does not touch; a mosaic keeps what it hides."""

from __future__ import annotations

import mudata
import numpy as np
import pytest

import spsim as sps
from spsim._objects import as_dense
from spsim.slots import without_pulling


@pytest.fixture
def mdata():
    return sps.datasets.multiomics(
        [{"name": "rna", "n_mixed": 80}, {"name": "protein", "n_mixed": 40}], n_side=12, rng=2
    )


@pytest.mark.parametrize(
    ("change", "smaller"),
    [({"dropout_rate": 0.4}, True), ({"expression_mean": 10}, True), ({"background_mean": 2.0}, False)],
)
def test_twins_are_comonotone(mdata, change, smaller) -> None:
    other = sps.datasets.twin(mdata, **change)
    for name, adata in mdata.mod.items():
        assert np.array_equal(adata.obsm["nonspatial_factors"], other[name].obsm["nonspatial_factors"])
        assert ((adata.varm["spatial_loadings"] > 0) == (other[name].varm["spatial_loadings"] > 0)).all()
        less, more = (other[name].X, adata.X) if smaller else (adata.X, other[name].X)
        assert (less <= more).all() and (less < more).any()
    # The wrong variant: a replicate with another seed is not comonotone.
    replicate = sps.datasets.resample(other, rng=99)
    assert not (replicate["rna"].X <= mdata["rna"].X).all() and not (replicate["rna"].X >= mdata["rna"].X).all()


def test_a_twin_of_one_modality_leaves_the_other_alone(mdata) -> None:
    other = sps.datasets.twin(mdata, modality="rna", shape=2.0)
    assert np.array_equal(other["protein"].X, mdata["protein"].X) and not np.array_equal(other["rna"].X, mdata["rna"].X)
    assert sps.Scenario.from_mdata(other).modalities[0].likelihood == sps.likelihoods.NegativeBinomial(shape=2)


def test_a_shorthand_keeps_the_other(mdata) -> None:
    other = sps.datasets.twin(sps.datasets.twin(mdata, shape=3.0), dropout_rate=0.2)
    assert sps.Scenario.from_mdata(other).modalities[0].likelihood == sps.likelihoods.ZeroInflatedNegativeBinomial(
        shape=3, dropout_rate=0.2
    )


def test_twins_of_the_scenario_and_of_other_seeds(mdata) -> None:
    assert sps.datasets.twin(mdata, n_side=10).n_obs == 100
    quilt = sps.datasets.twin(mdata, pattern="quilt")
    assert np.array_equal(quilt["rna"].obsm["nonspatial_factors"], mdata["rna"].obsm["nonspatial_factors"])
    assert np.array_equal(sps.datasets.twin(quilt, pattern="ggblocks")["rna"].X, mdata["rna"].X)
    again = sps.datasets.resample(mdata, rng=5)
    assert np.array_equal(sps.datasets.twin(again, expression_mean=20)["rna"].X, again["rna"].X)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: sps.datasets.twin(m), "twin needs a change"),
        (lambda m: sps.datasets.twin(m, expresion_mean=2), "did you mean 'expression_mean'"),
        (lambda m: sps.datasets.twin(m, modality="rna", n_side=3), "'n_side' cannot be changed for one modality"),
        (lambda m: sps.datasets.twin(m, modality="rnaa", shape=3), "did you mean 'rna'"),
        (lambda m: sps.datasets.twin(sps.datasets.published("nsf_quilt"), shape=3), "is a published data set"),
        (lambda m: sps.datasets.drop_modality(m, "adt"), "name: no 'adt'; there are 'rna', 'protein'"),
        (lambda m: sps.datasets.drop_modality(m, "rna", fraction=1.5), "fraction must be a probability"),
        (lambda m: sps.datasets.drop_modality(m, "rna", fraction=1.0), "fraction must leave at least one of 144 spots"),
        (lambda m: sps.get.dropped(m["rna"]), "no counts were dropped from this modality"),
    ],
)
def test_bad_input_is_refused_by_name(mdata, call, message) -> None:
    with pytest.raises((KeyError, ValueError), match=message):
        call(mdata)


@pytest.mark.parametrize("name", ["rna", "protein"])
def test_a_mosaic_hides_and_keeps_a_block(mdata, name, tmp_path) -> None:
    mosaic = sps.datasets.drop_modality(mdata, name, fraction=0.25, rng=1)
    hidden = sps.get.dropped(mosaic[name])
    assert mosaic[name].n_obs == 108 and hidden.shape == (36, mdata[name].n_vars)
    assert not set(hidden.index) & set(mosaic[name].obs_names)
    assert np.array_equal(hidden, mdata[name][hidden.index].X)
    assert list(mosaic.obs_names) == list(mdata.obs_names) and mosaic.obs["domain"].equals(mdata.obs["domain"])
    assert np.array_equal(mosaic.obsm["spatial_factors"], mdata.obsm["spatial_factors"])
    other = "protein" if name == "rna" else "rna"
    assert np.array_equal(mosaic[other].X, mdata[other].X) and mdata[name].n_obs == 144
    mosaic.write(tmp_path / "a.h5mu")
    assert sps.get.dropped(mudata.read(tmp_path / "a.h5mu")[name]).equals(hidden)
    blind = sps.get.without_truth(mosaic)[name]
    with pytest.raises(KeyError, match="was not simulated by spsim, or its truth was taken out"):
        sps.get.dropped(blind)
    again = sps.datasets.resample(mosaic, rng=3)
    assert np.array_equal(again[name].X, sps.datasets.resample(mdata, rng=3)[name][again[name].obs_names].X)
    with pytest.raises(KeyError, match="since it was last measured"):
        sps.get.dropped(again[name])


def test_which_spots_are_hidden_depends_on_the_seed_and_is_spread(mdata) -> None:
    held = [sps.get.dropped(sps.datasets.drop_modality(mdata, "rna", rng=rng)["rna"]).index for rng in (1, 1, 2)]
    assert list(held[0]) == list(held[1]) != list(held[2])
    rows = mdata.obs.loc[held[0], "y"]
    assert abs(rows.mean() - 5.5) < 4.5 * np.sqrt(144 / 12 / 72)  # uniform over 12 rows, 4.5 standard errors
    assert sps.get.dropped(sps.datasets.drop_modality(mdata, "rna", fraction=0)["rna"]).shape == (0, 80)


def test_what_was_dropped_before_is_kept(mdata, tmp_path) -> None:
    once = sps.datasets.drop_modality(mdata, "rna", fraction=0.5, rng=1)
    both = sps.datasets.drop_modality(once, "protein", fraction=0.25, rng=2)
    part = both.copy()
    part.mod["rna"] = both["rna"][:, 10:30].copy()
    part.update()
    for before, features in ((once, 80), (both, 80), (part, 20)):
        twice = sps.datasets.drop_modality(before, "rna", fraction=0.5, rng=3)
        hidden = sps.get.dropped(twice["rna"])
        assert twice["rna"].n_obs == 36 and hidden.shape == (108, features)
        assert list(hidden.index[:72]) == list(sps.get.dropped(once["rna"]).index)
        assert not set(hidden.index) & set(twice["rna"].obs_names) and hidden.index.is_unique
        assert np.array_equal(hidden, mdata["rna"][hidden.index][:, hidden.columns].X)
        twice.write(tmp_path / "a.h5mu")
        assert sps.get.dropped(mudata.read(tmp_path / "a.h5mu")["rna"]).equals(hidden)
    assert sps.get.dropped(twice["protein"]).equals(sps.get.dropped(both["protein"]))


def shuffled_part(mdata):
    rng = np.random.default_rng(0)
    part = mdata[rng.permutation(144)[:50]].copy()
    part.mod["rna"] = part["rna"][rng.permutation(50)[:40], rng.permutation(80)[:30]].copy()
    part.update()
    return part


def one_reordered(mdata, name):
    part = mdata.copy()
    part.mod[name] = part[name][::-1].copy()
    with without_pulling():  # which leaves the order of the whole, as mudata 0.4 does
        part.update()
    return part


PARTS = {
    "subset": lambda m: m[:10].copy(),
    "view": lambda m: m[20:60],
    "reordered": lambda m: m[::-1].copy(),
    "shuffled": shuffled_part,
    "the first reordered": lambda m: one_reordered(m, "rna"),
    "the last reordered": lambda m: one_reordered(m, "protein"),
    "one modality": lambda m: without(m, "rna"),
    "mosaic": lambda m: sps.datasets.drop_modality(m, "protein", fraction=0.25, rng=1),
    "mosaics": lambda m: sps.datasets.drop_modality(
        sps.datasets.drop_modality(m, "protein", fraction=0.25, rng=1), "rna", fraction=0.5
    ),
    "part of a mosaic": lambda m: sps.datasets.drop_modality(m, "rna", rng=4)[100:20:-2].copy(),
}


def without(mdata, name):
    part = mdata.copy()
    del part.mod[name]
    part.update()
    return part


@pytest.mark.parametrize("kind", PARTS)
def test_the_twin_of_a_part_is_the_part_of_the_twin(mdata, kind) -> None:
    part, change = PARTS[kind](mdata), {"dropout_rate": 0.4}
    whole, twin = sps.datasets.twin(mdata, **change), sps.datasets.twin(part, **change)
    assert list(twin.mod) == list(part.mod) and list(twin.obs_names) == list(part.obs_names)
    assert list(twin.obs) == list(whole.obs) and twin.obs["domain"].equals(part.obs["domain"])
    assert np.array_equal(twin.obsm["spatial"], part.obsm["spatial"])
    assert twin.uns["spsim"]["params"] == whole.uns["spsim"]["params"]
    for name, adata in part.mod.items():
        assert list(twin[name].obs_names) == list(adata.obs_names)
        assert list(twin[name].var_names) == list(adata.var_names)
        expected = whole[name][adata.obs_names, adata.var_names]
        assert np.array_equal(twin[name].X, expected.X) and not np.array_equal(twin[name].X, adata.X)
        assert np.array_equal(sps.get.mean(twin[name]), sps.get.mean(expected.copy()))
        if "dropped_counts" in adata.uns["spsim"]:
            hidden = sps.get.dropped(twin[name])
            assert list(hidden.index) == list(sps.get.dropped(adata).index)
            assert np.array_equal(hidden, whole[name][hidden.index, hidden.columns].X)


def test_the_twin_of_a_part_keeps_its_names_and_refuses_other_sizes(mdata) -> None:
    part = sps.datasets.drop_modality(mdata, "rna", fraction=0.5)[30:90].copy()
    for adata in part.mod.values():
        adata.obs_names = "a-" + adata.obs_names
    part.obs_names = "a-" + part.obs_names
    part.update()
    twin = sps.datasets.twin(part, shape=2.0)
    assert list(twin.obs_names) == list(part.obs_names)
    expected = sps.datasets.twin(mdata, shape=2.0)
    for name, adata in twin.mod.items():
        assert np.array_equal(adata.X, expected[name][adata.obs_names.str.removeprefix("a-")].X)
    for change, message in (
        ({"n_side": 20}, "modality 'rna' was 144 x 80 spots and features, it becomes 400 x 80"),
        (
            {"modality": "protein", "n_mixed": 41},
            "modality 'protein' was 144 x 40 .* becomes 144 x 41; pass the complete",
        ),
        ({"modalities": [{"name": "rna", "n_mixed": 80}]}, "modality 'protein' was 144 x 40 .* becomes gone"),
    ):
        with pytest.raises(ValueError, match=message):
            sps.datasets.twin(part, **change)


def test_the_twin_of_an_unpaired_part() -> None:
    modalities = [
        {"name": "rna", "n_mixed": 20},
        {"name": "protein", "n_mixed": 10, "observed": {"domain": ["block_1", "block_3"]}},
    ]
    mdata = sps.datasets.multiomics(modalities, n_side=12)
    part = mdata[40:120].copy()
    twin, whole = (sps.datasets.twin(m, dropout_rate=0.3) for m in (part, mdata))
    for name, adata in part.mod.items():
        assert np.array_equal(twin[name].X, whole[name][adata.obs_names].X)


@pytest.mark.parametrize("sparse", [False, True])
def test_one_modality_is_measured_as_in_the_whole(sparse) -> None:
    mdata = sps.datasets.multiomics(n_side=12, sparse=sparse)
    mdata["rna"].obsm["X_pca"] = np.ones((144, 2))
    expected = sps.datasets.resample(mdata, rng=5)
    rows = np.random.default_rng(0).permutation(144)[:50]
    for pick in (lambda a: a, lambda a: a[rows], lambda a: a[rows].copy()[:, ::-3].copy()):
        for name, adata in mdata.mod.items():
            again, whole = sps.datasets.resample(pick(adata), rng=5), pick(expected[name])
            for one, other in ((again.X, whole.X), (again.layers["counts"], whole.layers["counts"])):
                assert type(one) is type(mdata[name].X)
                assert np.array_equal(as_dense(one), as_dense(other))
            assert dict(again.uns["spsim"])["params"] == expected[name].uns["spsim"]["params"]
            assert set(again.obsm) == set(expected[name].obsm) and again.obs.equals(whole.obs)
            back = sps.datasets.resample(again, rng=0)
            assert np.array_equal(as_dense(back.X), as_dense(pick(adata).X))


def test_replay_of_one_modality_names_what_it_needs(mdata) -> None:
    with pytest.raises(TypeError, match="mdata must be a MuData with all modalities, got one modality"):
        sps.datasets.replay(mdata["rna"])
