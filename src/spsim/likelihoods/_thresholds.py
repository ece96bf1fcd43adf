r"""The thresholds that define a count: ``Y = #{k : U >= C_k}`` with ``C_k = round(2**64 F(k; mean))``.

Every path of the sampler takes its thresholds from here, so all of them give the same integers.
"""

from __future__ import annotations

import numpy as np

from spsim.likelihoods._base import CountLikelihood

_SCALE = 2.0**64
_MANTISSA_STEP = np.uint64(1 << 10)


def thresholds(likelihood: CountLikelihood, mean: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ``C_k`` (uint64) element by element, and whether any uniform reaches it (``C_k < 2**64``)."""
    mean, count = np.broadcast_arrays(canonical(mean), np.asarray(count))
    upper = count >= mean
    tail = np.empty(mean.shape)
    # The tail that is small keeps its relative precision; at a count at or above the mean that is the upper one.
    tail[upper] = likelihood.survival(mean[upper], count[upper])
    tail[~upper] = likelihood.cdf(mean[~upper], count[~upper])
    whole = tail >= 1.0
    words = np.rint(np.where(whole, 0.0, tail) * _SCALE).astype(np.uint64)
    reachable = np.where(upper, whole | (words > 0), ~whole)
    return np.where(upper, ~words + np.uint64(1), words), reachable


def threshold_lists(likelihood: CountLikelihood, means: np.ndarray) -> list[np.ndarray]:
    """Return all reachable thresholds of each mean, sorted; a count is their number at or below its uniform."""
    sizes = count_bounds(likelihood, means)
    counts = np.concatenate([np.arange(size) for size in sizes])
    levels, reachable = thresholds(likelihood, np.repeat(means, sizes), counts)
    ends = np.cumsum(sizes)[:-1]
    pairs = zip(np.split(levels, ends), np.split(reachable, ends), strict=True)
    # Rounding may put neighbours out of order by a part in 2**53.
    return [np.maximum.accumulate(level[: np.count_nonzero(open_)]) for level, open_ in pairs]


def count_bounds(likelihood: CountLikelihood, means: np.ndarray, *, beyond: float = 0.0) -> np.ndarray:
    """Return a count per mean, at most about a quarter too large, that is exceeded with probability ``beyond`` or less.

    With 0 no 64-bit uniform exceeds it.
    """
    candidates = np.ceil(means)[:, None] + np.rint(8 * 1.25 ** np.arange(155))
    columns = np.broadcast_to(means[:, None], candidates.shape)
    exceeded = likelihood.survival(columns, candidates) > max(beyond, 0.5 / _SCALE)
    if exceeded[:, -1].any():
        worst = means[exceeded[:, -1]].max()
        msg = f"mean must be small enough for counts below 2**53, got {worst:g} with {likelihood}"
        raise ValueError(msg)
    return candidates[np.arange(len(means)), exceeded.argmin(axis=1)].astype(np.int64)


def canonical(mean: np.ndarray) -> np.ndarray:
    """Round to 43 significant bits, so that means that differ by the order of a sum give the same thresholds."""
    bits = np.ascontiguousarray(mean, np.float64).view(np.uint64)
    rounded = (bits + (_MANTISSA_STEP >> np.uint64(1))) & ~(_MANTISSA_STEP - np.uint64(1))
    return rounded.view(np.float64)
