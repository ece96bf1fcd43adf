"""Nearest neighbours: exact in an embedding, free of ties in space, and the graph of a lattice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim._places import distinct_places
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import squarable
from spsim.metrics._groups import group_members, in_group

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Distances that agree to this share are one distance: float32 coordinates of a lattice differ by about 1e-6.
TIE = 1e-5
# A spot's lattice neighbours lie within this multiple of the spacing; the next ring of a square lattice is at 1.41.
REACH = 1.2
CHUNK = 4_000_000
# Measured at 100,000 rows: a tree is slower than comparing all pairs from 7 columns on.
TREE_COLUMNS = 6


def lattice_graph(coordinates: ArrayLike, *, groups: ArrayLike | None = None) -> csr_matrix:
    """Graph that joins the spots of a lattice that are one spacing apart.

    Each spot has up to 4 neighbours on a square lattice (the rook graph), 6 on a hexagonal or a cubic one: numbers
    that depend on no tie, unlike the 6 nearest on a square lattice. Holes and ragged borders are allowed.

    Parameters
    ----------
    coordinates
        Spots x dimensions, with equal spacing in all directions.
    groups
        One label per spot (slice, sample): each group is a lattice of its own, with its own spacing, and no edge joins
        two of them.

    Returns
    -------
    Symmetric sparse matrix, spots x spots, 1 for an edge.

    Raises
    ------
    ValueError
        If two spots (of a group) coincide or the spots are on no such lattice (fewer edges than a square one would
        have).

    Examples
    --------
    >>> lattice_graph([[0, 0], [1, 0], [0, 1], [1, 1]]).toarray().astype(int)
    array([[0, 1, 1, 0],
           [1, 0, 0, 1],
           [1, 0, 0, 1],
           [0, 1, 1, 0]])
    """
    from scipy.sparse import csr_matrix

    coordinates, groups = in_one_order(coordinates=coordinates, groups=groups)
    points = squarable("coordinates", coordinates)
    members = group_members(groups, len(points))
    rows, columns = np.concatenate([part[_lattice_edges(points[part], name)] for name, part in members.items()]).T
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(points), len(points)))


def _lattice_edges(points: np.ndarray, group: object) -> np.ndarray:
    """Pairs of spots one spacing apart, in both directions."""
    from scipy.spatial import cKDTree

    n_spots, n_axes = len(points), int(np.count_nonzero(np.ptp(points, axis=0)))
    spacing = lattice_spacing(points, group)
    pairs = cKDTree(points).query_pairs(REACH * spacing, output_type="ndarray")
    if 2 * len(pairs) < n_axes * n_spots:
        msg = (
            f"coordinates{in_group(group)} must lie on a lattice with equal spacing, got "
            f"{2 * len(pairs) / n_spots:.1f} neighbours per spot within {REACH} of the median spacing {spacing:g}; give a "
            "graph of your own"
        )
        raise ValueError(msg)
    return np.concatenate([pairs, pairs[:, ::-1]])


def lattice_spacing(points: np.ndarray, group: object = None) -> float:
    """Median distance to the nearest other spot; refuse spots that coincide."""
    from scipy.spatial import cKDTree

    if len(points) < 2:
        msg = f"coordinates{in_group(group)} must hold at least 2 spots, got {len(points)}"
        raise ValueError(msg)
    places, place = distinct_places(points)
    n_here = np.bincount(place)
    n_repeated = int(n_here[n_here > 1].sum())
    if n_repeated:
        msg = f"coordinates{in_group(group)} must be distinct, got {n_repeated} spots that lie on another one"
        if group is None:
            msg += "; pass groups= if slices or samples lie on each other"
        raise ValueError(msg)
    return float(np.median(cKDTree(places).query(points, k=2)[0][:, 1]))


def distance_to_nearest(points: np.ndarray) -> np.ndarray:
    """Distance to the nearest other point; 0 for points that coincide, however many there are."""
    from scipy.spatial import cKDTree

    places, place = distinct_places(points)
    if len(places) < 2:
        return np.zeros(len(points))
    nearest = cKDTree(places).query(places, k=2)[0][:, 1]
    return np.where(np.bincount(place) > 1, 0.0, nearest)[place]


def nearest_in_embedding(embedding: np.ndarray, n_neighbors: int, rows: np.ndarray, *, where: str = "") -> np.ndarray:
    """Indices of the nearest other rows of ``embedding``; equal rows count as neighbours, a row itself never does."""
    from sklearn.neighbors import NearestNeighbors

    neighbors_fit(n_neighbors, len(embedding), where)
    centred = embedding - embedding.mean(axis=0)  # large offsets would cancel in the fast distance formula
    algorithm = "kd_tree" if embedding.shape[1] <= TREE_COLUMNS else "brute"
    search = NearestNeighbors(n_neighbors=n_neighbors + 1, algorithm=algorithm).fit(centred)
    found = search.kneighbors(centred[rows], return_distance=False)
    others = found != rows[:, None]
    others[others.all(axis=1), -1] = False  # with many equal rows the row itself may not be among the nearest
    return found[others].reshape(len(rows), n_neighbors)


def nearest_in_space(coordinates: np.ndarray, n_neighbors: int, *, where: str = "") -> np.ndarray:
    """Indices of the nearest other spots, in no order; of equally distant ones those with the lowest index."""
    from scipy.spatial import cKDTree

    n_spots = len(coordinates)
    neighbors_fit(n_neighbors, n_spots, where)
    n_neighbors = int(n_neighbors)  # of any type that holds whole numbers: products below are larger
    kept = _first_at_each_place(coordinates, n_neighbors + 1)
    tree, nearest = cKDTree(coordinates[kept]), np.empty((n_spots, n_neighbors), np.int64)
    pending, n_candidates = np.arange(n_spots), 2 * n_neighbors + 2
    while pending.size:
        n_candidates = min(n_candidates, len(kept))
        unsettled = []
        for rows in np.array_split(pending, 1 + pending.size * n_candidates // CHUNK):
            distances, found = tree.query(coordinates[rows], k=n_candidates)
            chosen, settled = _lowest_index(distances, kept[found], rows, n_neighbors)
            nearest[rows] = chosen
            unsettled.append(rows[~settled] if n_candidates < len(kept) else rows[:0])
        pending, n_candidates = np.concatenate(unsettled), 2 * n_candidates
    return nearest


def _first_at_each_place(coordinates: np.ndarray, most: int) -> np.ndarray:
    """Indices of the first spots at each place, in order: later ones are nearest to none, and time would be quadratic."""
    places, place = distinct_places(coordinates)
    if len(places) == len(place):
        return np.arange(len(place))
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(len(places)))
    rank = np.arange(len(order)) - starts[place[order]]
    return np.sort(order[rank < most])


def _lowest_index(
    distances: np.ndarray, candidates: np.ndarray, rows: np.ndarray, n_neighbors: int
) -> tuple[np.ndarray, np.ndarray]:
    """Settle ties at the last neighbour by index; False where the candidates may not hold all of them."""
    furthest = distances[:, -1]
    distances = np.where(candidates == rows[:, None], np.inf, distances)
    last = np.partition(distances, n_neighbors - 1)[:, n_neighbors - 1, None]
    order = np.where(distances <= last * (1 + TIE), candidates, np.iinfo(candidates.dtype).max)
    order = np.where(distances < last * (1 - TIE), -1, order)
    chosen = np.argpartition(order, n_neighbors - 1)[:, :n_neighbors]
    return np.take_along_axis(candidates, chosen, axis=1), furthest > last[:, 0] * (1 + TIE)


def neighbors_fit(n_neighbors: int, n_spots: int, where: str) -> None:
    """Refuse more neighbours than there are other spots."""
    if _validate.whole("n_neighbors", n_neighbors, at_least=1) >= n_spots:
        msg = f"n_neighbors must be below the number of spots{where}, {n_spots}, got {n_neighbors}"
        raise ValueError(msg)
