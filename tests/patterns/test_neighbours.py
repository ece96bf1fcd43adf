"""Who is whose neighbour: on lattices, on lines and elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from spsim.patterns._neighbours import neighbour_pairs

STEPS = np.cumsum([0.0, 1.0, 1.3, 2.9, 0.7, 4.0])


@pytest.mark.parametrize("start", [(0.0, 0.0), (5.0, -3.0), (1000.0, 7.0)])
@pytest.mark.parametrize("direction", [(1.0, 0.0), (0.0, 1.0), (1.0, 2.0)])
def test_irregular_spots_on_a_line_are_joined_one_after_the_other(start, direction) -> None:
    line = np.array(start) + STEPS[:, None] * np.array(direction)
    assert np.array_equal(neighbour_pairs(line), np.column_stack([np.arange(5), np.arange(1, 6)]))


@pytest.mark.parametrize("start", [0.0, 123.4])
def test_a_lattice_joins_the_spots_at_the_least_distance(start) -> None:
    places = np.indices((3, 4)).reshape(2, -1).T.astype(float) + start
    distances = np.linalg.norm(places[:, None] - places, axis=2)
    assert np.array_equal(neighbour_pairs(places), np.argwhere(np.triu(np.isclose(distances, 1))))


def test_irregular_spots_are_triangulated() -> None:
    """Euler: e = 3n - 3 - h edges, h of them the hull's."""
    from scipy.spatial import ConvexHull

    places = np.random.default_rng(0).uniform(5, 9, (40, 2))
    assert len(neighbour_pairs(places)) == 3 * 40 - 3 - len(ConvexHull(places).vertices)
