"""Non-negative matrix factorisation gets the factors back, and what is no estimate of them does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scanpy as sc
from sklearn.decomposition import NMF

import spsim as sps


def _fit(counts: Any, n_components: int) -> tuple[np.ndarray, np.ndarray]:
    """Spots and features of KL-NMF. From this start 4 of 200 quilts ended in a local optimum; none of those below."""
    model = NMF(n_components, init="nndsvda", solver="mu", beta_loss="kullback-leibler", max_iter=500)
    return model.fit_transform(counts), model.components_.T


def _nmf(counts: Any, n_components: int) -> np.ndarray:
    return _fit(counts, n_components)[0]


@pytest.fixture(scope="module")
def estimate() -> tuple[np.ndarray, np.ndarray]:
    """Spots and features of four components of the default seed."""
    return _fit(sps.datasets.quilt(n_spatial=200)["rna"].X, 4)


def _scores(estimate: np.ndarray, seed: int = 0) -> np.ndarray:
    """Score an estimate on an object that carries nothing but the truth and this estimate."""
    mdata = sps.datasets.quilt(n_spatial=200, rng=seed)
    mdata.obsm["X_estimate"] = estimate
    return sps.tl.factor_recovery(mdata, "X_estimate")["score"].to_numpy()


@pytest.mark.parametrize("seed", [0, 1])
def test_four_components_recover_the_pure_quilt(seed: int, sparse: bool) -> None:
    """Where the fit is not stuck the minimum is above 0.994 (196 of 200 seeds)."""
    mdata = sps.datasets.quilt(n_spatial=200, sparse=sparse, rng=seed)
    assert _scores(_nmf(mdata["rna"].X, 4), seed).min() > 0.99


def test_no_estimate_does_not(estimate: tuple[np.ndarray, np.ndarray]) -> None:
    """Random columns, and the right ones with spots in another order.

    Correlations of unrelated columns of 1,296 spots have standard deviation 0.028; any of 16 beyond 0.15, above five
    of them, has probability 1e-6.
    """
    rng = np.random.default_rng(0)
    for wrong in (rng.random((1296, 4)), rng.permutation(estimate[0])):
        assert _scores(wrong).max() < 0.15


def test_a_factor_without_component_scores_nothing(estimate: tuple[np.ndarray, np.ndarray]) -> None:
    scores = _scores(estimate[0][:, :3])
    assert sorted(scores > 0.99) == [False, True, True, True]
    assert scores.min() == 0


def test_the_loadings_come_back_with_the_factors(estimate: tuple[np.ndarray, np.ndarray]) -> None:
    rna = sps.datasets.quilt(n_spatial=200)["rna"]
    rna.obsm["X_nmf"], rna.varm["nmf"] = estimate
    table = sps.tl.factor_recovery(rna, "X_nmf", loadings_key="nmf")
    assert table["loading_correlation"].min() > 0.99
    rna.varm["nmf"] = np.random.default_rng(0).permutation(rna.varm["nmf"])
    assert sps.tl.factor_recovery(rna, "X_nmf", loadings_key="nmf")["loading_correlation"].max() < 0.5


def test_a_blind_copy_scores_the_same_in_any_order(estimate: tuple[np.ndarray, np.ndarray]) -> None:
    mdata = sps.datasets.quilt(n_spatial=200)
    blind = sps.get.without_truth(mdata)["rna"]
    blind.obsm["X_nmf"] = estimate[0]
    shuffled = blind[np.random.default_rng(0).permutation(blind.n_obs)].copy()
    expected = _scores(blind.obsm["X_nmf"])
    for result in (blind, shuffled):
        table = sps.tl.factor_recovery(result, "X_nmf", truth=mdata)
        assert np.allclose(table["score"], expected, atol=1e-6)
    with pytest.raises(KeyError, match="was not simulated by spsim, or its truth was taken out"):
        sps.tl.factor_recovery(blind, "X_nmf")


@pytest.mark.slow
def test_library_sizes_carry_the_factors() -> None:
    """Dividing by total counts, as one does with real tissue, takes away part of the simulated signal."""
    mdata = sps.datasets.quilt(n_spatial=200, n_mixed=200, n_nonspatial=200)
    expected_totals = sps.get.mean(mdata["rna"]).sum(axis=1)
    assert np.corrcoef(mdata["rna"].X.sum(axis=1), expected_totals)[0, 1] > 0.98
    normalised = sc.pp.normalize_total(mdata["rna"], copy=True)
    raw_scores, scores = (_mixed_scores(mdata, _nmf(matrix, 7)) for matrix in (mdata["rna"].X, normalised.X))
    assert raw_scores.min() > 0.99
    assert scores.min() < 0.9


def _mixed_scores(mdata: Any, estimate: np.ndarray) -> np.ndarray:
    mdata.obsm["X_estimate"] = estimate
    return sps.tl.factor_recovery(mdata, "X_estimate", copy=True)["score"].to_numpy()
