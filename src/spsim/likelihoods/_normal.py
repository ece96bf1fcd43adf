"""Normal scores of 64-bit uniforms."""

from __future__ import annotations

import numpy as np

_HALF = np.uint64(1 << 63)


def normal_scores(uniforms: np.ndarray) -> np.ndarray:
    r"""Return :math:`\Phi^{-1}((U + 1/2) / 2^{64})`, equally accurate in both tails."""
    from scipy.special import ndtri

    below = uniforms < _HALF
    tail = np.where(below, uniforms, ~uniforms).astype(np.float64)
    tail += 0.5
    tail *= 2.0**-64
    scores = ndtri(tail)
    return np.negative(scores, out=scores, where=~below)
