"""The inverse distribution function inside brackets, by bisection on the exact thresholds."""

from __future__ import annotations

import numpy as np

from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._grid import UNBOUNDED
from spsim.likelihoods._thresholds import threshold_lanes, thresholds


def narrow_by_lanes(
    likelihood: CountLikelihood, means: np.ndarray, low: np.ndarray, high: np.ndarray, lanes: np.ndarray
) -> np.ndarray:
    """Narrow the brackets in place as far as the upper 16 bits (as float64) tell; return the entries that stay open."""
    unbounded = high == UNBOUNDED
    still_open = [np.flatnonzero(unbounded)]
    active = np.flatnonzero(~unbounded)
    bottom, top, means, lanes = (values[active] for values in (low, high, means, lanes))
    # A pass costs the same for a few as for a thousand: the last few are left to the end of the group.
    while len(active) > len(low) // 16:
        middle = (bottom + top) >> 1
        level = threshold_lanes(likelihood, means, middle)
        reached, tied = level < lanes, level == lanes
        bottom = np.where(reached, middle + 1, bottom)
        top = np.where(level > lanes, middle, top)
        low[active], high[active] = bottom, top
        still_open.append(active[tied])
        on = np.flatnonzero((bottom < top) & ~tied)
        active, bottom, top, means, lanes = (values[on] for values in (active, bottom, top, means, lanes))
    return np.concatenate([*still_open, active])


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
