"""Scores of factors against any block of the truth."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from oracles import metrics_factors
from spsim import metrics, tl
from spsim.slots import without_pulling

N = 300
BLOCKS = {
    "factor_recovery": lambda m, **k: tl.factor_recovery(m, "rna:E", n_chance=3, **k),
    "variance_recovered": lambda m, **k: tl.variance_recovered(m, "rna:E", n_chance=3, **k),
    "subspace_angles": lambda m, **k: tl.subspace_angles(m, "rna:E", n_chance=3, **k),
    "amari_error": lambda m, **k: tl.amari_error(m, "rna:E4", n_chance=3, **k),
    "pairwise_distance_correlation": lambda m, **k: tl.pairwise_distance_correlation(m, "rna:E", n_chance=3, **k),
    "factor_kind": lambda m, **k: tl.factor_kind(m, "rna:E", kinds=["shared"] * 3, n_chance=3, **k),
    "factor_leakage": lambda m, **k: tl.factor_leakage(m, "rna:E", shared_key="rna:E4", **k),
    "loading_recovery": lambda m, **k: tl.loading_recovery(m, "rna:E", loadings_key="W", **k),
    "loadings_clustering": lambda m, **k: tl.loadings_clustering(m, "rna:W", **k),
    "evaluate": lambda m, **k: tl.evaluate(m, ["rna:E", "rna:guess"], n_chance=3, **k),
}
pytestmark = pytest.mark.filterwarnings("ignore:evaluate left out")


@pytest.mark.parametrize("name", BLOCKS)
def test_the_spatial_block_is_the_default(cells, name) -> None:
    assert_frame_equal(BLOCKS[name](cells, block="spatial"), BLOCKS[name](cells), check_exact=True)


@pytest.mark.parametrize("block", ["cell_type", "nonspatial", "batch"])
def test_recovery_of_any_block_is_that_of_its_factors(cells, block) -> None:
    estimate, truth = cells["rna"].obsm["E"], np.asarray(cells["rna"].obsm[f"{block}_factors"], float)
    table = tl.factor_recovery(cells, "rna:E", block=block, n_chance=5)
    similarity = np.abs(metrics_factors.correlations(estimate.tolist(), truth.tolist()))
    best = max(itertools.permutations(range(3)), key=lambda order: similarity[[0, 1, 2], order].sum())
    np.testing.assert_allclose(table["score"], similarity[[0, 1, 2], best], atol=1e-6)
    assert list(table.index) == list(sps.get.factors(cells["rna"], block=block).columns)
    slices = cells.obs["slice"].to_numpy()
    chance = metrics.factor_chance(estimate, truth, cells.obsm["spatial"], groups=slices, n_draws=5)
    np.testing.assert_allclose(table["chance"], chance.mean, atol=1e-9)


def test_a_factor_is_visible_where_the_modality_loads_on_it(cells) -> None:
    table = tl.factor_recovery(cells, "rna:E", block="cell_type")
    assert (table["ceiling"] == 1).all() and table["score"].min() > 0.9
    unseen = tl.factor_recovery(cells, "protein:E", block="cell_type")
    assert unseen["ceiling"].between(unseen["chance"], 0.5, inclusive="neither").all()
    np.testing.assert_array_equal(unseen["score"], table["score"])
    cells.obsm["E"] = cells["rna"].obsm["E"]
    assert (tl.factor_recovery(cells, "E", block="cell_type")["ceiling"] == 1).all()  # was given both
    cells["rna"].varm["cell_type_loadings"][:, 1] = 0
    some = tl.factor_recovery(cells, "rna:E", block="cell_type")
    assert some["ceiling"].tolist()[::2] == [1, 1]
    assert some["ceiling"].iloc[1] == pytest.approx(1)  # who is of neither seen type is of the third
    angles = tl.subspace_angles(cells, "protein:E", block="cell_type")
    assert (angles["ceiling"] == angles["chance"]).all()


def test_a_block_of_modalities_is_that_of_the_key(cells) -> None:
    cells["protein"].obsm["E"] = cells["protein"].obsm["nonspatial_factors"]
    own = tl.variance_recovered(cells, "protein:E", block="nonspatial", copy=True)
    np.testing.assert_allclose(own["score"], 1, atol=1e-6)
    cells["rna"].obsm["E"] = cells["protein"].obsm["E"]
    assert tl.variance_recovered(cells, "rna:E", block="nonspatial")["score"].max() < 0.2
    assert_frame_equal(tl.variance_recovered(cells["protein"], "E", block="nonspatial"), own)
    cells.obsm["E"] = cells["protein"].obsm["E"]
    with pytest.raises(KeyError, match="it belongs to modalities, take one of 'rna', 'protein'"):
        tl.variance_recovered(cells, "E", block="nonspatial")


def test_kinds_and_leakage_of_other_blocks(cells) -> None:
    table = tl.factor_kind(cells, "rna:E", kinds=["private_rna"] * 3, block="cell_type")
    assert table["kind"].tolist() == ["private_rna"] * 3 and table["accuracy"].tolist() == [1] * 3
    leakage = tl.factor_leakage(cells, "rna:E", shared_key="rna:E4", block="cell_type")
    assert leakage["kind"].tolist() == ["private"] * 3
    result = metrics.factor_leakage(
        cells["rna"].obsm["E4"],
        cells["rna"].obsm["E"],
        np.zeros((N, 0)),
        cells["rna"].obsm["cell_type_factors"],
    )
    np.testing.assert_allclose(leakage["in_private"], result.private_in_private, atol=1e-6)


def test_loadings_of_other_blocks(cells) -> None:
    rna = cells["rna"]
    rna.varm["W"] = rna.varm["cell_type_loadings"][:, [2, 0, 1]] * [1, -1, 1]  # the sign of the factor's estimate
    table = tl.loading_recovery(cells, "rna:E", loadings_key="W", block="cell_type")
    assert table["auroc"].tolist() == [1, 1, 1]
    assert table["support_size"].tolist() == (rna.varm["cell_type_loadings"] != 0).sum(axis=0).tolist()
    clustering = tl.loadings_clustering(cells, "rna:W", block="cell_type")["score"].to_dict()
    expected = metrics.loadings_clustering(rna.varm["W"], rna.varm["cell_type_loadings"])
    assert clustering == {name: expected[name] for name in clustering} and len(clustering) == 2
    recovery = tl.factor_recovery(cells, "rna:E", loadings_key="W", block="cell_type", n_chance=0)
    assert recovery["loading_correlation"].abs().min() > 1 - 1e-6


def test_without_places_chance_is_a_permutation(cells) -> None:
    for part in (cells, *cells.mod.values()):
        del part.obsm["spatial"]
    factors = tl.factor_recovery(cells, "rna:E", block="cell_type")
    labels = tl.domain_agreement(cells, "rna:guess", label="cell_type")
    assert set(factors["null"]) == set(labels["null"]) == {"permutation"}
    assert factors["chance"].max() < 0.2 and labels.loc["ari", "chance"] == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("name", ["factor_recovery", "loading_recovery", "factor_kind", "evaluate"])
def test_shuffled_blind_copies_score_the_same_against_any_block(cells, name) -> None:
    expected = BLOCKS[name](cells, block="cell_type", copy=True)
    with without_pulling():
        blind = sps.get.without_truth(cells)[np.random.default_rng(3).permutation(N)].copy()
    assert_frame_equal(BLOCKS[name](blind, block="cell_type", truth=cells), expected, rtol=1e-6, atol=1e-9)


def test_evaluate_of_any_block_and_label(cells) -> None:
    table = tl.evaluate(cells, ["rna:E", "rna:guess"], block="cell_type", label="cell_type")
    values = table.set_index(["key", "score", "target"])["value"]
    types = list(cells.obs["cell_type"].cat.categories)
    recovery = tl.factor_recovery(cells, "rna:E", block="cell_type")["score"]
    assert [values["rna:E", "factor_recovery", name] for name in types] == recovery.tolist()
    agreement = tl.domain_agreement(cells, "rna:guess", label="cell_type")
    assert values["rna:guess", "ari", "cell_type"] == agreement.loc["ari", "score"]
    assert set(table["target"]) == {*types, "factors", "cell_type", "space", "shared"}
    # Clusters as an embedding: the best partition is the label of that name.
    indicators = table[(table["key"] == "rna:guess") & (table["score"] == "variance_recovered")]
    np.testing.assert_allclose(indicators["ceiling"], 1)
    unseen = tl.evaluate(cells, ["rna:guess"], block="nonspatial", label="cell_type", scores=["factor_recovery"])
    assert unseen["ceiling"].isna().all()  # factors that no label makes


def test_evaluate_names_scores_and_keys(cells) -> None:
    table = tl.evaluate(cells, ["rna:E", "rna:guess"], scores=["ari", "factor_recovery"])
    assert set(table["score"]) == {"ari", "factor_recovery"}
    with pytest.raises(KeyError, match=r"keys: 'rna:E': block: no 'cell_typ' .*did you mean 'cell_type'"):
        tl.evaluate(cells, ["rna:E"], block="cell_typ")
    with pytest.raises(KeyError, match=r"keys: 'rna:E': label: no 'cell_typ'; .*did you mean 'cell_type'"):
        tl.evaluate(cells, ["rna:E"], label="cell_typ")


def test_a_world_without_a_pattern_has_its_cell_types() -> None:
    rna = {"name": "rna", "n_nonspatial": 30, "loadings": {"cell_type": {"name": "Markers"}}}
    scenario = sps.Scenario(pattern=None, n_side=10, factors={"cell_type": {"name": "CellTypes"}}, modalities=[rna])
    mdata = sps.simulate(scenario, rng=1)
    mdata.obsm["E"] = mdata.obsm["cell_type_factors"] + np.random.default_rng(0).normal(0, 0.1, (100, 3))
    mdata.obs["guess"] = mdata.obs["cell_type"].astype(str)
    assert tl.factor_recovery(mdata, "E", block="cell_type")["score"].min() > 0.9
    table = tl.evaluate(mdata, ["E", "guess"], block="cell_type", label="cell_type")
    assert table.set_index(["key", "score"]).loc[("guess", "ari"), "value"].tolist() == [1]
    with pytest.raises(KeyError, match="block: no 'spatial' in obsm .*; there are 'cell_type', 'nonspatial'"):
        tl.factor_recovery(mdata, "E")
    part = tl.evaluate(mdata, ["E"], block="cell_type")
    assert "neighborhood_purity" not in set(part["score"])
    left_out = mdata.uns["evaluate_left_out"].set_index("score")["reason"]
    assert left_out["neighborhood_purity"].startswith("label: no 'domain'; there are 'cell_type'")


def test_truth_is_not_offered_as_a_result(cells) -> None:
    with pytest.raises(KeyError, match=r"^\"obsm: no 'X'; there are 'rna:E', 'rna:E4', 'protein:E'\"$"):
        tl.factor_recovery(cells, "X")
    with pytest.raises(KeyError, match=r"^\"obs of modality 'rna': no 'gues'; there are 'guess' \(did you mean"):
        tl.domain_agreement(cells, "rna:gues")
    with pytest.raises(KeyError, match=r"varm of modality 'rna': no 'V'; there are 'W'\"$"):
        tl.loadings_clustering(cells, "rna:V")
    # It can be scored, though, as a check of the score.
    assert tl.factor_recovery(cells, "rna:spatial_factors")["score"].tolist() == pytest.approx([1] * 4)
