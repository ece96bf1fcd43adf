"""Loadings W and V: each feature draws one spatial and one non-spatial factor (Townes & Engelhardt 2023)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spsim import _keys
from spsim._random import Purpose, Stream, uniforms


def feature_kinds(n_spatial: int, n_mixed: int, n_nonspatial: int, n_flat: int = 0) -> np.ndarray:
    """Position in :data:`spsim._keys.KINDS` of each feature: pure spatial, mixed, pure non-spatial, flat, in this order."""
    return np.repeat(np.arange(len(_keys.KINDS)), [n_spatial, n_mixed, n_nonspatial, n_flat])


def spatial_loadings(
    kinds: np.ndarray,
    active: Sequence[int],
    n_factors: int,
    *,
    full_weight: float,
    spatial_fraction: float,
    source: Stream,
) -> np.ndarray:
    """Return W (features × L, float32): one active factor per feature, zero columns for inactive factors."""
    choices = np.asarray(active, np.intp)
    chosen = choices[_choice(len(choices), len(kinds), source, Purpose.SPATIAL_LOADINGS)] if len(choices) else None
    return placed_loadings(spatial_weights(full_weight, spatial_fraction)[kinds], chosen, n_factors)


def nonspatial_loadings(
    kinds: np.ndarray, n_factors: int, *, full_weight: float, spatial_fraction: float, source: Stream
) -> np.ndarray:
    """Return V (features × K, float32): one non-spatial factor per feature."""
    chosen = _choice(n_factors, len(kinds), source, Purpose.NONSPATIAL_LOADINGS) if n_factors else None
    return placed_loadings(nonspatial_weights(full_weight, spatial_fraction)[kinds], chosen, n_factors)


def spatial_weights(full_weight: float, spatial_fraction: float) -> np.ndarray:
    """Weight on the spatial factor, by kind of feature."""
    return full_weight * np.array([1.0, spatial_fraction, 0.0, 0.0])


def nonspatial_weights(full_weight: float, spatial_fraction: float) -> np.ndarray:
    """Weight on the non-spatial factor, by kind of feature."""
    return full_weight * np.array([0.0, 1.0 - spatial_fraction, 1.0, 0.0])


def placed_loadings(weights: np.ndarray, chosen: np.ndarray | None, n_factors: int) -> np.ndarray:
    """Return features × factors, float32: each feature's weight in the column of its chosen factor."""
    loadings = np.zeros((len(weights), n_factors), np.float32)
    if chosen is not None:
        loadings[np.arange(len(weights)), chosen] = weights
    return loadings


def _choice(n_choices: int, size: int, source: Stream, purpose: Purpose) -> np.ndarray:
    return (uniforms(source, purpose, size) * n_choices).astype(np.intp)
