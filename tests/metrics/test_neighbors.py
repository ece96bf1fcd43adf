"""Neighbours that do not depend on floating noise, and lattice graphs."""

from __future__ import annotations

import numpy as np
import pytest

from oracles import metrics_space as oracle
from spsim.metrics import lattice_graph
from spsim.metrics._neighbors import nearest_in_embedding, nearest_in_space
from workflows.checks import grid_neighbours


def square(n_side: int) -> np.ndarray:
    return np.indices((n_side, n_side)).reshape(2, -1).T.astype(float)


def hexagonal(n_side: int) -> np.ndarray:
    grid = square(n_side)
    return np.column_stack([grid[:, 1] + grid[:, 0] % 2 / 2, grid[:, 0] * np.sqrt(3) / 2])


@pytest.mark.parametrize("points", [square(7), hexagonal(7), np.random.default_rng(20).normal(size=(60, 3))])
@pytest.mark.parametrize("k", [1, 4, 10])
def test_spatial_neighbours_are_those_of_the_plain_loops(points, k):
    found = nearest_in_space(points, k)
    for i, row in enumerate(found.tolist()):
        assert set(row) == set(oracle.nearest(points.tolist(), i, k))


def test_floating_noise_turns_and_scales_change_no_neighbour():
    points = square(9)
    plain = np.sort(nearest_in_space(points, 10), axis=1)
    turn = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    for changed in (1e4 + 55 * points @ turn, (0.1 * points).astype(np.float32), points + 1e-9 * np.sin(points)):
        np.testing.assert_array_equal(np.sort(nearest_in_space(changed, 10), axis=1), plain)


def test_many_coinciding_spots_are_settled_by_index_too():
    points = np.repeat([[0.0, 0], [5, 5]], 40, axis=0)
    found = np.sort(nearest_in_space(points, 3), axis=1)
    np.testing.assert_array_equal(found[0], [1, 2, 3])
    np.testing.assert_array_equal(found[20], [0, 1, 2])
    np.testing.assert_array_equal(found[79], [40, 41, 42])


@pytest.mark.parametrize("n_columns", [2, 20])
def test_equal_rows_are_neighbours_but_never_the_row_itself(n_columns):
    embedding = np.repeat(np.random.default_rng(21).normal(size=(4, n_columns)), 9, axis=0) + 1e3
    found = nearest_in_embedding(embedding, 5, np.arange(36))
    assert (found != np.arange(36)[:, None]).all()
    assert (found // 9 == np.arange(36)[:, None] // 9).all()
    assert all(len(set(row)) == 5 for row in found.tolist())


@pytest.mark.slow  # importing squidpy takes several seconds
def test_rook_graph_is_squidpys():
    import anndata

    points = square(6)
    adata = anndata.AnnData(np.zeros((36, 1)), obsm={"spatial": points})
    grid_neighbours(adata)
    graph = lattice_graph(points * 3 - 8)
    assert (graph != adata.obsp["spatial_connectivities"]).nnz == 0


def degrees(points) -> list[int]:
    return np.bincount(np.asarray(lattice_graph(points).sum(axis=1), int).ravel()).tolist()


def test_degrees_on_other_lattices():
    # Shifted rows of 8: inside 6; first and last rows 4 (ends 3 and 2); sides 3 and 5 in turn.
    assert degrees(hexagonal(8)) == [0, 0, 2, 8, 12, 6, 36]
    cube = np.indices((3, 3, 3)).reshape(3, -1).T
    assert degrees(cube) == [0, 0, 0, 8, 12, 6, 1]  # corners, edges, faces, centre
    assert lattice_graph(np.arange(5.0)[:, None]).nnz == 8
    jittered = square(8) + np.random.default_rng(22).uniform(-0.03, 0.03, size=(64, 2))
    assert (lattice_graph(jittered) != lattice_graph(square(8))).nnz == 0


def test_holes_are_allowed():
    kept = np.random.default_rng(23).random(144) < 0.85
    graph, whole = lattice_graph(square(12)[kept]), lattice_graph(square(12))
    assert (graph != whole[kept][:, kept]).nnz == 0


@pytest.mark.parametrize(
    ("points", "message"),
    [
        (np.random.default_rng(24).random((200, 2)), "coordinates must lie on a lattice with equal spacing, got"),
        (square(6) * [1, 2], "coordinates must lie on a lattice with equal spacing, got 1.7 neighbours per spot"),
        (np.repeat(square(3), 2, axis=0), "coordinates must be distinct, got 18 spots that lie on another one"),
        (np.zeros((1, 2)), "coordinates must hold at least 2 spots, got 1"),
    ],
)
def test_other_coordinates_are_refused(points, message):
    with pytest.raises(ValueError, match=message):
        lattice_graph(points)


def test_too_many_neighbours_are_refused():
    for k in (9, 12):
        with pytest.raises(ValueError, match=f"n_neighbors must be below the number of spots, 9, got {k}"):
            nearest_in_space(square(3), k)
    with pytest.raises(ValueError, match="n_neighbors must be a whole number of at least 1, got 0"):
        nearest_in_embedding(square(3), 0, np.arange(9))
