"""Sums over a mean, a few rows at a time, so that it never exists as a whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from spsim.truth._mean import Mean

ROWS = 1024


def row_totals(mean: Mean) -> np.ndarray:
    """Return the sum over the features of each observation, float64."""
    return np.concatenate([rows.sum(axis=1) for rows in _rows(mean)])


def column_means(mean: Mean) -> np.ndarray:
    """Return the mean of each feature over the observations, float64."""
    return np.sum([rows.sum(axis=0) for rows in _rows(mean)], axis=0) / mean.shape[0]


def folded_size(mean: Mean) -> np.ndarray:
    """Return the product of all sizes of each observation, float64."""
    size = np.ones(mean.shape[0])
    for values in mean.sizes.values():
        size *= values
    return size


def _rows(mean: Mean) -> Iterator[np.ndarray]:
    for start in range(0, mean.shape[0], ROWS):
        yield mean.rows(start, start + ROWS)
