"""Truth by name: any block of factors, any label, and which features vary in space."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from oracles import metrics_factors, metrics_labels, metrics_space
from spsim import metrics, tl
from spsim.slots import without_pulling
from worlds import made

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
LABELS = {
    "domain_agreement": lambda m, **k: tl.domain_agreement(m, "rna:guess", n_chance=3, **k),
    "domain_continuity": lambda m, **k: tl.domain_continuity(m, "rna:guess", **k),
    "neighborhood_purity": lambda m, **k: tl.neighborhood_purity(m, "rna:E", n_neighbors=7, n_chance=3, **k),
    "evaluate": lambda m, **k: tl.evaluate(m, ["rna:E", "rna:guess"], n_chance=3, **k),
}
pytestmark = pytest.mark.filterwarnings("ignore:evaluate left out")


def everything():
    """Three slices with cell types and batches: only rna loads on cell types; results of the cell types, with noise."""
    mdata = made("everything")
    rng = np.random.default_rng(0)
    rna, protein = mdata["rna"], mdata["protein"]
    with without_pulling():
        rna.obsm["E"] = rna.obsm["cell_type_factors"][:, [2, 0, 1]] * [1, -2, 3] + rng.normal(0, 0.2, (N, 3))
        rna.obsm["E4"] = rna.obsm["spatial_factors"] + rng.normal(0, 0.2, (N, 4))
        rna.varm["W"] = rna.varm["cell_type_loadings"][:, [2, 0, 1]] + rng.random((rna.n_vars, 3))
        rna.obs["guess"] = np.where(rng.random(N) < 0.2, "z", rna.obs["cell_type"].astype(str))
        protein.obsm["E"] = rna.obsm["E"].copy()
    return mdata


@pytest.fixture(scope="module")
def original():
    return everything()


@pytest.fixture
def mdata(original):
    with without_pulling():
        return original.copy()


@pytest.mark.parametrize("name", BLOCKS)
def test_the_spatial_block_is_the_default(mdata, name) -> None:
    assert_frame_equal(BLOCKS[name](mdata, block="spatial"), BLOCKS[name](mdata), check_exact=True)


@pytest.mark.parametrize("name", LABELS)
def test_the_domains_are_the_default(mdata, name) -> None:
    assert_frame_equal(LABELS[name](mdata, label="domain"), LABELS[name](mdata), check_exact=True)


@pytest.mark.parametrize("block", ["cell_type", "nonspatial", "batch"])
def test_recovery_of_any_block_is_that_of_its_factors(mdata, block) -> None:
    estimate, truth = mdata["rna"].obsm["E"], np.asarray(mdata["rna"].obsm[f"{block}_factors"], float)
    table = tl.factor_recovery(mdata, "rna:E", block=block, n_chance=5)
    similarity = np.abs(metrics_factors.correlations(estimate.tolist(), truth.tolist()))
    best = max(itertools.permutations(range(3)), key=lambda order: similarity[[0, 1, 2], order].sum())
    np.testing.assert_allclose(table["score"], similarity[[0, 1, 2], best], atol=1e-6)
    assert list(table.index) == list(sps.get.factors(mdata["rna"], block=block).columns)
    slices = mdata.obs["slice"].to_numpy()
    chance = metrics.factor_chance(estimate, truth, mdata.obsm["spatial"], groups=slices, n_draws=5)
    np.testing.assert_allclose(table["chance"], chance.mean, atol=1e-9)


def test_a_factor_is_visible_where_the_modality_loads_on_it(mdata) -> None:
    table = tl.factor_recovery(mdata, "rna:E", block="cell_type")
    assert (table["ceiling"] == 1).all() and table["score"].min() > 0.9
    unseen = tl.factor_recovery(mdata, "protein:E", block="cell_type")
    assert (unseen["ceiling"] == unseen["chance"]).all()
    np.testing.assert_array_equal(unseen["score"], table["score"])
    mdata.obsm["E"] = mdata["rna"].obsm["E"]
    assert (tl.factor_recovery(mdata, "E", block="cell_type")["ceiling"] == 1).all()  # was given both
    mdata["rna"].varm["cell_type_loadings"][:, 1] = 0
    some = tl.factor_recovery(mdata, "rna:E", block="cell_type")
    assert some["ceiling"].tolist() == [1, some["chance"].iloc[1], 1]
    angles = tl.subspace_angles(mdata, "protein:E", block="cell_type")
    assert (angles["ceiling"] == angles["chance"]).all()


def test_a_block_of_modalities_is_that_of_the_key(mdata) -> None:
    mdata["protein"].obsm["E"] = mdata["protein"].obsm["nonspatial_factors"]
    own = tl.variance_recovered(mdata, "protein:E", block="nonspatial", copy=True)
    np.testing.assert_allclose(own["score"], 1, atol=1e-6)
    mdata["rna"].obsm["E"] = mdata["protein"].obsm["E"]
    assert tl.variance_recovered(mdata, "rna:E", block="nonspatial")["score"].max() < 0.2
    assert_frame_equal(tl.variance_recovered(mdata["protein"], "E", block="nonspatial"), own)
    mdata.obsm["E"] = mdata["protein"].obsm["E"]
    with pytest.raises(KeyError, match="it belongs to modalities, take one of 'rna', 'protein'"):
        tl.variance_recovered(mdata, "E", block="nonspatial")


def test_kinds_and_leakage_of_other_blocks(mdata) -> None:
    table = tl.factor_kind(mdata, "rna:E", kinds=["private_rna"] * 3, block="cell_type")
    assert table["kind"].tolist() == ["private_rna"] * 3 and table["accuracy"].tolist() == [1] * 3
    leakage = tl.factor_leakage(mdata, "rna:E", shared_key="rna:E4", block="cell_type")
    assert leakage["kind"].tolist() == ["private"] * 3
    result = metrics.factor_leakage(
        mdata["rna"].obsm["E4"],
        mdata["rna"].obsm["E"],
        np.zeros((N, 0)),
        mdata["rna"].obsm["cell_type_factors"],
    )
    np.testing.assert_allclose(leakage["in_private"], result.private_in_private, atol=1e-6)


def test_loadings_of_other_blocks(mdata) -> None:
    rna = mdata["rna"]
    rna.varm["W"] = rna.varm["cell_type_loadings"][:, [2, 0, 1]] * [1, -1, 1]  # the sign of the factor's estimate
    table = tl.loading_recovery(mdata, "rna:E", loadings_key="W", block="cell_type")
    assert table["auroc"].tolist() == [1, 1, 1]
    assert table["support_size"].tolist() == (rna.varm["cell_type_loadings"] != 0).sum(axis=0).tolist()
    clustering = tl.loadings_clustering(mdata, "rna:W", block="cell_type")["score"].to_dict()
    expected = metrics.loadings_clustering(rna.varm["W"], rna.varm["cell_type_loadings"])
    assert clustering == {name: expected[name] for name in clustering} and len(clustering) == 2
    recovery = tl.factor_recovery(mdata, "rna:E", loadings_key="W", block="cell_type", n_chance=0)
    assert recovery["loading_correlation"].abs().min() > 1 - 1e-6


@pytest.mark.parametrize("world", ["types", "everything"])
def test_agreement_with_any_label(world) -> None:
    mdata = made(world)
    rng = np.random.default_rng(1)
    rna = mdata["rna"]
    rna.obs["guess"] = np.where(rng.random(rna.n_obs) < 0.3, "z", rna.obs["cell_type"].astype(str))
    table = tl.domain_agreement(mdata, "rna:guess", label="cell_type")
    labels, truth = rna.obs["guess"].tolist(), rna.obs["cell_type"].tolist()
    assert table.loc["ari", "score"] == pytest.approx(metrics_labels.adjusted_rand(labels, truth))
    assert table.loc["mi", "score"] == pytest.approx(metrics_labels.mutual_information(labels, truth))
    assert table.loc["mi", "ceiling"] == pytest.approx(metrics_labels.mutual_information(truth, truth))
    assert (table["ceiling"].drop(["mi", "n"]) == 1).all()
    assert list(table) == ["score", "ceiling", "chance", "null"]  # cell types have no background
    groups = rna.obs["slice"].to_numpy() if world == "everything" else None
    chance = metrics.domain_chance(labels, truth, rna.obsm["spatial"], groups=groups)
    assert table["chance"].to_dict() == pytest.approx(chance)


def test_agreement_with_what_an_experimenter_knows(mdata) -> None:
    mdata.obs["guess"] = mdata.obs["slice"].astype(str)
    assert tl.domain_agreement(mdata, "guess", label="slice").loc["ari", "score"] == 1


def test_a_label_with_a_background_has_a_foreground(mdata) -> None:
    for part in (mdata, mdata["rna"]):
        part.obs["cell_type"] = part.obs["cell_type"].cat.rename_categories({"type_1": "background"})
    table = tl.domain_agreement(mdata, "rna:guess", label="cell_type")
    inside = (mdata.obs["cell_type"] != "background").to_numpy()
    labels, truth = mdata["rna"].obs["guess"][inside].tolist(), mdata.obs["cell_type"][inside].tolist()
    assert table.loc["ari", "foreground"] == pytest.approx(metrics_labels.adjusted_rand(labels, truth))
    assert table.loc["ari", "foreground_ceiling"] == 1


def test_continuity_beside_any_label(mdata) -> None:
    table = tl.domain_continuity(mdata, "rna:guess", label="cell_type")
    rna = mdata["rna"]
    points, groups = rna.obsm["spatial"].tolist(), rna.obs["slice"].tolist()
    for column, labels in (("score", rna.obs["guess"]), ("truth", rna.obs["cell_type"])):
        expected = metrics_space.mean_of_groups(metrics_space.chaos, groups, labels.tolist(), points)
        assert table.loc["chaos", column] == pytest.approx(expected)


def test_purity_of_any_label(mdata) -> None:
    table = tl.neighborhood_purity(mdata, "rna:E", label="cell_type", n_neighbors=5, n_chance=3)
    rna = mdata["rna"]
    expected = metrics_space.mean_of_groups(
        lambda embedding, labels: metrics_space.purity(embedding, labels, 5),
        rna.obs["slice"].tolist(),
        rna.obsm["E"].tolist(),
        rna.obs["cell_type"].tolist(),
    )
    assert table["score"].tolist() == [pytest.approx(expected)] and list(table.index) == ["all"]


def test_without_places_chance_is_a_permutation(mdata) -> None:
    for part in (mdata, *mdata.mod.values()):
        del part.obsm["spatial"]
    factors = tl.factor_recovery(mdata, "rna:E", block="cell_type")
    labels = tl.domain_agreement(mdata, "rna:guess", label="cell_type")
    assert set(factors["null"]) == set(labels["null"]) == {"permutation"}
    assert factors["chance"].max() < 0.2 and labels.loc["ari", "chance"] == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("name", ["factor_recovery", "loading_recovery", "factor_kind", "evaluate"])
def test_shuffled_blind_copies_score_the_same_against_any_block(mdata, name) -> None:
    expected = BLOCKS[name](mdata, block="cell_type", copy=True)
    with without_pulling():
        blind = sps.get.without_truth(mdata)[np.random.default_rng(3).permutation(N)].copy()
    assert_frame_equal(BLOCKS[name](blind, block="cell_type", truth=mdata), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", LABELS)
def test_shuffled_blind_copies_score_the_same_against_any_label(mdata, name) -> None:
    expected = LABELS[name](mdata, label="cell_type", copy=True)
    with without_pulling():
        blind = sps.get.without_truth(mdata)[np.random.default_rng(3).permutation(N)].copy()
    assert_frame_equal(LABELS[name](blind, label="cell_type", truth=mdata), expected, rtol=1e-6, atol=1e-9)


def test_evaluate_of_any_block_and_label(mdata) -> None:
    table = tl.evaluate(mdata, ["rna:E", "rna:guess"], block="cell_type", label="cell_type")
    cells = table.set_index(["key", "score", "target"])["value"]
    types = list(mdata.obs["cell_type"].cat.categories)
    recovery = tl.factor_recovery(mdata, "rna:E", block="cell_type")["score"]
    assert [cells["rna:E", "factor_recovery", name] for name in types] == recovery.tolist()
    agreement = tl.domain_agreement(mdata, "rna:guess", label="cell_type")
    assert cells["rna:guess", "ari", "cell_type"] == agreement.loc["ari", "score"]
    assert set(table["target"]) == {*types, "factors", "cell_type", "space"}
    # Clusters as an embedding: the best partition is the label of that name.
    indicators = table[(table["key"] == "rna:guess") & (table["score"] == "variance_recovered")]
    np.testing.assert_allclose(indicators["ceiling"], 1)
    unseen = tl.evaluate(mdata, ["rna:guess"], block="nonspatial", label="cell_type", scores=["factor_recovery"])
    assert unseen["ceiling"].isna().all()  # factors that no label makes


def test_evaluate_names_scores_and_keys(mdata) -> None:
    table = tl.evaluate(mdata, ["rna:E", "rna:guess"], scores=["ari", "factor_recovery"])
    assert set(table["score"]) == {"ari", "factor_recovery"}
    with pytest.raises(KeyError, match=r"keys: 'rna:E': block: no 'cell_typ' .*did you mean 'cell_type'"):
        tl.evaluate(mdata, ["rna:E"], block="cell_typ")
    with pytest.raises(KeyError, match=r"keys: 'rna:E': label: no 'cell_typ'; .*did you mean 'cell_type'"):
        tl.evaluate(mdata, ["rna:E"], label="cell_typ")


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


def test_joined_objects_keep_their_labels(mdata) -> None:
    import anndata

    parts = [mdata["rna"].copy() for _ in range(2)]
    parts[1].uns["spsim"] = {**parts[1].uns["spsim"], "params": "of another object"}
    joined = anndata.concat(dict(zip("ab", parts, strict=True)), label="run", index_unique="-", uns_merge="same")
    joined.obs["both"] = joined.obs["run"].astype(str) + joined.obs["slice"].astype(str)
    twice = tl.domain_agreement(joined, "guess", label="cell_type", groups="both")
    once = tl.domain_agreement(mdata["rna"], "guess", label="cell_type")
    assert twice.loc["homogeneity", "score"] == pytest.approx(once.loc["homogeneity", "score"])


def test_what_fits_no_label_is_refused(mdata) -> None:
    with pytest.raises(ValueError, match=r"visible says which factors make the domains; label='cell_type'"):
        tl.domain_agreement(mdata, "rna:guess", label="cell_type", visible=["block_1"])
    mdata.obs["cell_type"] = mdata.obs["cell_type"].where(np.arange(N) > 2)
    with pytest.raises(ValueError, match="label 'cell_type' must say what each spot is, but 3 of 300 have none"):
        tl.domain_agreement(mdata, "rna:guess", label="cell_type")
    with pytest.raises(KeyError, match="label: no 'program'; there are 'slice', 'domain', 'cell_type'"):
        tl.domain_continuity(mdata, "rna:guess", label="program")


def test_truth_is_not_offered_as_a_result(mdata) -> None:
    with pytest.raises(KeyError, match=r"^\"obsm: no 'X'; there are 'rna:E', 'rna:E4', 'protein:E'\"$"):
        tl.factor_recovery(mdata, "X")
    with pytest.raises(KeyError, match=r"^\"obs of modality 'rna': no 'gues'; there are 'guess' \(did you mean"):
        tl.domain_agreement(mdata, "rna:gues")
    with pytest.raises(KeyError, match=r"varm of modality 'rna': no 'V'; there are 'W'\"$"):
        tl.loadings_clustering(mdata, "rna:V")
    # It can be scored, though, as a check of the score.
    assert tl.factor_recovery(mdata, "rna:spatial_factors")["score"].tolist() == pytest.approx([1] * 4)


def ranking_of(rna, seed: int = 0):
    rna.var["score"] = np.random.default_rng(seed).random(rna.n_vars)
    return tl.svg_detection(rna, "score", copy=True)


def test_spatially_variable_is_what_loads_on_a_spatial_block() -> None:
    markers = {"name": "Markers", "share": 0.4}
    features = {"name": "rna", "n_spatial": 10, "n_nonspatial": 40, "n_flat": 10, "loadings": {"cell_type": markers}}
    types = {"cell_type": {"name": "CellTypes", "by": "domain"}}
    rna = sps.simulate(sps.Scenario(n_side=10, factors=types, modalities=[features]), rng=1)["rna"]
    loads = np.array(
        [
            any(value != 0 for key in ("spatial_loadings", "cell_type_loadings") for value in rna.varm[key][j])
            for j in range(rna.n_vars)
        ]
    )
    kinds = rna.var["kind"].to_numpy()
    assert loads[kinds == "spatial"].all() and not loads[kinds == "flat"].any()
    assert 0 < loads[kinds == "nonspatial"].sum() < 40  # some are markers of cell types, which lie in domains
    table = ranking_of(rna)
    expected = metrics.svg_detection(rna.var["score"].to_numpy(), loads)
    assert table["score"].drop("n_untested").to_dict() == pytest.approx({k: v for k, v in expected.items() if k != "n"})


@pytest.mark.parametrize(
    "made_of",
    [
        {"n_spatial": 12, "n_mixed": 9, "n_nonspatial": 20},
        {"n_spatial": 12, "n_nonspatial": 20, "active_factors": [1]},
        {"n_mixed": 12, "n_nonspatial": 20, "expression_mean": 0.5},
        {"n_spatial": 12, "n_mixed": 9, "n_nonspatial": 20, "link": "log", "background_mean": 1.0},
    ],
)
def test_with_two_blocks_it_is_the_kind_that_decides(made_of) -> None:
    rna = sps.datasets.multiomics([{"name": "rna", **made_of}], n_side=8)["rna"]
    by_kind = (rna.var["kind"] != "nonspatial").to_numpy()
    table = ranking_of(rna)
    assert table.loc["auroc", "score"] == metrics.svg_detection(rna.var["score"].to_numpy(), by_kind)["auroc"]
    assert table.loc["n_spatial", "score"] == by_kind.sum()


def test_flat_features_do_not_vary_in_space() -> None:
    rna = sps.datasets.multiomics([{"name": "rna", "n_spatial": 10, "n_flat": 15, "n_nonspatial": 5}], n_side=8)["rna"]
    assert ranking_of(rna).loc["n_spatial", "score"] == 10


def test_what_has_no_loading_does_not_vary_whatever_its_kind() -> None:
    null = sps.datasets.quilt(8, n_spatial=5, n_nonspatial=5, expression_mean=0)["rna"]
    assert set(null.var["kind"]) == {"spatial", "nonspatial"}
    with pytest.raises(ValueError, match="svg_detection needs features of both kinds, .*, got 0 spatial of 10"):
        ranking_of(null)
    none = sps.datasets.quilt(8, n_spatial=5, n_mixed=7, spatial_fraction=0.0)["rna"]
    assert ranking_of(none).loc["n_spatial", "score"] == 5


def test_kinds_decide_where_a_join_lost_the_record() -> None:
    rna = sps.datasets.multiomics([{"name": "rna", "n_spatial": 10, "n_flat": 15}], n_side=8)["rna"]
    expected = ranking_of(rna)
    del rna.uns["spsim"]
    assert_frame_equal(ranking_of(rna), expected)


def test_features_of_several_modalities_are_found_by_name(mdata) -> None:
    mdata["protein"].var["score"] = np.arange(9.0)
    blind = sps.get.without_truth(mdata)
    reason = "got 9 spatial of 9"  # all are mixed
    with pytest.raises(ValueError, match=reason):
        tl.svg_detection(blind, "protein:score", truth=mdata)
    rna = blind["rna"]
    rna.uns["t"] = pd.DataFrame({"I": np.arange(38.0)}, index=rna.var_names)
    by_name = tl.svg_detection(rna[:, ::-1].copy(), "t", truth=mdata)
    alone = tl.svg_detection(rna, "t", truth=mdata["rna"])
    assert_frame_equal(by_name, alone)
