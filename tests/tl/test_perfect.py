"""The truth, as far as a method sees it, is at its ceiling in every part of an object, and nothing above it."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim import tl

RNG = np.random.default_rng(0)
N = 144


def perfect(mdata, modality: str | None):
    """Results of a perfect method that was given a modality, or all of them."""
    active = sps.get.activity(mdata)
    seen = active.any() if modality is None else active.loc[modality]
    factors = mdata.obsm["spatial_factors"][:, seen.to_numpy()]
    return factors, sps.get.visible_domains(mdata, seen.index[seen]).to_numpy().astype(str)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(8))
def test_a_perfect_method_is_at_its_ceiling_in_every_part(seed) -> None:
    rng = np.random.default_rng(seed)
    rna = {"name": "rna", "n_spatial": 40, "n_nonspatial": 20, "active_factors": [0, 1, 3]}
    protein = {"name": "protein", "n_spatial": 20, "n_nonspatial": 10, "active_factors": [1]}
    m = sps.datasets.multiomics([rna, protein], n_side=12, rng=seed)  # no one sees block_3
    for modality in (None, "rna", "protein"):
        holder = m if modality is None else m[modality]
        holder.obsm["best"], holder.obs["best"] = perfect(m, modality)
    rows = rng.permutation(N)[: rng.integers(20, N + 1)]
    if seed % 2:
        rows = np.flatnonzero(
            (m.obsm["spatial"] - 5.5) @ rng.normal(size=2) > 0
        )  # a half, in which factors are constant
    part = m[rows].copy()
    for modality in (None, "rna", "protein"):
        key = "best" if modality is None else f"{modality}:best"
        table = tl.evaluate(part, [key], n_chance=5, copy=True)
        table = table[~table["score"].isin(["chaos", "pas", "moran", "geary"])]  # whose truth is no bound
        bounded = table[table["ceiling"].notna()]
        gap = (bounded["value"] - bounded["ceiling"]) * np.where(bounded["direction"] == "lower", -1, 1)
        assert (gap <= 1e-9).all(), bounded[gap > 1e-9]
        seen = sps.get.activity(part)
        seen = seen.any() if modality is None else seen.loc[modality]
        reached = bounded[~bounded["target"].isin(seen.index[~seen])]
        assert (gap[reached.index].abs() < 1e-6).all(), reached
        assert bounded["value"].notna().all() and table[table["value"].isna()]["ceiling"].isna().all()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(6))
def test_the_truth_is_perfect_over_any_features(whole, seed) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(N)[: rng.integers(40, N)], rng.permutation(80)[: rng.integers(10, 80)]
    part = whole["rna"][rows, columns].copy()
    loadings = tl.loading_recovery(part, "X_spatial", loadings_key="W_spatial")
    for name in ("auroc", "average_precision", "precision_at_support", "assignment_accuracy", "assignment_ari"):
        np.testing.assert_allclose(loadings[name].dropna(), 1)
    recovery = tl.factor_recovery(part, "X_spatial", loadings_key="W_spatial", n_chance=3)
    np.testing.assert_allclose(recovery[["score", "ceiling", "loading_correlation"]].stack().dropna(), 1)
    clusters = tl.loadings_clustering(part, "W_spatial")["score"].dropna()
    np.testing.assert_allclose(clusters["ari"] if "ari" in clusters else 1, 1)
    rebuilt = tl.reconstruction(part, "denoised")
    np.testing.assert_allclose(rebuilt.loc[["d2_poisson", "pearson"], "score"], 1, atol=1e-6)
    keys = {"loadings_key": "W_spatial", "nonspatial_key": "X_other", "nonspatial_loadings_key": "W_other"}
    shares = tl.spatial_importance(part, "X_spatial", **keys)
    assert (shares["difference"] == 0).all()
    mask = tl.foreground_detection(part, "p")["score"]
    assert mask["auroc"] == 1 and mask["brier"] == 0
    # A truth that lost nothing counts what the estimate lost.
    blind = sps.get.without_truth(part)
    table = tl.loading_recovery(blind, "X_spatial", loadings_key="W_spatial", truth=whole)
    share = np.isin(whole["rna"].var_names[:40], blind.var_names).mean()
    assert set(table["n"]) == {80} and table["assignment_accuracy"].iloc[0] == pytest.approx(share)


def test_types_that_load_on_nothing_are_one_to_a_perfect_method(cells) -> None:
    cells["rna"].varm["cell_type_loadings"][:, :2] = 0
    types = cells["rna"].obs["cell_type"].astype(str)
    seen = sorted(set(types))[2]
    cells["rna"].obs["best"] = np.where(types == seen, seen, "other")
    table = tl.evaluate(cells, ["rna:best"], block="cell_type", label="cell_type", copy=True)
    factors = table[table["score"].isin(["factor_recovery", "variance_recovered"])]
    assert (factors["value"] <= factors["ceiling"] + 1e-9).all()
    reached = factors[factors["target"] == seen]
    np.testing.assert_allclose(reached["value"], reached["ceiling"])
