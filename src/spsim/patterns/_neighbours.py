"""Which spots are neighbours."""

from __future__ import annotations

import numpy as np

# Nearest distances of a lattice agree up to rounding. On a square lattice diagonals are 1.41 spacings long, on a
# hexagonal one second neighbours are 1.73 apart.
EQUAL, NEAR = 1.01, 1.2


def neighbour_pairs(positions: np.ndarray) -> np.ndarray:
    """Return pairs of neighbours, m × 2, of distinct positions in lexicographic order.

    On a lattice these are the spots at the least distance: four on a square one, six on a hexagonal one. Elsewhere they
    are joined by the Delaunay triangulation; spots on a line are joined one after the other.
    """
    from scipy.spatial import cKDTree

    if len(positions) < 2:
        return np.empty((0, 2), np.intp)
    tree = cKDTree(positions)
    nearest = tree.query(positions, k=2)[0][:, 1]
    typical = float(np.median(nearest))
    if typical <= EQUAL * nearest.min():
        return _ordered(tree.query_pairs(NEAR * typical, output_type="ndarray"), len(positions))
    spread = np.linalg.svd(positions - positions.mean(axis=0), compute_uv=False)
    if spread[-1] <= 1e-9 * spread[0]:
        return np.column_stack([np.arange(len(positions) - 1), np.arange(1, len(positions))])
    return _triangulated(positions)


def _triangulated(positions: np.ndarray) -> np.ndarray:
    from scipy.spatial import Delaunay

    corners = Delaunay(positions).simplices
    return _ordered(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), len(positions))


def _ordered(pairs: np.ndarray, n_spots: int) -> np.ndarray:
    """Each pair once, in an order that no library decides."""
    low, high = np.sort(pairs, axis=1).T.astype(np.int64)
    return np.column_stack(np.divmod(np.unique(low * n_spots + high), n_spots))
