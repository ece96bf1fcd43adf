"""Distance from a centre."""

from __future__ import annotations

import numpy as np
import pytest

from spsim._random import seed_sequence, stream
from spsim.patterns import Grid, Radial

SOURCE = stream(seed_sequence(0), "pattern")
SITES = Grid(n_rows=200, n_columns=300, spacing=0.5).sites(SOURCE)
AREA = 0.25  # of a spot


def drawn(**fields) -> np.ndarray:
    return Radial(**fields).factors(SITES, SOURCE)[:, 0]


def test_it_falls_linearly_with_the_distance() -> None:
    centre = np.array([0.3 * 150, 0.6 * 100]) - 0.25
    expected = [max(0, 1 - np.sqrt(((spot - centre) ** 2).sum()) / 20) for spot in SITES.coordinates]
    assert np.allclose(drawn(radius=20, centre=(0.3, 0.6)), expected, atol=1e-6)
    assert not np.allclose(drawn(radius=40, centre=(0.3, 0.6)), expected, atol=0.1)
    assert not np.allclose(drawn(radius=20, centre=(0.6, 0.3)), expected, atol=0.1)


@pytest.mark.parametrize("radius", [10, 20, 40])
def test_its_radius_is_measured_in_area(radius) -> None:
    factor = drawn(radius=radius)
    reached, domain = ((factor > level).sum() * AREA for level in (0, factor.max() / 2))
    assert reached == pytest.approx(np.pi * radius**2, rel=0.02)
    assert domain == pytest.approx(np.pi * (radius / 2) ** 2, rel=0.08)
    assert reached != pytest.approx(np.pi * (2 * radius) ** 2, rel=0.2)


def test_without_radius_it_reaches_0_in_the_farthest_corner() -> None:
    factor = drawn(centre=(0, 0)).reshape(200, 300)
    assert factor.argmax() == 0 and factor.argmin() == factor.size - 1
    assert 0 < factor[-1, -1] < 0.003 and factor[0, 0] > 0.997
