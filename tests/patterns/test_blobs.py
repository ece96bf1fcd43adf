"""Blobs: how much they cover, how soft they are."""

from __future__ import annotations

import numpy as np
import pytest

from spsim._random import seed_sequence, stream
from spsim.patterns import Blobs, Grid, Uniform

LAYOUT = stream(seed_sequence(0), "layout")
GRID = Grid(n_rows=60).sites(LAYOUT)
N_SEEDS = 60
SEED = 15  # of a disc in the interior


def drawn(seed=0, sites=GRID, **fields) -> np.ndarray:
    return Blobs(**fields).factors(sites, stream(seed_sequence(seed), "pattern"))


def inner_coverage(**fields) -> tuple[float, float]:
    """Covered share of the spots that lie deeper than a radius, and its standard error, over seeds."""
    inner = (np.abs(GRID.coordinates - 29.5) < 30 - 9).all(axis=1)
    shares = [drawn(seed, n_factors=4, **fields)[inner].__gt__(0.5).mean() for seed in range(N_SEEDS)]
    return float(np.mean(shares)), float(np.std(shares, ddof=1) / np.sqrt(N_SEEDS))


@pytest.mark.parametrize(("radius", "n_blobs"), [(4, 3), (8, 3), (4, 12)])
@pytest.mark.parametrize("border_width", [0.0, 5.0])
def test_coverage_is_that_of_random_discs(radius, n_blobs, border_width) -> None:
    """A place is missed by a disc with probability 1 - π r² / area; within 4.5 standard errors (t, 59: 3e-5)."""
    mean, error = inner_coverage(radius=radius, n_blobs=n_blobs, border_width=border_width)
    expected = 1 - (1 - np.pi * radius**2 / 3600) ** n_blobs
    assert abs(mean - expected) < 4.5 * error
    for wrong in (1 - (1 - np.pi * (1.5 * radius) ** 2 / 3600) ** n_blobs, 1 - (1 - np.pi * radius**2 / 3600)):
        assert abs(mean - wrong) > 4.5 * error


def test_one_disc_has_its_area_and_is_round() -> None:
    fine = Grid(n_rows=400, spacing=0.25).sites(LAYOUT)
    disc = fine.coordinates[drawn(SEED, fine, radius=10, n_factors=1, n_blobs=1)[:, 0] > 0.5]
    assert (disc.min(axis=0) > 5).all() and (disc.max(axis=0) < 95).all()
    assert len(disc) / 16 == pytest.approx(100 * np.pi, rel=0.02)
    assert np.hypot(*(disc - disc.mean(axis=0)).T).max() == pytest.approx(10, abs=0.3)


@pytest.mark.parametrize("border_width", [2.0, 6.0])
def test_the_border_width_is_the_ring_over_which_a_disc_fades(border_width) -> None:
    fine = Grid(n_rows=400, spacing=0.25).sites(LAYOUT)
    soft = drawn(SEED, fine, radius=10, n_factors=1, n_blobs=1, border_width=border_width)[:, 0]
    centre = fine.coordinates[soft == 1].mean(axis=0)
    assert (centre > 13).all() and (centre < 87).all()
    distance = np.hypot(*(fine.coordinates - centre).T)
    fading = distance[(soft > 0) & (soft < 1)]
    assert np.ptp(fading) == pytest.approx(border_width, abs=0.4)
    assert fading.mean() == pytest.approx(10, abs=0.4)
    sharp = drawn(SEED, fine, radius=10, n_factors=1, n_blobs=1)[:, 0]
    assert set(sharp.tolist()) == {0.0, 1.0} and np.array_equal(soft > 0.5, sharp > 0.5)


def test_blobs_are_the_union_of_fewer_and_lie_anywhere() -> None:
    few, many = (drawn(radius=5, n_blobs=n) for n in (2, 5))
    assert (few <= many).all() and (few < many).any(axis=0).all()
    sites = Uniform(n_spots=400, width=36, height=36).sites(LAYOUT)
    hits = np.mean([drawn(seed, sites, radius=6, n_factors=1) for seed in range(300)], axis=0)[:, 0]
    inner = ((sites.coordinates > 6) & (sites.coordinates < 30)).all(axis=1)
    left, right = (hits[inner & side].mean() for side in (sites.coordinates[:, 0] < 18, sites.coordinates[:, 0] > 18))
    assert left == pytest.approx(right, abs=0.05)
