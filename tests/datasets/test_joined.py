"""Pieces joined again: what keeps the truth, what has none, and what the errors say."""

from __future__ import annotations

import anndata
import mudata
import numpy as np
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from spsim.slots import is_torn, read_truth
from worlds import WORLDS, made, scenario

LOST = "its record was lost, as anndata.concat does without uns_merge; parts of one simulation keep it whole with"
HALF = "half of the record was lost.*merge='same', uns_merge='same'.*different simulations have no truth in common"


@pytest.fixture(scope="module")
def mdata():
    return sps.datasets.multiomics(n_side=12)


@pytest.mark.parametrize("uns_merge", ["same", "unique", "first"])
@pytest.mark.parametrize("index_unique", [None, "-"])
def test_parts_of_one_simulation_keep_their_truth(mdata, uns_merge, index_unique) -> None:
    order = np.random.default_rng(0).permutation(144)
    rna = mdata["rna"]
    parts = {"b": rna[order[100:]].copy(), "a": rna[order[:100]].copy()}
    joined = anndata.concat(parts, merge="same", uns_merge=uns_merge, index_unique=index_unique, label="part")
    rows = np.concatenate([order[100:], order[:100]])
    assert not is_torn(joined) and list(joined.obs["part"].unique()) == ["b", "a"]
    assert np.array_equal(sps.get.mean(joined), sps.get.mean(rna).to_numpy()[rows])
    assert np.array_equal(sps.get.dropout_mask(joined), sps.get.dropout_mask(rna).to_numpy()[rows])
    assert np.array_equal(sps.get.factors(joined), sps.get.factors(rna).to_numpy()[rows])
    assert np.array_equal(sps.datasets.resample(joined, rng=4).X, sps.datasets.resample(rna, rng=4).X[rows])
    joined.obsm["X"] = joined.obsm["spatial_factors"]
    rna.obsm["X"] = rna.obsm["spatial_factors"]
    own, whole = (sps.tl.factor_recovery(a, "X", copy=True, n_chance=3) for a in (joined, rna))
    np.testing.assert_allclose(own["score"], whole["score"])
    back = sps.datasets.join_modalities({"rna": joined, "protein": joined_alike(mdata["protein"], parts, index_unique)})
    assert sps.get.domains(back).tolist() == sps.get.domains(mdata).to_numpy()[rows].tolist()


def joined_alike(adata, parts, index_unique):
    pieces = {key: adata[part.obs_names].copy() for key, part in parts.items()}
    return anndata.concat(pieces, merge="same", uns_merge="same", index_unique=index_unique)


@pytest.mark.skipif(not hasattr(mudata, "concat"), reason="mudata joins MuData from 0.3 on")
def test_a_mudata_split_and_joined_keeps_its_truth(mdata) -> None:
    joined = mudata.concat([mdata[90:].copy(), mdata[:90].copy()], merge="same", uns_merge="same")
    for name, adata in mdata.mod.items():
        assert np.array_equal(sps.get.mean(joined[name]), sps.get.mean(adata).loc[joined.obs_names])
    whole = sps.datasets.join_modalities(joined)
    assert sps.get.domains(whole).equals(sps.get.domains(mdata)[whole.obs_names])
    assert np.array_equal(whole.obsm["spatial_factors"], mdata[whole.obs_names].obsm["spatial_factors"])


@pytest.mark.parametrize("uns_merge", [None, "only"])
def test_a_lost_record_says_what_to_pass(mdata, uns_merge) -> None:
    rna = mdata["rna"]
    uns = rna.copy()
    del uns.uns["spsim"]
    joined = anndata.concat([rna[:60], rna[60:]], merge="same", uns_merge=uns_merge)
    for data in (joined, uns):
        for act in (sps.get.factors, sps.get.mean, sps.datasets.resample, sps.get.dropout_mask):
            with pytest.raises(KeyError, match=LOST):
                act(data)
    joined.obsm["X"] = np.ones((144, 1)) * np.arange(144)[:, None]
    with pytest.raises(KeyError, match=LOST):
        sps.tl.factor_recovery(joined, "X")
    sps.tl.factor_recovery(joined, "X", truth=mdata, n_chance=0)


