"""Rectangular lattices: pixels are looked up by position, exactly."""

from __future__ import annotations

import numpy as np
import pytest

from spsim._random import seed_sequence, stream
from spsim.patterns import NAMED, Coordinates, Grid, Mask, Motifs, quilt

SOURCE = stream(seed_sequence(0), "layout")
# A step of 0.1 is no binary fraction; 55/3 has no short decimal either.
SPACINGS = (1.0, 0.1, 55 / 3, 1e-4, 1e6)


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("factors", [(1, 1), (3, 1), (2, 5), (1, 4)])
@pytest.mark.parametrize("spacing", SPACINGS)
def test_multiples_of_any_aspect_are_kronecker_products(name, factors, spacing) -> None:
    motifs = NAMED[name]()
    _, height, width = motifs.pixels.shape
    grid = Grid(n_rows=height * factors[0], n_columns=width * factors[1], spacing=spacing)
    expected = np.kron(motifs.pixels, np.ones((1, *factors))).reshape(len(motifs.names), -1).T
    assert np.array_equal(motifs.factors(grid.sites(SOURCE), SOURCE), expected)


@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize(("n_rows", "n_columns"), [(1, 1), (5, 7), (15, 9), (35, 3), (2, 61)])
def test_any_size_takes_the_pixel_under_the_centre(n_rows, n_columns, spacing) -> None:
    pixels = np.arange(12 * 10.0).reshape(1, 12, 10)
    grid = Grid(n_rows=n_rows, n_columns=n_columns, spacing=spacing)
    result = Motifs(pixels=pixels).factors(grid.sites(SOURCE), SOURCE).reshape(n_rows, n_columns)
    for row in range(n_rows):
        for column in range(n_columns):
            # floor((row + 1/2) 12 / n_rows) in whole numbers; odd sizes have centres on the line between two pixels.
            expected = pixels[0, (2 * row + 1) * 12 // (2 * n_rows), (2 * column + 1) * 10 // (2 * n_columns)]
            assert result[row, column] == expected


@pytest.mark.parametrize("shift", [0.0, -7.3, 123456.7])
@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("size", [(12, 12), (13, 29), (36, 5)])
def test_the_coordinates_of_a_grid_carry_the_same_factors(size, spacing, shift) -> None:
    grid = Grid(n_rows=size[0], n_columns=size[1], spacing=spacing)
    sites = grid.sites(SOURCE)
    given = Coordinates(coordinates=sites.coordinates + shift * spacing)
    assert given.spacing == pytest.approx(spacing)
    assert np.array_equal(quilt().factors(given.sites(SOURCE), SOURCE), quilt().factors(sites, SOURCE))


@pytest.mark.parametrize("spacing", SPACINGS)
def test_a_full_mask_is_a_grid(spacing) -> None:
    sites = Grid(n_rows=13, n_columns=29, spacing=spacing).sites(SOURCE)
    full = Mask(mask=np.ones((13, 29)), spacing=spacing).sites(SOURCE)
    for name in ("coordinates", "lower", "upper"):
        assert np.array_equal(getattr(full, name), getattr(sites, name))
