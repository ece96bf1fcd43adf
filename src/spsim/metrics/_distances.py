"""Correlation of an embedding's distances with the true ones, block by block, so that they never exist all at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from spsim.metrics._arrays import NEARLY_CONSTANT

# Rows of a block: its distances stay in the processor's cache.
BLOCK = 32
# Up to here differences are as fast as a product of matrices.
FEW_COLUMNS = 8
# Squared distances below this share of the largest norm are not left to a difference of products, which rounds.
CLOSE = 1e-3


class TrueDistances:
    """Distances between all pairs of rows of the truth, kept for many estimates."""

    def __init__(self, truth: np.ndarray) -> None:
        self.n_pairs = len(truth) * (len(truth) - 1) // 2
        self.blocks = list(distance_blocks(_scaled(truth)))
        mean = sum(block.sum() for block, _ in self.blocks) / self.n_pairs
        for block, unused in self.blocks:
            block -= mean
            block[unused] = 0
        squares = sum(block.ravel() @ block.ravel() for block, _ in self.blocks)
        # All distances are equal up to rounding: they correlate with nothing.
        self.is_constant = _constant(squares, self.n_pairs, mean)
        self.length = np.sqrt(squares)

    def correlation(self, estimate: np.ndarray) -> float:
        """Pearson correlation with the distances between the rows of an estimate; 0 if one of the two is constant."""
        centre, total, squares, product = 0.0, 0.0, 0.0, 0.0
        for i, ((distances, unused), (true, _)) in enumerate(
            zip(distance_blocks(_scaled(estimate)), self.blocks, strict=True)
        ):
            if i == 0:  # near the mean, so that the sums below do not cancel
                centre = float(distances.sum() / (distances.size - len(unused[0])))
            distances -= centre
            distances[unused] = 0
            flat = distances.ravel()
            total += flat.sum()
            squares += flat @ flat
            product += flat @ true.ravel()
        squares -= total**2 / self.n_pairs
        if self.is_constant or _constant(squares, self.n_pairs, centre + total / self.n_pairs):
            return 0.0
        return float(np.clip(product / (np.sqrt(squares) * self.length), -1, 1))


def distance_blocks(points: np.ndarray) -> Iterator[tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]]:
    """Yield distances of some rows to all later ones, and which entries are none of these (0 there)."""
    from scipy.spatial.distance import cdist

    points = points - points.mean(axis=0)
    norms = np.einsum("ij,ij->i", points, points)
    ones, few = np.ones(len(points)), points.shape[1] <= FEW_COLUMNS
    # Squared distances are products of these: |x|^2 - 2xy + |y|^2.
    left, right = np.column_stack([points, norms, ones]), np.vstack([-2 * points.T, ones, norms])
    n_last, near = len(points) - 1, CLOSE * norms.max()
    for start in range(0, n_last, BLOCK):
        rows, others = slice(start, min(start + BLOCK, n_last)), slice(start + 1, None)
        unused = np.tril_indices(rows.stop - start, -1)
        block = cdist(points[rows], points[others]) if few else left[rows] @ right[:, others]
        block[unused] = np.inf
        if not few:
            is_safe = block.min() > near
            block = np.sqrt(block, out=block) if is_safe else cdist(points[rows], points[others])
        block[unused] = 0
        yield block, unused


def _scaled(array: np.ndarray) -> np.ndarray:
    """Return numbers near 1, whose squares neither overflow nor vanish; a power of two scales without rounding."""
    return array * 2.0 ** -np.frexp(max(np.abs(array).max(), np.finfo(float).tiny))[1]


def _constant(squares: float, n_pairs: int, mean: float) -> bool:
    return squares <= (NEARLY_CONSTANT * mean) ** 2 * n_pairs
