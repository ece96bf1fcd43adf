"""How many of a row's nearest others carry its own label: counts, for which no list of neighbours is needed."""

from __future__ import annotations

import numpy as np

from spsim.metrics._neighbors import TREE_COLUMNS, nearest_in_embedding, neighbors_fit
from spsim.metrics._threads import in_threads, n_threads

# Entries of a block of distances: they stay near the processor.
BLOCK = 300_000
# Truth values in a machine word.
WORD = 8
# Distances that agree to this share may be ordered either way by rounding.
EQUAL = 1e-9


def own_label_counts(
    embedding: np.ndarray, codes: np.ndarray, n_neighbors: int, rows: np.ndarray, *, where: str = ""
) -> np.ndarray:
    """Count, for each of ``rows``, the neighbours of :func:`nearest_in_embedding` that carry its own code.

    Where the last neighbour is clearly nearer than the next row, the set of neighbours is the same however it is
    searched, so a fast search decides; the other rows (ties, equal rows) are left to that function's choice.
    """
    neighbors_fit(n_neighbors, len(embedding), where)
    centred = embedding - embedding.mean(axis=0)
    few = embedding.shape[1] <= TREE_COLUMNS
    counts, is_clear = (_by_tree if few else _by_product)(centred, codes, n_neighbors, rows)
    unclear = rows[~is_clear]
    if len(unclear):
        near = nearest_in_embedding(embedding, n_neighbors, unclear, where=where)
        counts[~is_clear] = np.count_nonzero(codes[near] == codes[unclear, None], axis=1)
    return counts


def _by_tree(
    points: np.ndarray, codes: np.ndarray, n_neighbors: int, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    from scipy.spatial import cKDTree

    # The row itself is among the nearest, at distance 0.
    distances, found = cKDTree(points, leafsize=32, balanced_tree=False).query(
        points[rows], k=n_neighbors + 2, workers=n_threads()
    )
    last, following = distances[:, n_neighbors], distances[:, n_neighbors + 1]
    own = codes[found[:, : n_neighbors + 1]] == codes[rows, None]
    return np.count_nonzero(own, axis=1) - 1, last < following * (1 - EQUAL)


def _by_product(
    points: np.ndarray, codes: np.ndarray, n_neighbors: int, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Compare all pairs in single precision, and say where its rounding could matter."""
    points = points * 2.0 ** -np.frexp(max(np.abs(points).max(), np.finfo(float).tiny))[1]
    norms = np.einsum("ij,ij->i", points, points)
    # A row's products with these are half its squared distances, less half its own squared norm.
    n_padded = -(-len(points) // WORD) * WORD
    others = np.full((points.shape[1] + 1, n_padded), np.inf, np.float32)
    others[:-1, len(points) :] = 0
    others[:, : len(points)] = np.vstack([-points.T, norms / 2])
    queries = np.column_stack([points[rows], np.ones(len(rows))]).astype(np.float32)
    counts, is_clear = np.empty(len(rows), np.int64), np.empty(len(rows), bool)
    n_rows = max(16, BLOCK // len(points))

    def fill(chunk: np.ndarray) -> None:
        room, mark = np.empty((n_rows, n_padded), np.float32), np.empty((n_rows, n_padded), bool)
        for start in range(0, len(chunk), n_rows):
            part = chunk[start : start + n_rows]
            own_rows = rows[part]
            halves = np.matmul(queries[part], others, out=room[: len(part)])
            bound = _bound(halves, n_neighbors + 2)
            bound = np.minimum(bound + _rounding(bound, norms[own_rows], points.shape[1]), np.finfo(np.float32).max)
            near = _where(np.less_equal(halves, bound.astype(np.float32)[:, None], out=mark[: len(part)]))
            row, column = np.divmod(near, n_padded)
            is_own = codes[column] == codes[own_rows][row]
            counts[part], last, following = _counted(row, halves.ravel()[near], is_own, len(part), n_neighbors)
            is_clear[part] = following - last > _rounding(last, norms[own_rows], points.shape[1])
            close = np.flatnonzero(~is_clear[part])
            if len(close):
                # The same candidates once more, exactly.
                again = ~is_clear[part][row]
                row, column = np.searchsorted(close, row[again]), column[again]
                difference = points[own_rows[close][row]] - points[column]
                squared = np.einsum("ij,ij->i", difference, difference)
                exact, last, following = _counted(row, squared, is_own[again], len(close), n_neighbors)
                counts[part[close]], is_clear[part[close]] = exact, last < following * (1 - EQUAL)

    in_threads(fill, np.array_split(np.arange(len(rows)), min(n_threads(), len(rows))))
    return counts, is_clear


def _where(mark: np.ndarray) -> np.ndarray:
    """Flat places of the few True entries; whole words are looked at first."""
    words = np.flatnonzero(mark.view(np.uint64).ravel() != 0)
    hit, place = np.divmod(np.flatnonzero(mark.reshape(-1, WORD)[words]), WORD)
    return words[hit] * WORD + place


def _bound(values: np.ndarray, n_smallest: int) -> np.ndarray:
    """Return a number per row that at least ``n_smallest`` of its values do not exceed, and few others."""
    n_rows, n_values = values.shape
    n_sets = n_values // max(1, min(64, n_values // (8 * n_smallest)))
    # The smallest values of disjoint sets are as many different values of the row.
    n_used = n_values // n_sets * n_sets
    smallest = values[:, :n_used].reshape(n_rows, -1, n_sets).min(axis=1)
    if n_sets < n_smallest:
        return np.full(n_rows, np.inf, values.dtype)
    return np.partition(smallest, n_smallest - 1, axis=1)[:, n_smallest - 1]


def _counted(
    row: np.ndarray, values: np.ndarray, is_own: np.ndarray, n_rows: int, n_neighbors: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count each row's neighbours with its own label; return the last neighbour's value and the next one too.

    The row itself, whose value is the smallest, is among the candidates and not counted.
    """
    sizes = np.bincount(row, minlength=n_rows)
    table = np.full((n_rows, max(sizes.max(), n_neighbors + 2)), np.inf, values.dtype)
    table[row, np.arange(len(row)) - (np.cumsum(sizes) - sizes)[row]] = values
    table.partition((n_neighbors, n_neighbors + 1), axis=1)
    last = table[:, n_neighbors]
    counts = np.bincount(row[is_own & (values <= last[row])], minlength=n_rows) - 1
    return counts, last, table[:, n_neighbors + 1]


def _rounding(half: np.ndarray, norms: np.ndarray, n_columns: int) -> np.ndarray:
    """Bound on what single precision may change in the difference of two values near the last neighbour's."""
    # A neighbour's norm is at most the row's and its distance together.
    reach = np.sqrt(norms) + np.sqrt(np.maximum(2 * half.astype(np.float64) + norms, 0))
    return 4 * (n_columns + 5) * float(np.finfo(np.float32).eps) / 2 * reach**2
