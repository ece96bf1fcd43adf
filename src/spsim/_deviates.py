"""Deviates that effects are made of: signs, normal and log-normal ones."""

from __future__ import annotations

import numpy as np

from spsim._random import Purpose, Stream, uniforms

# The largest double below 1: a uniform that rounds to 1 would be an infinite normal deviate.
LARGEST = 1 - 2.0**-53
# No normal deviate that is drawn exceeds it.
LARGEST_DEVIATE = 8.3


def loading_signs(n_features: int, down_fraction: float, source: Stream, *, tile: int) -> np.ndarray:
    """Return -1 with the given probability, else 1, for each feature."""
    return np.where(uniforms(source, Purpose.LOADING_SIGN, n_features, tile=tile) < down_fraction, -1.0, 1.0)


def log_normal(size: int, median: float, sd: float, source: Stream, purpose: Purpose) -> np.ndarray:
    """Return log-normal effects, float32; ``sd`` is that of the logarithm."""
    return (median * np.exp(sd * normal_deviates(uniforms(source, purpose, size)))).astype(np.float32)


def normal_deviates(drawn: np.ndarray) -> np.ndarray:
    """Return the standard normal deviates of uniforms on [0, 1), all of them finite."""
    from scipy.special import ndtri

    return ndtri(np.minimum(drawn + 2.0**-54, LARGEST))
