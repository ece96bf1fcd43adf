"""Linear ramps: direction and range."""

from __future__ import annotations

import numpy as np
import pytest

from spsim._random import seed_sequence, stream
from spsim.patterns import Gradient, Grid, Sites, Uniform

SOURCE = stream(seed_sequence(0), "pattern")
BOX = Uniform(n_spots=500, width=30, height=70)


def deviation(factor, coordinates, angle) -> float:
    """Degrees between the steepest ascent, by least squares, and an angle."""
    design = np.column_stack([coordinates, np.ones(len(coordinates))])
    (x, y, _), residuals, *_ = np.linalg.lstsq(design, factor)
    assert residuals < 1e-6
    return abs(float(np.rad2deg(np.arctan2(y, x)) - angle + 180) % 360 - 180)


@pytest.mark.parametrize("angle", [0, 90, 180, 270, 33.3, 415])
def test_it_grows_in_the_direction_of_its_angle(angle) -> None:
    sites = BOX.sites(SOURCE)
    factor = Gradient(angle=angle).factors(sites, SOURCE)[:, 0].astype(float)
    assert deviation(factor, sites.coordinates, angle) < 1e-3
    askew = Gradient(angle=angle + 5).factors(sites, SOURCE)[:, 0].astype(float)
    assert deviation(askew, sites.coordinates, angle) == pytest.approx(5, abs=1e-3)


def test_0_points_to_the_right_and_90_down() -> None:
    right, down = Gradient(angle=[0, 90]).factors(Grid(n_rows=2, n_columns=4).sites(SOURCE), SOURCE).T
    assert right.tolist() == [0.125, 0.375, 0.625, 0.875] * 2
    assert down.tolist() == [0.25] * 4 + [0.75] * 4


@pytest.mark.parametrize("angle", [0, 45, 100, 200, 359])
def test_the_box_spans_0_to_1(angle) -> None:
    corners = np.array([[2.0, 1.0], [5.0, 1.0], [2.0, 9.0], [5.0, 9.0]])
    sites = Sites(coordinates=corners, lower=corners[0], upper=corners[3])
    factor = Gradient(angle=angle).factors(sites, SOURCE)
    assert factor.min() == pytest.approx(0, abs=1e-6) and factor.max() == pytest.approx(1)


def test_its_domain_is_half_of_the_tissue() -> None:
    factors = Gradient(angle=[0, 70]).factors(BOX.sites(SOURCE), SOURCE)
    # 500 positions: five binomial standard errors (two-sided 6e-7) around one half.
    assert np.allclose((factors > factors.max(axis=0) / 2).mean(axis=0), 0.5, atol=5 * 0.5 / np.sqrt(500))
