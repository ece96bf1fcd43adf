"""Warped slices: how far and how smoothly spots are displaced."""

from __future__ import annotations

import numpy as np
import pytest

from slice_worlds import is_near, made
from spsim.designs import Warp


def displacements(seed: int, **fields) -> np.ndarray:
    """Slices × rows × columns × axes."""
    mdata = made(Warp(**fields), n_slices=31, n_side=8, rng=seed)
    moved = (mdata.obsm["spatial"] - mdata.obsm["spatial_true"])[64:]
    return moved.reshape(30, 8, 8, 2)


def matern(distance: float) -> float:
    """Correlation of smoothness 5/2 (Rasmussen & Williams 2006, eq. 4.17)."""
    r = np.sqrt(5) * distance
    return float((1 + r + r**2 / 3) * np.exp(-r))


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    return np.concatenate([displacements(seed, sd=0.8, length=2.0) for seed in range(3)])


def test_spots_are_displaced_as_far_as_said(drawn) -> None:
    squares = (drawn**2).mean(axis=(1, 2))
    assert is_near(squares, 0.8**2)
    assert not is_near(squares, (1.3 * 0.8) ** 2) and not is_near(squares, (0.8 / 1.3) ** 2)
    assert is_near(drawn.mean(axis=(1, 2)), 0.0)


@pytest.mark.parametrize("lag", [1, 3])
def test_neighbours_are_displaced_alike(drawn, lag) -> None:
    products = (drawn[:, :, lag:] * drawn[:, :, :-lag]).mean(axis=(1, 2)) / 0.8**2
    assert is_near(products, matern(lag / 2.0))
    # Another length scale is noticed.
    assert not is_near(products, matern(lag / 4.0)) and not is_near(products, matern(lag / 1.0))


def test_axes_and_slices_are_displaced_independently(drawn) -> None:
    assert is_near((drawn[..., 0] * drawn[..., 1]).mean(axis=(1, 2)), 0.0)
    assert is_near((drawn[:-1] * drawn[1:]).mean(axis=(1, 2)), 0.0)


def test_a_warp_changes_no_count_and_not_the_common_frame() -> None:
    warped, still = made(Warp(sd=2, length=5), turn=30), made(turn=30)
    assert np.array_equal(warped["rna"].X, still["rna"].X)
    assert np.array_equal(warped.obsm["spatial_true"], still.obsm["spatial_true"])
    assert not np.array_equal(warped.obsm["spatial"], still.obsm["spatial"])


def test_twice_the_sd_is_twice_the_displacement() -> None:
    assert np.allclose(displacements(1, sd=2, length=3), 2 * displacements(1, sd=1, length=3), atol=1e-9)
