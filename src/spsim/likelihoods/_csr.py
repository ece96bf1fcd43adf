"""Counts as a sparse float32 matrix, never dense on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from spsim._random import Stream
from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._plan import Draw, plan_classes, plan_means
from spsim.likelihoods._rows import rows_per_step

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def sample_classes_csr(
    likelihood: CountLikelihood,
    means: np.ndarray,
    spot_class: np.ndarray,
    feature_class: np.ndarray,
    *,
    stream: Stream,
    first_spot: int = 0,
) -> csr_matrix:
    """Sample the counts of :func:`sample_classes` as a sparse matrix.

    Parameters
    ----------
    likelihood
        The distribution of a count given its mean.
    means
        Mean per class of spot (rows) and class of feature (columns), finite and not negative.
    spot_class
        Row of ``means`` for each spot.
    feature_class
        Column of ``means`` for each feature.
    stream
        Seed and name of the numbers.
    first_spot
        Position of the first spot in the whole data set.

    Returns
    -------
    Spots x features, float32, sorted indices, no stored zeros.

    Examples
    --------
    >>> from spsim._random import seed_sequence, stream
    >>> from spsim.likelihoods import Poisson, sample_classes_csr
    >>> counts = sample_classes_csr(Poisson(), [[0.5]], [0, 0], [0, 0, 0], stream=stream(seed_sequence(0), "peaks"))
    >>> counts.toarray()
    array([[0., 2., 0.],
           [0., 0., 1.]], dtype=float32)
    """
    draw = plan_classes(likelihood, means, spot_class, feature_class, stream=stream, first_spot=first_spot)
    return _collect(draw, (len(spot_class), len(feature_class)))


def sample_means_csr(
    likelihood: CountLikelihood,
    mean_rows: Callable[[int, int], np.ndarray],
    shape: tuple[int, int],
    *,
    stream: Stream,
    first_spot: int = 0,
) -> csr_matrix:
    """Sample the counts of :func:`sample_means` as a sparse matrix.

    Parameters
    ----------
    likelihood
        The distribution of a count given its mean.
    mean_rows
        Function of (start, stop) that returns the means of these spots, (stop - start) x features.
    shape
        Number of spots and features.
    stream
        Seed and name of the numbers.
    first_spot
        Position of the first spot in the whole data set.

    Returns
    -------
    Spots x features, float32, sorted indices, no stored zeros.

    Examples
    --------
    >>> import numpy as np
    >>> from spsim._random import seed_sequence, stream
    >>> from spsim.likelihoods import Poisson, sample_means_csr
    >>> means = np.linspace(0, 1, 8).reshape(2, 4)
    >>> peaks = stream(seed_sequence(0), "peaks")
    >>> sample_means_csr(Poisson(), lambda start, stop: means[start:stop], (2, 4), stream=peaks).toarray()
    array([[0., 1., 0., 2.],
           [0., 1., 1., 0.]], dtype=float32)
    """
    draw = plan_means(likelihood, mean_rows, shape, stream=stream, first_spot=first_spot)
    return _collect(draw, shape)


def _collect(draw: Draw, shape: tuple[int, int]) -> csr_matrix:
    from scipy.sparse import csr_matrix

    entries = _Entries(shape, *draw.expected_nonzeros())
    groups = draw.groups()
    buffer = np.empty((max((stop - start for start, stop in groups), default=0), shape[1]), draw.dtype)
    for start, stop in groups:
        draw.fill(start, buffer[: stop - start])
        entries.append(start, buffer[: stop - start])
    result = csr_matrix(entries.arrays(), shape=shape)
    result.has_sorted_indices = result.has_canonical_format = True
    return result


class _Entries:
    """Values, columns and row ends, written once into arrays that are sized beforehand and trimmed in place."""

    def __init__(self, shape: tuple[int, int], expected: float, deviation: float) -> None:
        self.shape, self.filled = shape, 0
        # One sample in 1e9 exceeds this; then the arrays grow.
        capacity = min(int(expected + 6 * deviation) + 64, shape[0] * shape[1])
        self.values = np.empty(capacity, np.float32)
        self.columns = np.empty(capacity, np.int32 if capacity <= np.iinfo(np.int32).max else np.int64)
        self.ends = np.zeros(shape[0] + 1, np.int64)
        self.column_of = np.empty(0, self.columns.dtype)

    def append(self, start: int, counts: np.ndarray) -> None:
        """Append the entries above 0 of some rows."""
        width = counts.shape[1]
        if not self.column_of.size:
            self.column_of = np.tile(np.arange(width, dtype=self.columns.dtype), rows_per_step(width))
        for first in range(0, len(counts), rows_per_step(width)):
            part = counts[first : first + rows_per_step(width)]
            above = part != 0
            row = start + first
            self.ends[row + 1 : row + len(part) + 1] = self.filled + np.count_nonzero(above, axis=1).cumsum()
            self._append(np.flatnonzero(above), part.reshape(-1), row + len(part))

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return what a CSR matrix is made of, without slack."""
        self._resize(self.filled)
        return self.values, self.columns, self.ends

    def _append(self, at: np.ndarray, counts: np.ndarray, rows_done: int) -> None:
        end = self.filled + len(at)
        if end > len(self.values):
            self._resize(min(end * self.shape[0] // rows_done + end // 50, self.shape[0] * self.shape[1]))
        self.values[self.filled : end] = counts.take(at)
        self.column_of.take(at, out=self.columns[self.filled : end], mode="clip")
        self.filled = end

    def _resize(self, capacity: int) -> None:
        self.values.resize(capacity, refcheck=False)
        self.columns.resize(capacity, refcheck=False)
