r"""The thresholds that define a count: ``Y = #{k : U >= C_k}`` with ``C_k = round(2**64 F(k; mean))``.

Every path of the sampler takes its thresholds from here, so all of them give the same integers.
"""

from __future__ import annotations

import numpy as np

from spsim.likelihoods import CountLikelihood
from spsim.sampling._uniforms import N_LANES

_SCALE = 2.0**64
_MOST = 2.0**53  # counts are looked for in double precision
_MANTISSA_STEP = np.uint64(1 << 10)


def tails(likelihood: CountLikelihood, mean: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, element by element, the tail that is small and whether it is the upper one.

    That tail keeps its relative precision; at a count at or above the mean it is the upper one.
    """
    mean = canonical(mean)
    upper = count >= mean
    at_upper, at_lower = np.flatnonzero(upper), np.flatnonzero(~upper)
    tail = np.empty(mean.shape)
    tail[at_upper] = likelihood.take(at_upper).survival(mean[at_upper], count[at_upper])
    tail[at_lower] = likelihood.take(at_lower).cdf(mean[at_lower], count[at_lower])
    return tail, upper


def thresholds(likelihood: CountLikelihood, mean: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ``C_k`` (uint64) element by element, and whether any uniform reaches it (``C_k < 2**64``)."""
    tail, upper = tails(likelihood, mean, count)
    whole = tail >= 1.0
    words = np.rint(np.where(whole, 0.0, tail) * _SCALE).astype(np.uint64)
    reachable = np.where(upper, whole | (words > 0), ~whole)
    return np.where(upper, ~words + np.uint64(1), words), reachable


def threshold_lanes(likelihood: CountLikelihood, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Return the upper 16 bits of ``C_k`` as float64; a lane above them reaches it, an equal one leaves it open.

    Rounding to 64 bits may lift ``C_k`` over a whole number of lanes; equal lanes are looked at again, so that is safe.
    """
    tail, upper = tails(likelihood, mean, count)
    tail *= N_LANES
    np.negative(tail, where=upper, out=tail)
    np.floor(tail, out=tail)
    np.add(tail, N_LANES, where=upper, out=tail)
    return tail


def threshold_lists(likelihood: CountLikelihood, means: np.ndarray, sizes: np.ndarray) -> list[np.ndarray]:
    """Return the reachable ones of the first thresholds of each mean; a count is their number at or below ``U``."""
    counts = np.concatenate([np.arange(size) for size in sizes])
    number = np.repeat(np.arange(len(means)), sizes)
    levels, reachable = thresholds(likelihood.take(number), means.take(number), counts)
    ends = np.cumsum(sizes)[:-1]
    pairs = zip(np.split(levels, ends), np.split(reachable, ends), strict=True)
    # Rounding may put neighbours out of order by a part in 2**53.
    return [np.maximum.accumulate(level[: np.count_nonzero(open_)]) for level, open_ in pairs]


def lane_counts(levels: np.ndarray, dtype: np.dtype | type) -> np.ndarray:
    """Return the count at every lane, and the largest number of this type where a threshold lies inside the lane."""
    lanes = (levels >> np.uint64(48)).astype(np.intp)
    edges = np.concatenate([[0], lanes, [N_LANES]])
    counts = np.arange(len(levels) + 1, dtype=dtype).repeat(np.diff(edges))
    counts[lanes] = np.iinfo(dtype).max
    return counts


def smallest_type(n_levels: int) -> type:
    """Return the smallest type for counts up to this one and a sentinel above."""
    return next(number for number in (np.uint8, np.uint16, np.uint32) if n_levels < np.iinfo(number).max)


def count_bounds(likelihood: CountLikelihood, means: np.ndarray, *, beyond: float = 0.0) -> np.ndarray:
    """Return a count per mean, at most about a quarter too large, that is exceeded with probability ``beyond`` or less.

    With 0 no 64-bit uniform exceeds it.
    """
    bounds = np.full(len(means), -1, np.int64)
    left = np.flatnonzero(means <= _MOST)
    for ahead in np.rint(8 * 1.25 ** np.arange(156)).reshape(6, 26):
        candidates = np.ceil(means[left])[:, None] + ahead
        columns = np.broadcast_to(means[left][:, None], candidates.shape)
        # A column per candidate, so that shapes of single rows spread over it.
        of_rows = likelihood.take(left[:, None])
        enough = (of_rows.survival(columns, candidates) <= max(beyond, 0.5 / _SCALE)) & (candidates <= _MOST)
        found = enough.any(axis=1)
        bounds[left[found]] = candidates[found, enough[found].argmax(axis=1)]
        left = left[~found]
        if not len(left):
            break
    if (bounds < 0).any():
        msg = f"mean must be small enough for counts below 2**53, got {means[bounds < 0].max():g} with {likelihood}"
        raise ValueError(msg)
    return bounds


def canonical(mean: np.ndarray) -> np.ndarray:
    """Round to 43 significant bits, so that means that differ by the order of a sum give the same thresholds."""
    bits = np.ascontiguousarray(mean, np.float64).view(np.uint64)
    rounded = (bits + (_MANTISSA_STEP >> np.uint64(1))) & ~(_MANTISSA_STEP - np.uint64(1))
    return rounded.view(np.float64)