@pytest.mark.parametrize("uns_merge", ["same", "unique"])
def test_half_a_record_names_what_is_gone(mdata, uns_merge) -> None:
    other = sps.datasets.multiomics(n_side=12, rng=1)
    joined = anndata.concat(
        [mdata["rna"], other["rna"]], merge="same", uns_merge=uns_merge, index_unique="-", keys=["a", "b"]
    )
    assert is_torn(joined)
    for act in (sps.get.factors, sps.get.loadings, sps.get.mean, sps.get.activity, sps.datasets.resample):
        with pytest.raises(KeyError, match=f"has no 'params': {HALF}"):
            act(joined)
    joined.obsm["X"] = joined.obsm["spatial_factors"]
    with pytest.raises(KeyError, match=f"has no 'params': {HALF}"):
        sps.tl.factor_recovery(joined, "X", groups="domain")
    # Modalities side by side, whose lists of what is true are equal, and where they are not.
    joined = anndata.concat([mdata["rna"], mdata["protein"]], axis=1, merge="same", uns_merge=uns_merge)
    for act in (sps.get.mean, sps.get.blocks, sps.datasets.resample, sps.get.dropout_mask):
        with pytest.raises(KeyError, match="has no 'modality': .* joined side by side.* keep several in a MuData"):
            act(joined)
    joined.obsm["X"] = joined.obsm["spatial_factors"]
    table = sps.tl.factor_recovery(joined, "X", n_chance=3)
    assert (table["score"] > 1 - 1e-12).all() and (table["ceiling"] == 1).all()
    joined.layers["p"] = joined.X
    with pytest.raises((KeyError, ValueError), match="has no 'modality'|key must lie in one modality"):
        sps.tl.reconstruction(joined, "p")
    effects = made("effects")
    joined = anndata.concat([effects["rna"], effects["protein"]], axis=1, merge="same", uns_merge=uns_merge)
    assert "params" in joined.uns["spsim"] and is_torn(joined)
    for act in (sps.get.factors, sps.get.mean, sps.get.blocks, sps.datasets.resample):
        with pytest.raises(KeyError, match=f"has no 'truth': {HALF}"):
            act(joined)


def test_a_record_of_the_first_schema_without_its_modality_is_named() -> None:
    rna = sps.datasets.quilt(n_side=6, n_mixed=5)["rna"]
    rna.uns["spsim"] = {"schema": "1", "params": rna.uns["spsim"]["params"]}
    with pytest.raises(KeyError, match="has no 'modality': it belongs to a whole MuData"):
        sps.get.factors(rna)


@pytest.mark.parametrize("merge", ["same", "first"])
def test_different_simulations_under_one_record_are_refused_as_truth(mdata, merge) -> None:
    other = sps.datasets.multiomics(n_side=12, rng=1)
    joined = anndata.concat(
        [mdata["rna"], other["rna"]], merge=merge, uns_merge="first", index_unique="-", keys=["a", "b"]
    )
    refused = "obs holds observations of different simulations: spsim_index 0 stands there more than once"
    for act in (sps.get.dropout_mask, sps.datasets.resample, sps.get.mean, sps.get.loadings):
        with pytest.raises(ValueError, match=f"{refused}, with different (counts|factors), as anndata.concat"):
            act(joined)
    joined.var["score"] = np.arange(1000.0)
    with pytest.raises(ValueError, match=refused):
        sps.tl.svg_detection(joined, "score")


def test_repeated_observations_of_one_simulation_are_not(mdata) -> None:
    rows = np.random.default_rng(0).integers(0, 144, 200)
    for pick in (mdata["rna"], sps.datasets.multiomics(n_side=12, sparse=True)["rna"]):
        drawn = pick[rows].copy()
        drawn.obs_names_make_unique()
        assert np.array_equal(sps.get.mean(drawn), sps.get.mean(mdata["rna"]).to_numpy()[rows])
        again, whole = (sps.datasets.resample(a, rng=2).X for a in (drawn, pick))
        assert (again != whole[rows]).sum() == 0


def test_a_mudata_made_of_modalities_says_what_brings_the_truth_back(mdata) -> None:
    rebuilt = mudata.MuData({name: adata.copy() for name, adata in mdata.mod.items()})
    says = r"made anew from modalities, and 'rna', 'protein' still say what they are; spsim.datasets.join_modalities\(mdata\)"
    for act in (sps.get.factors, sps.get.domains, sps.datasets.resample, sps.datasets.replay, sps.Scenario.from_mdata):
        with pytest.raises(KeyError, match=says):
            act(rebuilt)
    rebuilt.obsm["X"] = mdata.obsm["spatial_factors"].copy()
    with pytest.raises(KeyError, match=says):
        sps.tl.factor_recovery(rebuilt, "X")
    joined = sps.datasets.join_modalities(rebuilt)
    assert "spsim" not in rebuilt.uns and np.array_equal(joined.obsm["X"], rebuilt.obsm["X"])
    mdata.obsm["X"] = rebuilt.obsm["X"]
    expected = sps.tl.factor_recovery(mdata, "X", copy=True)
    assert sps.tl.factor_recovery(joined, "X").equals(expected)
    assert sps.tl.factor_recovery(rebuilt, "X", truth=mdata).equals(expected)


