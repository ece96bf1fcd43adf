"""Correlation of an embedding's distances with the true ones, block by block, so that they never exist all at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from spsim.metrics._arrays import NEARLY_CONSTANT
from spsim.metrics._threads import in_threads, n_threads

# Rows of a block: its distances stay in the processor's cache.
BLOCK = 32
# Up to here differences are as fast as a product of matrices.
FEW_COLUMNS = 8
# Squared distances below this share of the largest norm are not left to a difference of products, which rounds.
CLOSE = 1e-3
# Deviations that are this small beside the mean are summed once more, without it.
CANCELS = 1e-3

Unused = tuple[np.ndarray, np.ndarray]


class TrueDistances:
    """Distances between all pairs of rows of the truth, kept for many estimates."""

    def __init__(self, truth: np.ndarray) -> None:
        blocks = DistanceBlocks(truth)
        self.n_pairs = len(truth) * (len(truth) - 1) // 2
        self.blocks = [block.copy() for _, block, _ in blocks.some(range(blocks.n_blocks))]
        mean = sum(block.sum() for block in self.blocks) / self.n_pairs
        for block in self.blocks:
            block -= mean
            block[blocks.unused(len(block))] = 0
        squares = sum(block.ravel() @ block.ravel() for block in self.blocks)
        # All distances are equal up to rounding: there is nothing to correlate with.
        self.is_constant = _constant(squares, self.n_pairs, mean)
        self.length = np.sqrt(squares)

    def correlation(self, estimate: np.ndarray) -> float:
        """Pearson correlation with the distances between the rows of an estimate; 0 if these are constant, NaN if the truth's are."""
        if self.is_constant:
            return float("nan")
        blocks = DistanceBlocks(estimate)
        mean, squares, product = self._sums(blocks, 0.0)
        if squares < CANCELS * self.n_pairs * mean**2:
            offset, squares, product = self._sums(blocks, mean)
            mean += offset
        if _constant(squares, self.n_pairs, mean):
            return 0.0
        return float(np.clip(product / (np.sqrt(squares) * self.length), -1, 1))

    def _sums(self, blocks: DistanceBlocks, centre: float) -> tuple[float, float, float]:
        """Mean of the distances less ``centre``, their squared deviations, and their product with the true ones."""
        # One row per block, added up in their order, so that the number of threads changes no bit.
        sums = np.empty((blocks.n_blocks, 3))

        def fill(numbers: range) -> None:
            for i, distances, unused in blocks.some(numbers):
                if centre:
                    distances -= centre
                    distances[unused] = 0
                flat = distances.ravel()
                sums[i] = flat.sum(), flat @ flat, flat @ self.blocks[i].ravel()

        count = min(n_threads(), blocks.n_blocks)
        in_threads(fill, [range(first, blocks.n_blocks, count) for first in range(count)])
        total, squares, product = sums.sum(axis=0).tolist()
        return total / self.n_pairs, squares - total**2 / self.n_pairs, product


class DistanceBlocks:
    """Distances of some rows to all later ones, a few rows at a time."""

    def __init__(self, points: np.ndarray) -> None:
        self.points = _scaled(points - points.mean(axis=0))
        norms = np.einsum("ij,ij->i", self.points, self.points)
        ones = np.ones(len(norms))
        # Squared distances are products of these: |x|^2 - 2xy + |y|^2.
        self.left = np.column_stack([self.points, norms, ones])
        self.right = np.vstack([-2 * self.points.T, ones, norms])
        self.near = CLOSE * norms.max()
        self.n_last = len(points) - 1
        self.n_blocks = -(-self.n_last // BLOCK)
        self._below = np.tril_indices(BLOCK, -1)

    def unused(self, n_rows: int) -> Unused:
        """Return the entries of a block that are no pair, or one of another block; 0 there."""
        return self._below if n_rows == BLOCK else np.tril_indices(n_rows, -1)

    def some(self, numbers: range) -> Iterator[tuple[int, np.ndarray, Unused]]:
        """Yield the number of a block, its distances and which of them are unused; the next block overwrites it."""
        from scipy.spatial.distance import cdist

        room = np.empty(BLOCK * self.n_last)  # asking for memory takes as long as filling it
        for i in numbers:
            start, stop = i * BLOCK, min((i + 1) * BLOCK, self.n_last)
            block = room[: (stop - start) * (self.n_last - start)].reshape(stop - start, -1)
            unused = self.unused(stop - start)
            if not self._by_product(start, stop, block, unused):
                cdist(self.points[start:stop], self.points[start + 1 :], out=block)
            block[unused] = 0
            yield i, block, unused

    def _by_product(self, start: int, stop: int, block: np.ndarray, unused: Unused) -> bool:
        """Fill a block from a product of matrices; False if some rows are too close for that."""
        if self.points.shape[1] <= FEW_COLUMNS:
            return False
        np.matmul(self.left[start:stop], self.right[:, start + 1 :], out=block)
        block[unused] = np.inf
        if block.min() <= self.near:
            return False
        np.sqrt(block, out=block)
        return True


def _scaled(array: np.ndarray) -> np.ndarray:
    """Return numbers near 1, whose squares neither overflow nor vanish; a power of two scales without rounding."""
    return array * 2.0 ** -np.frexp(max(np.abs(array).max(), np.finfo(float).tiny))[1]


def _constant(squares: float, n_pairs: int, mean: float) -> bool:
    return squares <= (NEARLY_CONSTANT * mean) ** 2 * n_pairs
