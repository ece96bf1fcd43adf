"""The numbers of tl are those of metrics."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from spsim import metrics, tl

RNG = np.random.default_rng(0)
N = 144


def truth_of(mdata):
    return mdata.obsm["spatial_factors"], mdata.obs["domain"].to_numpy(), mdata.obsm["spatial"]


def test_numbers_of_the_embedding(mdata) -> None:
    estimate, (truth, domains, places) = mdata.obsm["X_guess"], truth_of(mdata)
    options = {"n_chance": 9, "rng": 4}
    table = tl.factor_recovery(mdata, "X_guess", **options)
    chance = metrics.factor_chance(estimate, truth, places, n_draws=9, rng=4)
    assert np.allclose(table["chance"], chance.mean) and np.allclose(table["chance_p95"], chance.p95)
    assert np.allclose(table["variance_recovered"], metrics.variance_recovered(estimate, truth))
    assert (table["ceiling"] == 1).all() and (table["n"] == N).all()
    stored = mdata.uns["X_guess_factor_recovery_correlation"]
    assert np.allclose(stored, metrics.factor_recovery(estimate, truth).correlation)
    assert list(stored.columns) == ["0", "1", "2", "3"] and list(stored.index) == list(table.index)

    table = tl.variance_recovered(mdata, "X_guess", **options)
    nulls = list(metrics.smooth_null(estimate, places, n_draws=9, rng=4))
    chance = metrics.chance_level(lambda null: metrics.variance_recovered(null, truth), nulls)
    assert np.allclose(table["score"], metrics.variance_recovered(estimate, truth))
    assert np.allclose(table["chance"], chance.mean) and np.allclose(table["chance_p95"], chance.p95)

    table = tl.subspace_angles(mdata, "X_guess", **options)
    assert np.allclose(table["score"], metrics.subspace_angles(estimate, truth))
    assert np.allclose(table["chance"], np.mean([metrics.subspace_angles(null, truth) for null in nulls], axis=0))
    assert (table["ceiling"] == 0).all()

    table = tl.amari_error(mdata, "X_guess", **options)
    assert table.loc["amari_error", "score"] == metrics.amari_error(estimate, truth)
    assert table.loc["amari_error", "chance"] == pytest.approx(np.mean([metrics.amari_error(e, truth) for e in nulls]))

    table = tl.pairwise_distance_correlation(mdata, "X_guess", n_sampled=50, n_chance=0)
    assert table["score"].iloc[0] == metrics.pairwise_distance_correlation(estimate, truth, n_sampled=50)
    assert list(table) == ["score", "n"] and table["n"].iloc[0] == 50

    table = tl.neighborhood_purity(mdata, "X_guess", n_neighbors=9)
    foreground = domains != "background"
    assert table.loc["all", "score"] == metrics.neighborhood_purity(estimate, domains, n_neighbors=9)
    expected = metrics.neighborhood_purity(estimate, domains, n_neighbors=9, foreground=foreground)
    assert table.loc["foreground", "score"] == expected and table["n"].tolist() == [N, foreground.sum()]


def test_numbers_of_neighbours_in_each_modality(mdata) -> None:
    table = tl.neighborhood_jaccard(mdata, "X_guess", reference_key="X_pca", n_neighbors=9, n_sampled=70)
    for name, adata in mdata.mod.items():
        expected = metrics.neighborhood_jaccard(mdata.obsm["X_guess"], adata.obsm["X_pca"], n_neighbors=9, n_sampled=70)
        assert table.loc[name, "score"] == expected and table.loc[name, "n"] == 70
    one = tl.neighborhood_jaccard(mdata, "X_guess", reference_key="rna:X_pca", n_neighbors=9, n_sampled=70)
    assert_frame_equal(one, table.loc[["rna"]])
    with pytest.raises(KeyError, match="reference_key in obsm: no 'X_pc'; there are 'X_guess', 'rna:X_own'"):
        tl.neighborhood_jaccard(mdata, "X_guess", reference_key="X_pc")
    with pytest.raises(KeyError, match="must be a key of the modalities"):
        tl.neighborhood_jaccard(mdata, "X_guess", reference_key="X_guess")


def test_numbers_of_labels(mdata) -> None:
    labels, (_, domains, places) = mdata.obs["guess"], truth_of(mdata)
    table = tl.domain_agreement(mdata, "guess", visible=["block_1", "block_3"], n_chance=7, rng=2)
    foreground = domains != "background"
    ceiling = metrics.domain_ceiling(domains, {"block_1", "block_3"}, background="background")
    assert table["ceiling"].to_dict() == pytest.approx(ceiling)
    inside = metrics.domain_ceiling(domains, {"block_1", "block_3"}, background="background", foreground=foreground)
    assert table["foreground_ceiling"].to_dict() == pytest.approx(inside)
    chance = metrics.domain_chance(labels, domains, places, n_draws=7, rng=2)
    assert table["chance"].to_dict() == pytest.approx(chance)

    table = tl.domain_continuity(mdata, "guess")
    expected = metrics.domain_continuity(labels, domains, places)
    for name in ("chaos", "pas", "moran", "geary"):
        assert table.loc[name].tolist() == pytest.approx([expected[name], expected[f"{name}_truth"], N])


def test_renamed_clusters_score_the_same(mdata) -> None:
    before = tl.domain_agreement(mdata, "guess", copy=True)
    mdata.obs["guess"] = mdata.obs["guess"].astype("category").cat.codes.map(lambda code: (7 * code) % 13)
    assert_frame_equal(tl.domain_agreement(mdata, "guess", copy=True), before)


def test_numbers_of_loadings(mdata) -> None:
    rna, truth = mdata["rna"], mdata["rna"].varm["spatial_loadings"]
    factors = metrics.factor_recovery(rna.obsm["X_own"], mdata.obsm["spatial_factors"])
    scaled = rna.varm["W_own"] * rna.obsm["X_own"].sum(axis=0)
    expected = metrics.loading_recovery(scaled, truth, match=factors.match, sign=factors.sign)
    table = tl.loading_recovery(mdata, "rna:X_own", loadings_key="W_own")
    for name in ("auroc", "average_precision", "precision_at_support", "support_size", "scored"):
        assert np.array_equal(table[name], getattr(expected, name), equal_nan=True), name
    assert table["assignment_accuracy"].iloc[0] == expected.assignment_accuracy
    assert (table["support_share"] == table["support_size"] / 60).all() and (table["match"] == factors.match).all()

    expected = metrics.loadings_clustering(rna.varm["W_own"], truth)
    table = tl.loadings_clustering(mdata, "rna:W_own")
    assert table["score"].to_dict() == {name: expected[name] for name in ("ari", "ari_main_factor")}


def test_numbers_of_blocks(mdata) -> None:
    truth = mdata.obsm["spatial_factors"]
    blocks = mdata.obsm["X_guess"], mdata["rna"].obsm["X_own"], truth[:, [1]], truth[:, [0, 3]]
    expected = metrics.factor_leakage(*blocks, n_folds=4, rng=2)
    table = tl.factor_leakage(mdata, "rna:X_own", shared_key="X_guess", n_folds=4, rng=2)
    assert list(table.index) == ["block_2", "block_1", "block_4"]
    private, shared = (table[table["kind"] == kind] for kind in ("private", "shared"))
    assert private["leak"].mean() == pytest.approx(expected.into_shared) and private["leak"].mean() > 0.3
    assert shared["leak"].mean() == pytest.approx(expected.into_private)
    assert np.array_equal(private["in_private"], expected.private_in_private)
    assert np.array_equal(private["floor"], expected.private_floor)
    with pytest.raises(ValueError, match="must lie in one modality, as in 'modality:X_guess'.* 'rna', 'protein'"):
        tl.factor_leakage(mdata, "X_guess", shared_key="X_guess")


def test_numbers_of_kinds(mdata) -> None:
    mdata.obsm["X_five"] = np.column_stack([mdata.obsm["spatial_factors"][:, [1, 0, 2, 3]], RNG.random((N, 2))])
    kinds = ["shared", "private_rna", "private_rna", "shared", "shared", "background"]
    table = tl.factor_kind(mdata, "X_five", kinds=kinds)
    true_kinds = ["private_rna", "shared", "private_protein", "private_rna"]
    expected = metrics.factor_kind(kinds, true_kinds, match=[1, 0, 2, 3])
    assert table["kind"].tolist() == [*true_kinds, "", ""]
    assert table["estimated_kind"].tolist() == [
        "private_rna",
        "shared",
        "private_rna",
        "shared",
        "shared",
        "background",
    ]
    assert table["status"].tolist() == ["matched"] * 4 + ["spurious", "unused"]
    assert table["accuracy"].iloc[0] == expected["accuracy"] == 0.5
    assert table["macro_f1"].iloc[0] == expected["macro_f1"] and (table["n"] == 4).all()
    column = pd.Series(kinds, index=[3, 2, 1, 0, 5, 4])
    assert tl.factor_kind(mdata, "X_five", kinds=column).equals(table), "a column of a table is read in its order"
    mdata.obsm["X_noise"] = RNG.random((N, 4))
    assert "lost" in set(tl.factor_kind(mdata, "X_noise", kinds=["shared"] * 4)["status"])
    energies = tl.energy_kinds(mdata, "spatial_factors", loadings_key="spatial_loadings", threshold=0)
    assert energies["kind"].tolist() == true_kinds
    with pytest.raises(ValueError, match=r"kinds must be one per component of 'X_five' \(6\), got 2"):
        tl.factor_kind(mdata, "X_five", kinds=["shared"] * 2)


def test_numbers_of_features(mdata) -> None:
    rna = mdata["rna"]
    estimate = [rna.obsm["X_own"], rna.varm["W_own"], rna.obsm["X_rest"], rna.varm["W_rest"]]
    truth = [
        rna.obsm["spatial_factors"],
        rna.varm["spatial_loadings"],
        rna.obsm["nonspatial_factors"],
        rna.varm["nonspatial_loadings"],
    ]
    shares = metrics.spatial_importance(*estimate), metrics.spatial_importance(*truth)
    table = tl.spatial_importance(
        mdata, "rna:X_own", loadings_key="W_own", nonspatial_key="X_rest", nonspatial_loadings_key="W_rest"
    )
    assert np.allclose(table["score"], shares[0]) and np.allclose(table["truth"], shares[1])
    assert table["difference"].sum() == pytest.approx(metrics.spatial_importance_distance(*shares))

    table = tl.reconstruction(mdata, "rna:denoised", shape=10)
    expected = metrics.reconstruction(rna.layers["denoised"], sps.get.mean(rna), shape=10)
    assert table["score"].to_dict() == expected.overall and table["n_features"].iloc[0] == 60
    features = mdata.uns["rna:denoised_reconstruction_features"]
    assert np.array_equal(features["d2_nb"], expected.per_feature["d2_nb"])
    assert np.array_equal(features["constant"], expected.constant)
    assert table.loc["rmse", "median"] == np.median(expected.per_feature["rmse"][~expected.constant])


def test_numbers_of_squidpys_table(mdata) -> None:
    rna = mdata["rna"]
    spatial = rna.var["kind"].to_numpy() != "nonspatial"
    scores = rna.uns["moranI"].loc[rna.var_names]
    expected = metrics.svg_detection(scores["I"], spatial, p_values=scores["pval_norm"])
    table = tl.svg_detection(mdata, "rna:moranI")
    n = expected.pop("n")
    assert table["score"].drop("n_untested").to_dict() == pytest.approx(expected) and (table["n"] == n).all()
    assert table.loc[["auroc", "average_precision"], "chance"].tolist() == pytest.approx([0.5, 40 / 60])
    curve = mdata.uns["rna:moranI_svg_detection_curve"]
    assert np.allclose(curve, pd.DataFrame(metrics.precision_recall_curve(scores["I"], spatial)))
    assert (
        tl.svg_detection(rna, "score").loc["auroc", "score"]
        == metrics.svg_detection(rna.var["score"], spatial)["auroc"]
    )
