"""Layers: thickness, borders and waves, each measured in the result."""

from __future__ import annotations

import numpy as np
import pytest

from spsim._random import seed_sequence, stream
from spsim.patterns import Coordinates, Grid, Layers, Uniform

SOURCE = stream(seed_sequence(0), "pattern")


def drawn(n_rows=60, n_columns=40, spacing=1.0, **fields) -> np.ndarray:
    """Layers × rows × columns."""
    sites = Grid(n_rows=n_rows, n_columns=n_columns, spacing=spacing).sites(SOURCE)
    return Layers(**fields).factors(sites, SOURCE).T.reshape(-1, n_rows, n_columns)


@pytest.mark.parametrize("n_layers", [1, 3, 4, 6])
def test_sharp_layers_are_equally_thick_and_disjoint(n_layers) -> None:
    layers = drawn(n_layers=n_layers, spacing=0.1)
    assert np.array_equal(layers, np.kron(np.eye(n_layers), np.ones(60 // n_layers))[:, :, None].repeat(40, axis=2))


def test_a_spot_on_a_border_belongs_to_the_layer_behind_it_for_every_spacing() -> None:
    for spacing in (1.0, 0.1, 7 / 3, 55.0):
        layers = drawn(n_rows=9, n_columns=3, spacing=spacing, n_layers=2)
        assert layers[:, :, 0].tolist() == [[1] * 4 + [0] * 5, [0] * 4 + [1] * 5]


@pytest.mark.parametrize("angle", [0, 90, 125])
def test_the_depth_grows_in_the_direction_of_the_angle(angle) -> None:
    sites = Uniform(n_spots=3000, width=50, height=50).sites(SOURCE)
    layer = Layers(n_layers=5, angle=angle).factors(sites, SOURCE).argmax(axis=1)
    towards = np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
    depth, across = sites.coordinates @ towards, sites.coordinates @ (towards[::-1] * [1, -1])
    # A correlation of 3,000 unrelated spots is below 0.1 by more than five standard errors.
    assert np.corrcoef(depth, layer)[0, 1] > 0.95 and abs(np.corrcoef(across, layer)[0, 1]) < 0.1
    edges = [depth[layer == k].max() for k in range(4)]
    assert np.allclose(np.diff(edges), 10 * np.abs(towards).sum(), atol=1)
    # Each layer ends where the next begins.
    assert all(depth[layer == k].max() < depth[layer == k + 1].min() for k in range(4))


@pytest.mark.parametrize("border_width", [0.5, 2.0, 6.0])
def test_the_border_width_is_the_depth_over_which_layers_mix(border_width) -> None:
    layers = drawn(n_rows=6000, n_columns=1, spacing=0.01, n_layers=3, border_width=border_width)[:, :, 0]
    is_mixed = (layers > 1e-4) & (layers < 1 - 1e-4)
    assert is_mixed.sum(axis=1) * 0.01 == pytest.approx([border_width, 2 * border_width, border_width], abs=0.05)
    assert np.allclose(layers.sum(axis=0), 1)
    # Half of the maximum is the middle of the border, so domains do not depend on its width.
    assert np.allclose((layers > 0.5).sum(axis=1), 2000, atol=1)


def borders(wave_height, wave_length, *, n_columns=200_000) -> np.ndarray:
    """Displacement of the border between two layers in each column, from the shares in two rows of spots."""
    grid = Grid(n_rows=2, n_columns=n_columns).sites(SOURCE)
    pattern = Layers(n_layers=2, border_width=2, wave_height=wave_height, wave_length=wave_length)
    return 1 - 2 * pattern.factors(grid, SOURCE)[:, 0].reshape(2, n_columns).mean(axis=0).astype(float)


def moments(wave, length) -> tuple[float, float]:
    """Mean square, and correlation at a distance."""
    return float(np.mean(wave**2)), float(np.mean(wave[length:] * wave[:-length]) / np.mean(wave**2))


@pytest.mark.parametrize(("height", "length"), [(0.05, 5), (0.08, 10), (0.1, 20)])
def test_height_and_length_of_the_wave_are_as_asked(height, length) -> None:
    """The mean square of a field with correlation exp(-d²/2ℓ²) has relative variance 2√π ℓ / n; five of its roots.

    At one length the correlation is exp(-1/2), that of a wave twice as long exp(-1/8).
    """
    near = 5 * np.sqrt(2 * np.sqrt(np.pi) * length / 200_000)
    square, correlation = moments(borders(height, length), length)
    assert square / height**2 == pytest.approx(1, abs=near) and correlation == pytest.approx(np.exp(-0.5), abs=near)
    assert moments(borders(2 * height, length), length)[0] / height**2 != pytest.approx(1, abs=near)
    assert moments(borders(height, 2 * length), length)[1] != pytest.approx(np.exp(-0.5), abs=near)


def test_all_borders_move_together() -> None:
    layers = drawn(n_layers=4, wave_height=2, wave_length=8)
    tops = (np.cumsum(layers, axis=0)[:3] == 0).sum(axis=1)
    assert np.ptp(tops[0]) > 1
    assert (np.ptp(tops - tops[0], axis=1) <= 1).all()


def test_a_wave_on_scattered_spots_is_the_same_function_of_place() -> None:
    pattern = Layers(wave_height=3, wave_length=9)
    tissue = Uniform(n_spots=400, width=50, height=50).sites(SOURCE).coordinates
    many = np.vstack([[[0, 0], [50, 50]], tissue])
    first, second = (
        pattern.factors(Coordinates(coordinates=rows, spacing=1).sites(SOURCE), SOURCE) for rows in (many, many[:100])
    )
    assert np.array_equal(first[:100], second)