@pytest.mark.parametrize("world", [*WORLDS, "stack"])
def test_modalities_joined_are_the_whole(world, tmp_path) -> None:
    stack = sps.patterns.Stack(layout=sps.patterns.Grid(n_rows=6), n_slices=2)
    whole = sps.simulate(scenario(n_side=None, layout=stack)) if world == "stack" else made(world)
    joined = sps.datasets.join_modalities(dict(whole.mod))
    assert joined.uns["spsim"].keys() == whole.uns["spsim"].keys()
    for key, value in whole.uns["spsim"].items():
        own = joined.uns["spsim"][key]
        assert value.equals(own) if hasattr(value, "equals") else value == own, key
    assert_frame_equal(joined.obs, whole.obs, check_dtype=False)  # a copy of mudata's turns 1.0 into 1
    assert set(joined.obsm) == set(whole.obsm)
    assert all(np.array_equal(joined.obsm[key], whole.obsm[key]) for key in whole.obsm)
    first = next(iter(whole.mod.values()))
    assert joined.uns["spsim"] is not first.uns["spsim"] and "modality" in first.uns["spsim"]
    joined.write(tmp_path / "a.h5mu")
    again = sps.datasets.replay(mudata.read(tmp_path / "a.h5mu"))
    assert all(np.array_equal(again[name].X, adata.X, equal_nan=True) for name, adata in whole.mod.items())


def test_modalities_with_other_spots_and_orders_are_joined(mdata) -> None:
    rng = np.random.default_rng(0)
    parts = {
        "protein": mdata["protein"][rng.permutation(144)[:90]].copy(),
        "rna": mdata["rna"][rng.permutation(144)[:100], ::3].copy(),
    }
    joined = sps.datasets.join_modalities(parts)
    assert list(joined.mod) == ["protein", "rna"] and 100 < joined.n_obs < 144
    expected = mdata[joined.obs_names]
    assert sps.get.domains(joined).tolist() == sps.get.domains(expected).tolist()
    for key in ("spatial", "spatial_factors"):
        assert np.array_equal(joined.obsm[key], expected.obsm[key])
    again = sps.datasets.resample(joined, rng=3)
    whole = sps.datasets.resample(mdata, rng=3)
    for name, part in parts.items():
        assert np.array_equal(again[name].X, whole[name][part.obs_names, part.var_names].X)


def test_what_belongs_to_no_whole_is_refused(mdata) -> None:
    other = sps.datasets.multiomics(n_side=12, rng=1)
    rna, protein = mdata["rna"], mdata["protein"]
    renamed = protein[::-1].copy()
    renamed.obs_names = rna.obs_names
    for modalities, error, message in (
        ({"rna": rna, "protein": other["protein"]}, ValueError, "got 'rna' and 'protein' of different ones"),
        ({"rna": rna, "protein": sps.datasets.resample(protein, rng=2)}, ValueError, "measured with one seed"),
        ({"gex": rna}, ValueError, "'gex' was simulated as 'rna'; give it that name"),
        ({"rna": sps.get.without_truth(rna)}, KeyError, "not simulated by spsim"),
        (
            {"rna": rna, "protein": renamed},
            ValueError,
            "agree on which observation a name means, but 'protein' has others",
        ),
        ({"rna": mdata}, TypeError, "must be one modality"),
        ({}, ValueError, "at least one modality"),
        ([rna, protein], TypeError, "mapping from names to AnnData"),
        (rna, TypeError, "mapping from names to AnnData"),
    ):
        with pytest.raises(error, match=message):
            sps.datasets.join_modalities(modalities)


@pytest.mark.parametrize("world", WORLDS)
def test_what_is_joined_again_lists_its_truth_in_the_order_of_the_whole(world) -> None:
    mdata = made(world)
    joined = sps.datasets.join_modalities({name: part.copy() for name, part in mdata.mod.items()})
    places = [[(entry["slot"], entry["key"]) for entry in read_truth(m)] for m in (joined, mdata)]
    lost = set(places[1]) - set(places[0])
    # What no modality responds to, no modality holds.
    assert places[0] == [place for place in places[1] if place not in lost]
    assert {slot for slot, _ in lost} <= {"obsm"}, lost
