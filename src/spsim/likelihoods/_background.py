"""Counts that take the lowest uniforms and have one mean: the background of a mixture."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._negative_binomial import NegativeBinomial
from spsim.likelihoods._thresholds import count_bounds, slot_counts, smallest_type, tails

_SCALE = 2.0**64
# Every count of the background is a threshold that is looked up.
_MOST_LEVELS = 2**23


def check_background(likelihood: NegativeBinomial, mean: float) -> None:
    """Refuse a background whose counts are too many to list."""
    try:
        bound = count_bounds(likelihood, np.array([mean]))[0]
    except ValueError:
        bound = np.inf
    if bound > _MOST_LEVELS:
        msg = (
            f"background_mean must be small enough, and background_shape large enough, for counts below {_MOST_LEVELS}, "
            f"got {mean:g} with background_shape={likelihood.shape:g}"
        )
        raise ValueError(msg)


class Background:
    r"""Where :math:`U < q`, the count :math:`F^{-1}(U / q)` of one distribution; 0 elsewhere."""

    def __init__(self, likelihood: CountLikelihood, mean: float, probability: float) -> None:
        self.likelihood, self.mean, self.probability = likelihood, np.array([mean]), probability
        # q is above 0; the last uniform below it fits into 64 bits even if q is 1.
        self.last = np.uint64(round(probability * _SCALE) - 1)

    @cached_property
    def levels(self) -> np.ndarray:
        """Thresholds below ``q``, uint64."""
        counts = np.arange(count_bounds(self.likelihood, self.mean)[0])
        tail, upper = tails(self.likelihood, np.repeat(self.mean, len(counts)), counts)
        words = np.rint(np.minimum(tail, 1.0 - 2.0**-53) * self.probability * _SCALE).astype(np.uint64)
        # Counted down from q, a level of q itself is not reached.
        levels = np.where(upper, self.last - words + np.uint64(1), words)
        return np.maximum.accumulate(levels[np.where(upper, words > 0, tail < 1.0)])

    def slots(self) -> np.ndarray:
        """Return the count of every lane, or the largest number of the type where the lower bits decide."""
        counts = slot_counts(self.levels, smallest_type(len(self.levels)))
        end = int(self.last >> np.uint64(48))
        counts[end:] = 0
        counts[end] = np.iinfo(counts.dtype).max
        return counts

    def counts(self, uniforms: np.ndarray) -> np.ndarray:
        """Return the counts of 64-bit uniforms."""
        return np.where(uniforms <= self.last, np.searchsorted(self.levels, uniforms, side="right"), 0)
