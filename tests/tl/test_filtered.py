"""Filtered objects: what is scored against is the truth, not what is left of it."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from spsim import metrics, tl

RNG = np.random.default_rng(0)
N = 144


@pytest.fixture
def blind(whole):
    """A blind copy that lost every second spatial feature, in another order."""
    names = whole["rna"].var_names
    kept = [*names[:40:2], *names[40:]]
    return sps.get.without_truth(whole["rna"])[:, kept[::-1]].copy()


def lost(whole, blind):
    return ~whole["rna"].var_names.isin(blind.var_names)


def test_lost_features_are_untested(whole, blind) -> None:
    found = [name in whole["rna"].var_names[:40] for name in blind.var_names]
    table = pd.DataFrame({"I": found, "pval_norm": np.where(found, 1e-6, 0.5)}, index=blind.var_names)
    scores = {}
    for name, data in (("filtered", blind), ("whole", whole["rna"].copy())):
        data.uns["moranI"] = table
        scores[name] = tl.svg_detection(data, "moranI", truth=whole)
        evaluated = tl.evaluate(data, ["moranI"], truth=whole["rna"]).set_index("score")["value"]
        assert evaluated["auroc"] == evaluated["tpr"] == 0.5
    assert_frame_equal(scores["filtered"], scores["whole"])
    assert scores["filtered"].loc[["auroc", "tpr", "n_untested"], "score"].tolist() == [0.5, 0.5, 20]
    assert set(scores["filtered"]["n"]) == {80}
    blind.var["column"] = np.arange(60.0)
    assert tl.svg_detection(blind, "column", truth=whole).loc["n_untested", "score"] == 20


def test_lost_features_have_no_loadings(whole, blind) -> None:
    absent = lost(whole, blind)
    zeros = np.where(absent[:, None], 0, whole["rna"].varm["W_spatial"])
    factors, truth = whole["rna"].obsm["spatial_factors"], whole["rna"].varm["spatial_loadings"]
    table = tl.loading_recovery(blind, "X_spatial", loadings_key="W_spatial", truth=whole)
    expected = metrics.loading_recovery(zeros * factors.sum(axis=0), truth, match=range(4))
    for name in ("auroc", "average_precision", "precision_at_support", "support_size"):
        np.testing.assert_allclose(table[name], getattr(expected, name))
    assert (table["auroc"] < 1).all() and set(table["assignment_accuracy"]) == {0.5} and set(table["n"]) == {80}
    recovery = tl.factor_recovery(blind, "X_spatial", loadings_key="W_spatial", truth=whole, n_chance=0)
    expected = metrics.factor_recovery(factors, factors, loadings=zeros, true_loadings=truth).loading_correlation
    np.testing.assert_allclose(recovery["loading_correlation"], expected)
    clusters = tl.loadings_clustering(blind, "W_spatial", truth=whole)
    expected = metrics.loadings_clustering(zeros, truth)
    assert clusters["score"].to_dict() == {name: expected[name] for name in clusters.index}
    assert set(clusters["n"]) == {80} and clusters.loc["ari_main_factor", "score"] < 1


def test_lost_features_have_no_share_no_mask_and_no_mean(whole, blind) -> None:
    absent, names = lost(whole, blind), whole["rna"].var_names
    keys = {"loadings_key": "W_spatial", "nonspatial_key": "X_other", "nonspatial_loadings_key": "W_other"}
    table = tl.spatial_importance(blind, "X_spatial", truth=whole, **keys)
    assert list(table.index) == list(names) and (table.loc[~absent, "difference"] == 0).all()
    assert (table.loc[absent, "score"] == 0).all() and table.loc[absent, "difference"].sum() == 20

    mask = sps.get.foreground_mask(whole["rna"]).to_numpy()
    expected = metrics.foreground_detection(mask * ~absent, mask)
    assert tl.foreground_detection(blind, "p", truth=whole)["score"].to_dict() == pytest.approx(expected)

    mean = sps.get.mean(whole["rna"]).to_numpy()
    for shape in (None, np.arange(1.0, 61)):
        table = tl.reconstruction(blind, "denoised", truth=whole, shape=shape)
        features = blind.uns["denoised_reconstruction_features"]
        assert list(features.index) == list(names) and set(table["n_features"]) == {80}
        for name in ("d2_poisson", "pearson"):
            known = features.loc[~features["constant"], name]
            np.testing.assert_allclose(known, (~absent[~features["constant"]]).astype(float), atol=1e-6)
    filled = np.where(absent, mean.mean(axis=0), mean)
    assert table.loc["d2_poisson", "score"] == pytest.approx(metrics.reconstruction(filled, mean).overall["d2_poisson"])
    assert table.loc["d2_poisson", "score"] < 1


def test_other_modalities_do_not_count(mdata) -> None:
    blind = sps.get.without_truth(mdata)
    for name, part in (("rna", blind["rna"][:, :30]), ("protein", blind["protein"])):
        part = part.copy()
        part.var["score"] = np.arange(part.n_vars, dtype=float)
        if name == "rna":
            assert set(tl.svg_detection(part, "score", truth=mdata)["n"]) == {60}
        else:
            with pytest.raises(ValueError, match="got 30 spatial of 30"):
                tl.svg_detection(part, "score", truth=mdata)
    stranger = blind["rna"].copy()
    stranger.var_names = ["x", *stranger.var_names[1:]]
    stranger.var["score"] = 1.0
    with pytest.raises(ValueError, match="truth has no feature for 1 of 60 names of the estimate, among them 'x'"):
        tl.svg_detection(stranger, "score", truth=mdata)
    twice = pd.DataFrame({"I": [1.0, 2.0]}, index=[blind["rna"].var_names[0]] * 2)
    blind["rna"].uns["t"] = twice
    with pytest.raises(ValueError, match="features of the table must be unique to be aligned, got 'rna_0'"):
        tl.svg_detection(blind, "rna:t", truth=mdata)


SCORES_OF_FEATURES = {
    "svg_detection": lambda a: tl.svg_detection(a, "score"),
    "evaluate": lambda a: tl.evaluate(a, ["moranI"]),
    "loading_recovery": lambda a: tl.loading_recovery(a, "X_spatial", loadings_key="W_spatial"),
    "factor_recovery": lambda a: tl.factor_recovery(a, "X_spatial", loadings_key="W_spatial", n_chance=0),
    "loadings_clustering": lambda a: tl.loadings_clustering(a, "W_spatial"),
    "reconstruction": lambda a: tl.reconstruction(a, "denoised"),
    "foreground_detection": lambda a: tl.foreground_detection(a, "p"),
    "spatial_importance": lambda a: tl.spatial_importance(
        a,
        "X_spatial",
        loadings_key="W_spatial",
        nonspatial_key="X_other",
        nonspatial_loadings_key="W_other",
    ),
}


@pytest.mark.parametrize("name", SCORES_OF_FEATURES)
def test_a_truth_that_lost_features_says_so(whole, name) -> None:
    rna = whole["rna"][:, ::2].copy()
    rna.uns["moranI"] = pd.DataFrame({"I": RNG.random(40), "pval_norm": RNG.random(40)}, index=rna.var_names)
    message = "the truth of modality 'rna' has 40 of the 80 features that were simulated.*pass truth= the whole object"
    with pytest.warns(UserWarning, match=message) as caught:
        SCORES_OF_FEATURES[name](rna)
    lost = [warning for warning in caught if "were simulated" in str(warning.message)]
    assert len(lost) == 1 and lost[0].filename == __file__
    with warnings.catch_warnings(action="error", category=UserWarning):
        # That flat features vary once rows are normalised is another matter.
        warnings.filterwarnings("ignore", "features that are not spatial have a share")
        rna = whole["rna"][RNG.permutation(N)[:100], RNG.permutation(80)].copy()  # fewer spots, all features
        rna.uns["moranI"] = pd.DataFrame({"I": RNG.random(80), "pval_norm": RNG.random(80)}, index=rna.var_names)
        SCORES_OF_FEATURES[name](rna)


def test_scores_of_spots_need_no_features(whole) -> None:
    rna = whole["rna"][:, :5].copy()
    with warnings.catch_warnings(action="error", category=UserWarning):
        assert tl.factor_recovery(rna, "X_spatial")["score"].min() == pytest.approx(1)
