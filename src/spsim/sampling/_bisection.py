"""The inverse distribution function inside brackets, by bisection on the exact thresholds."""

from __future__ import annotations

import numpy as np

from spsim.likelihoods import CountLikelihood
from spsim.sampling._thresholds import threshold_lanes, thresholds


def narrow_by_lanes(
    likelihood: CountLikelihood,
    means: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    lanes: np.ndarray,
) -> np.ndarray:
    """Narrow the brackets in place as far as the upper 16 bits (as float64) tell; return the entries that stay open."""
    still_open = [np.empty(0, np.intp)]
    active = np.flatnonzero(low < high)
    # A pass costs the same for a few as for a thousand: the last few are left to the exact thresholds.
    while len(active) > len(low) // 16:
        middle = (low[active] + high[active]) >> 1
        level, lane = threshold_lanes(likelihood.take(active), means[active], middle), lanes[active]
        reached, missed = level < lane, level > lane
        low[active[reached]] = middle[reached] + 1
        high[active[missed]] = middle[missed]
        still_open.append(active[~reached & ~missed])
        active = active[(low[active] < high[active]) & (reached | missed)]
    return np.concatenate([*still_open, active])


def narrow_to_counts(
    likelihood: CountLikelihood,
    means: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    uniforms: np.ndarray,
) -> np.ndarray:
    """Return the counts of brackets that are open."""
    low, high = low.copy(), high.copy()
    active = np.flatnonzero(low < high)
    while len(active):
        middle = (low[active] + high[active]) >> 1
        level, reachable = thresholds(likelihood.take(active), means[active], middle)
        reached = reachable & (uniforms[active] >= level)
        low[active[reached]] = middle[reached] + 1
        high[active[~reached]] = middle[~reached]
        active = active[low[active] < high[active]]
    return low
