"""The hexagonal lattice of a Visium slide."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from spsim._random import seed_sequence, stream
from spsim.patterns import Coordinates, Hexagonal, Motifs, quilt

SOURCE = stream(seed_sequence(0), "layout")


def test_defaults_are_visiums() -> None:
    visium = Hexagonal()
    assert (visium.n_spots, visium.spacing, visium.unit, visium.spot_diameter) == (4992, 100, "micrometer", 55)


def test_every_inner_spot_has_six_neighbours_at_one_pitch() -> None:
    coordinates = Hexagonal(n_rows=9, n_columns=8).sites(SOURCE).coordinates
    distances = cKDTree(coordinates).query(coordinates, k=8)[0]
    inner = np.add.outer(8 * np.arange(1, 8), np.arange(1, 7)).ravel()
    assert np.allclose(distances[inner, 1:7], 100) and (distances[inner, 7] > 170).all()


def test_rows_run_along_x_and_odd_ones_are_shifted() -> None:
    first, *_, last = Hexagonal(n_rows=2, n_columns=3, spacing=2, spot_diameter=1).sites(SOURCE).coordinates
    assert first.tolist() == [0, 0]
    assert np.allclose(last, [5, np.sqrt(3)])


def floor_of_row(row: int, n_rows: int, height: int) -> int:
    """Largest p with p ≤ (row √3/2 + 1/2) height / ((n_rows − 1) √3/2 + 1), in whole numbers."""

    def below(pixel: int) -> bool:
        # pixel ((n_rows − 1) √3 + 2) ≤ (row √3 + 1) height  ⟺  right ≤ √3 left
        left, right = row * height - pixel * (n_rows - 1), 2 * pixel - height
        if left >= 0:
            return right <= 0 or right**2 <= 3 * left**2
        return right <= 0 and right**2 >= 3 * left**2

    return max(pixel for pixel in range(height) if below(pixel))


@pytest.mark.parametrize("spacing", [100.0, 0.1, 7 / 3])
@pytest.mark.parametrize(("n_rows", "n_columns"), [(1, 1), (2, 3), (11, 13), (24, 18), (37, 5)])
def test_pixels_are_looked_up_by_position(n_rows, n_columns, spacing) -> None:
    pixels = np.arange(12 * 10.0).reshape(1, 12, 10)
    layout = Hexagonal(n_rows=n_rows, n_columns=n_columns, spacing=spacing, spot_diameter=spacing / 2)
    result = Motifs(pixels=pixels).factors(layout.sites(SOURCE), SOURCE).reshape(n_rows, n_columns)
    is_shifted = int(n_rows > 1)
    for row in range(n_rows):
        for column in range(n_columns):
            x = (2 * column + row % 2 + 1) * 10 // (2 * n_columns + is_shifted)
            assert result[row, column] == pixels[0, floor_of_row(row, n_rows, 12), x]


def test_its_coordinates_carry_the_same_factors() -> None:
    sites = Hexagonal(n_rows=31, n_columns=28).sites(SOURCE)
    given = Coordinates(coordinates=sites.coordinates)
    assert given.spacing == pytest.approx(100)
    assert np.array_equal(quilt().factors(given.sites(SOURCE), SOURCE), quilt().factors(sites, SOURCE))


def test_a_quilt_on_it_covers_what_the_motif_covers() -> None:
    """Shares of spots differ from shares of pixels only along the borders: 4,992 spots, at most 2 percent."""
    factors = quilt().factors(Hexagonal().sites(SOURCE), SOURCE)
    pixels = quilt().pixels.mean(axis=(1, 2))
    assert np.allclose(factors.mean(axis=0), pixels, atol=0.02)
    assert not np.allclose(factors.mean(axis=0), pixels[[1, 2, 3, 0]], atol=0.02)
