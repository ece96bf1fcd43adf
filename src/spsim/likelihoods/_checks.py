"""Checks of what the samplers are given."""

from __future__ import annotations

import numpy as np

from spsim._validate import shown, whole
from spsim.likelihoods._base import ContinuousLikelihood, CountLikelihood


def checked_likelihood(likelihood: object) -> CountLikelihood | ContinuousLikelihood:
    """Return a likelihood that can be sampled."""
    if not isinstance(likelihood, CountLikelihood | ContinuousLikelihood):
        msg = f"likelihood must be a likelihood such as NegativeBinomial(shape=10), got {shown(likelihood)}"
        raise TypeError(msg)
    return likelihood


def checked_means(mean: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return the means as a C-contiguous float64 array of this shape, finite and not negative."""
    values = np.ascontiguousarray(mean, np.float64)
    if values.shape != shape:
        msg = f"mean must have shape {shape}, got {values.shape}"
        raise ValueError(msg)
    # NaN passes through min and max, and fails both comparisons.
    if values.size and not (values.min() >= 0 and values.max() < np.inf):
        worst = values[~((values >= 0) & (values < np.inf))].flat[0]
        msg = f"mean must be finite and at least 0, got {worst}"
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


def checked_shape(shape: tuple[int, int]) -> tuple[int, int]:
    """Return a shape as two whole numbers."""
    if len(shape) != 2:
        msg = f"shape must be (n_spots, n_features), got {shown(shape)}"
        raise ValueError(msg)
    return whole("shape[0]", shape[0]), whole("shape[1]", shape[1])


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
