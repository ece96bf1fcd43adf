"""The inverse distribution function inside brackets, by bisection on the exact thresholds."""

from __future__ import annotations

import numpy as np

from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._thresholds import thresholds

_LANE = np.uint64(48)


def narrow_by_lanes(
    likelihood: CountLikelihood, means: np.ndarray, low: np.ndarray, high: np.ndarray, lanes: np.ndarray
) -> np.ndarray:
    """Narrow the brackets in place as far as the upper 16 bits tell; return the entries that stay open."""
    still_open = [np.empty(0, np.intp)]
    active, bottom, top = np.arange(len(means)), low, high
    while len(active):
        middle = (bottom + top) >> 1
        level, reachable = thresholds(likelihood, means, middle)
        level >>= _LANE
        reached = (level < lanes) & reachable
        tied = (level == lanes) & reachable
        bottom = np.where(reached, middle + 1, bottom)
        top = np.where(reached | tied, top, middle)
        low[active], high[active] = bottom, top
        still_open.append(active[tied])
        on = np.flatnonzero((bottom < top) & ~tied)
        active, bottom, top, means, lanes = (values[on] for values in (active, bottom, top, means, lanes))
    return np.concatenate(still_open)


def narrow_to_counts(
    likelihood: CountLikelihood, means: np.ndarray, low: np.ndarray, high: np.ndarray, uniforms: np.ndarray
) -> np.ndarray:
    """Return the counts of brackets that are open."""
    counts = low.copy()
    active = np.arange(len(means))
    while len(active):
        middle = (low + high) >> 1
        level, reachable = thresholds(likelihood, means, middle)
        reached = reachable & (uniforms >= level)
        low = np.where(reached, middle + 1, low)
        high = np.where(reached, high, middle)
        counts[active] = low
        on = np.flatnonzero(low < high)
        active, low, high, means, uniforms = (values[on] for values in (active, low, high, means, uniforms))
    return counts
