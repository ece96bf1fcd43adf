"""Checks of what the samplers are given."""

from __future__ import annotations

import numpy as np

from spsim._validate import shown, whole
from spsim.likelihoods import ContinuousLikelihood, CountLikelihood

_LARGEST = np.finfo(np.float64).max


def checked_likelihood(likelihood: object) -> CountLikelihood | ContinuousLikelihood:
    """Return a likelihood that can be sampled."""
    if not isinstance(likelihood, CountLikelihood | ContinuousLikelihood):
        msg = f"likelihood must be a likelihood such as NegativeBinomial(shape=10), got {shown(likelihood)}"
        raise TypeError(msg)
    return likelihood


def checked_means(mean: np.ndarray, size: tuple[int, ...], *, lowest: float) -> np.ndarray:
    """Return the means as a C-contiguous float64 array of this size, finite and not below the lowest."""
    values = np.ascontiguousarray(mean, np.float64)
    if values.shape != size:
        msg = f"mean must have shape {size}, got {values.shape}"
        raise ValueError(msg)
    # NaN passes through min and max, and fails both comparisons.
    if values.size and not (values.min() >= max(lowest, -_LARGEST) and values.max() <= _LARGEST):
        worst = values[~(np.isfinite(values) & (values >= lowest))].flat[0]
        bound = f" and at least {lowest:g}" if lowest > -np.inf else ""
        msg = f"mean must be finite{bound}, got {worst}"
        raise ValueError(msg)
    return values


def checked_classes(name: str, classes: np.ndarray, n_classes: int) -> np.ndarray:
    """Return class numbers as a one-dimensional integer array, all of them in range."""
    values = np.asarray(classes)
    if values.size == 0:
        values = values.astype(np.intp)
    if values.ndim != 1 or not np.issubdtype(values.dtype, np.integer):
        msg = f"{name} must be a one-dimensional array of integers, got {values.ndim} dimensions of {values.dtype}"
        raise TypeError(msg)
    if values.size and not (values.min() >= 0 and values.max() < n_classes):
        wrong = values[(values < 0) | (values >= n_classes)][0]
        msg = f"{name} must be in 0 to {n_classes - 1} (the classes of mean), got {wrong}"
        raise ValueError(msg)
    return values.astype(np.intp, copy=False)


def checked_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return the number of spots and of features as two whole numbers."""
    if len(size) != 2:
        msg = f"size must be (n_spots, n_features), got {shown(size)}"
        raise ValueError(msg)
    return whole("size[0]", size[0]), whole("size[1]", size[1])


def checked_positions(name: str, positions: np.ndarray) -> np.ndarray:
    """Return positions of spots or features as a one-dimensional integer array, none of them negative."""
    values = np.asarray(positions)
    if values.size == 0:
        values = values.astype(np.intp)
    if values.ndim != 1 or not np.issubdtype(values.dtype, np.integer):
        msg = f"{name} must be a one-dimensional array of integers, got {values.ndim} dimensions of {values.dtype}"
        raise TypeError(msg)
    if values.size and values.min() < 0:
        msg = f"{name} must not be negative, got {values.min()}"
        raise ValueError(msg)
    return values.astype(np.int64, copy=False)
