"""Positions that the user brings."""

from __future__ import annotations

import numpy as np
import pytest

from layout_examples import TISSUE
from spsim._random import seed_sequence, stream
from spsim.patterns import Coordinates, quilt

SOURCE = stream(seed_sequence(0), "layout")


def test_positions_are_used_as_given_and_copied() -> None:
    given = TISSUE.copy()
    given.flags.writeable = False
    layout = Coordinates(coordinates=given, spacing=50, unit="micrometer")
    sites = layout.sites(SOURCE)
    assert np.array_equal(sites.coordinates, given) and not np.shares_memory(sites.coordinates, given)
    assert np.allclose(sites.lower, given.min(axis=0) - 25) and np.allclose(sites.upper, given.max(axis=0) + 25)


def test_positions_of_a_recipe_cannot_be_changed() -> None:
    layout = Coordinates(coordinates=TISSUE, spacing=50)
    for held in (layout.coordinates, layout.sites(SOURCE).coordinates):
        with pytest.raises(ValueError, match="read-only"):
            held[0] = 0


def test_spacing_is_the_median_distance_to_the_nearest_other_position() -> None:
    distances = np.hypot(*(TISSUE[:, None] - TISSUE).transpose(2, 0, 1))
    np.fill_diagonal(distances, np.inf)
    expected = np.median(distances.min(axis=1))
    assert Coordinates(coordinates=TISSUE).spacing == pytest.approx(expected)
    assert Coordinates(coordinates=np.repeat(TISSUE, 3, axis=0)).spacing == pytest.approx(expected)


def test_spots_in_one_place_have_the_same_factors() -> None:
    factors = quilt().factors(Coordinates(coordinates=np.repeat(TISSUE, 2, axis=0)).sites(SOURCE), SOURCE)
    assert np.array_equal(factors[::2], factors[1::2])


def test_a_line_of_spots_and_a_single_one_have_factors() -> None:
    line = Coordinates(coordinates=np.column_stack([np.arange(12), np.zeros(12)]))
    # A row in the middle of the picture takes the pixels just below its middle line.
    assert np.array_equal(quilt().factors(line.sites(SOURCE), SOURCE), quilt().pixels[:, 6].T)
    assert quilt().factors(Coordinates(coordinates=[[3, 4]], spacing=1).sites(SOURCE), SOURCE).shape == (1, 4)


def test_a_third_coordinate_changes_no_factor() -> None:
    deep = np.column_stack([TISSUE, np.random.default_rng(0).normal(size=150)])
    flat, solid = (Coordinates(coordinates=c, spacing=9).sites(SOURCE) for c in (TISSUE, deep))
    assert np.array_equal(quilt().factors(flat, SOURCE), quilt().factors(solid, SOURCE))
