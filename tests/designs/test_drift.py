"""Boundaries that differ between sections: how far they drift, and that coordinates stay."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from slice_worlds import RAMPS, is_near, made
from spsim.designs import Drift, Warp


def drifts(seed: int, **fields) -> np.ndarray:
    """How far from its place a spot of the middle of a 24 × 24 grid is looked up, read off ramps over the tissue."""
    mdata = made(Drift(**fields), n_slices=21, n_side=24, rng=seed, pattern=RAMPS)
    seen = mdata.obsm["spatial_factors"].astype(float) * 24 - 0.5
    moved = (seen - mdata.obsm["spatial_true"])[576:].reshape(20, 24, 24, 2)
    return moved[:, 8:16, 8:16]


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    return np.concatenate([drifts(seed, sd=1.0, length=3.0) for seed in range(3)])


def test_structures_drift_as_far_as_said(drawn) -> None:
    squares = (drawn**2).mean(axis=(1, 2))
    assert is_near(squares, 1.0)
    assert not is_near(squares, 1.4**2) and not is_near(squares, 1 / 1.4**2)


def test_structures_drift_smoothly(drawn) -> None:
    products = (drawn[:, :, 3:] * drawn[:, :, :-3]).mean(axis=(1, 2))
    r = np.sqrt(5)
    assert is_near(products, (1 + r + r**2 / 3) * np.exp(-r))
    assert not is_near(products, (1 + 2 * r + 4 * r**2 / 3) * np.exp(-2 * r))


def test_coordinates_do_not_drift() -> None:
    drifted, still = made(Drift(sd=1.5, length=4), turn=30), made(turn=30)
    for key in ("spatial", "spatial_true"):
        assert np.array_equal(drifted.obsm[key], still.obsm[key])
    assert (drifted.obsp["partners"] != still.obsp["partners"]).nnz == 0
    assert not np.array_equal(drifted["rna"].X, still["rna"].X)
    moved = (drifted.obsm["spatial_factors"] != still.obsm["spatial_factors"]).any(axis=1)
    assert not moved[:100].any() and moved[100:].any()
    assert np.array_equal(drifted["rna"].X[~moved], still["rna"].X[~moved])


def test_boundaries_of_perfectly_aligned_slices_differ_by_drift_and_not_by_warp() -> None:
    def share(*motions) -> float:
        """Of partners, how many are of one domain: over 3 seeds."""
        shares = []
        for seed in range(3):
            mdata = made(*motions, n_side=24, rng=seed)
            pairs = mdata.obsp["partners"].tocoo()
            domain = mdata.obs["domain"].to_numpy()
            shares.append(float(np.mean(domain[pairs.row] == domain[pairs.col])))
        return min(shares)

    assert share(Warp(sd=1.5)) == 1.0
    assert share(Drift(sd=1.5)) < 0.97


def test_structures_never_drift_off_the_tissue() -> None:
    mdata = made(Drift(sd=30, length=4), pattern=RAMPS)
    assert 0 <= sps.get.factors(mdata).to_numpy().min() and sps.get.factors(mdata).to_numpy().max() <= 1
