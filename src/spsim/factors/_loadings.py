"""Loadings W and V: each feature draws one spatial and one non-spatial factor (Townes & Engelhardt 2023)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spsim import _keys
from spsim._random import Purpose, Stream, uniforms


def feature_kinds(n_spatial: int, n_mixed: int, n_nonspatial: int) -> np.ndarray:
    """Position in :data:`spsim._keys.KINDS` of each feature: pure spatial, mixed, pure non-spatial, in this order."""
    return np.repeat(np.arange(len(_keys.KINDS)), [n_spatial, n_mixed, n_nonspatial])


def spatial_loadings(
    kinds: np.ndarray,
    active: Sequence[int],
    n_factors: int,
    *,
    expression_mean: float,
    spatial_fraction: float,
    source: Stream,
) -> np.ndarray:
    """Return W (features × L, float32): one active factor per feature, zero columns for inactive factors."""
    weights = expression_mean * np.array([1.0, spatial_fraction, 0.0])
    return _one_factor_each(kinds, weights, np.asarray(active, np.intp), n_factors, source, Purpose.SPATIAL_LOADINGS)


def nonspatial_loadings(
    kinds: np.ndarray, n_factors: int, *, expression_mean: float, spatial_fraction: float, source: Stream
) -> np.ndarray:
    """Return V (features × K, float32): one non-spatial factor per feature."""
    weights = expression_mean * np.array([0.0, 1.0 - spatial_fraction, 1.0])
    return _one_factor_each(kinds, weights, np.arange(n_factors), n_factors, source, Purpose.NONSPATIAL_LOADINGS)


def _one_factor_each(
    kinds: np.ndarray, weights: np.ndarray, choices: np.ndarray, n_factors: int, source: Stream, purpose: Purpose
) -> np.ndarray:
    loadings = np.zeros((len(kinds), n_factors), np.float32)
    if len(choices):
        drawn = choices[(uniforms(source, purpose, len(kinds)) * len(choices)).astype(np.intp)]
        loadings[np.arange(len(kinds)), drawn] = weights[kinds]
    return loadings
