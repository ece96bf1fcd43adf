"""Jittered and uniform positions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from spsim._random import seed_sequence, stream
from spsim.patterns import Grid, Jittered, Uniform, quilt

SOURCE = stream(seed_sequence(3), "layout")


def test_no_jitter_is_the_grid_exactly() -> None:
    still = Jittered(n_rows=7, n_columns=9, jitter=0, spacing=0.1).sites(SOURCE)
    grid = Grid(n_rows=7, n_columns=9, spacing=0.1).sites(SOURCE)
    for name in ("coordinates", "lower", "upper"):
        assert np.array_equal(getattr(still, name), getattr(grid, name))


@pytest.mark.parametrize("jitter", [0.25, 1.0])
@pytest.mark.parametrize("spacing", [1.0, 30.0])
def test_displacements_are_uniform_up_to_half_a_cell(jitter, spacing) -> None:
    """Kolmogorov–Smirnov, false-alarm rate 1e-4; a width off by a tenth is told apart."""
    moved = Jittered(n_rows=60, jitter=jitter, spacing=spacing).sites(SOURCE).coordinates
    shift = (moved - Grid(n_rows=60, spacing=spacing).sites(SOURCE).coordinates).ravel()
    half = jitter * spacing / 2
    assert abs(shift).max() <= half
    assert kstest(shift, "uniform", (-half, 2 * half)).pvalue > 1e-4
    assert kstest(shift, "uniform", (-1.1 * half, 2.2 * half)).pvalue < 1e-4


def test_full_jitter_keeps_the_factors_of_whole_multiples() -> None:
    """Each spot stays in its cell, and each cell in one pixel."""
    moved, still = (quilt().factors(Jittered(n_rows=36, jitter=j).sites(SOURCE), SOURCE) for j in (1.0, 0.0))
    assert np.array_equal(moved, still)


def test_fewer_rows_are_the_first_part() -> None:
    many, few = (Jittered(n_rows=n, n_columns=11, jitter=0.9).sites(SOURCE).coordinates for n in (20, 6))
    assert np.array_equal(many[:66], few)


def test_fewer_uniform_spots_are_the_first_part() -> None:
    many, few = (Uniform(n_spots=n, width=5, height=9).sites(SOURCE).coordinates for n in (500, 77))
    assert np.array_equal(many[:77], few)


def test_uniform_positions_are_uniform_in_their_box() -> None:
    """Kolmogorov–Smirnov per axis, false-alarm rate 1e-4 each; a box larger by a tenth is told apart."""
    coordinates = Uniform(n_spots=5000, width=200, height=30).sites(SOURCE).coordinates
    for values, size in zip(coordinates.T, (200, 30), strict=True):
        assert kstest(values, "uniform", (0, size)).pvalue > 1e-4
        assert kstest(values, "uniform", (0, 1.1 * size)).pvalue < 1e-4
    assert abs(np.corrcoef(coordinates.T)[0, 1]) < 4 / np.sqrt(5000)


def test_spacing_is_that_of_the_density() -> None:
    assert Uniform(n_spots=36 * 36, width=36, height=36).spacing == 1
    assert Uniform(n_spots=50, width=10, height=20).spacing == 2
    with pytest.raises(TypeError, match="spacing"):
        Uniform(n_spots=50, spacing=3)
