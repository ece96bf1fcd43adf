r"""Counts as a smooth function of the mean and of the normal score of the uniform.

Between whole numbers the count is continued: for one mean, the real :math:`x(z)` passes through every point
:math:`(\Phi^{-1}(F(k)), k)`, so that the count of a uniform with normal score :math:`z` is
:math:`\lfloor x(z) \rfloor + 1`. Counts of whatever mean and shape are nearly straight in these coordinates.
"""

from __future__ import annotations

import numpy as np

from spsim.likelihoods import CountLikelihood
from spsim.sampling._thresholds import count_bounds, tails

# All counts up to the first number, then a growing step: far finer than a standard deviation is wide.
_ALL_UP_TO = 64
_GROWTH = 1.0 / 24.0
_BEYOND = 2.0**-22
_REACHED, _FAR = 5.0, 12.0
# No cubic follows thresholds this far apart.
_WIDE = 3.0
# Below the first threshold the count is 0 however x goes on.
LOWEST = -0.9


def continued_counts(
    likelihood: CountLikelihood, means: np.ndarray, scores: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return ``x`` for means (rows) and increasing normal scores (columns), and how far it may be off, per mean."""
    bound = int(count_bounds(likelihood, np.array([means.max()]), beyond=_BEYOND)[0])
    counts = _some_counts(bound)
    known = _threshold_scores(likelihood, means, counts)
    last = np.clip(np.stack([np.searchsorted(row, scores) for row in known]) - 1, 0, len(counts) - 2)
    found = _through_four(known, counts, np.clip(last - 1, 0, len(counts) - 4), scores)
    start, end = (np.take_along_axis(known, last + n, axis=1) for n in range(2))
    straight = counts[last] + (scores - start) / (end - start) * (counts[last + 1] - counts[last])
    found = np.where(end - start > _WIDE, straight, np.clip(found, counts[last], counts[last + 1]))
    slope = 1.0 / np.minimum(known[:, 1] - known[:, 0], 2.0)
    below = (scores - known[:, :1]) * slope[:, None]
    np.copyto(found, np.maximum(below, LOWEST), where=below < 0)
    return found, _deviation(known, counts)


def _some_counts(bound: int) -> np.ndarray:
    n_steps = max(0, int(np.ceil(np.log(max(bound, 1) / _ALL_UP_TO) / np.log1p(_GROWTH))))
    steps = np.rint(_ALL_UP_TO * (1.0 + _GROWTH) ** np.arange(1, n_steps + 1))
    return np.concatenate([np.arange(min(bound, _ALL_UP_TO) + 4.0), steps[steps > _ALL_UP_TO + 3]])


def _threshold_scores(likelihood: CountLikelihood, means: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the normal scores of ``F(k)``, one row per mean, strictly increasing."""
    from scipy.special import ndtri

    tail, upper = tails(likelihood, np.repeat(means, len(counts)), np.tile(counts, len(means)))
    scores = ndtri(np.minimum(tail, 1.0))
    scores = np.where(upper, -scores, scores).reshape(len(means), -1)
    # Far out, where tails vanish and are rounded away, any score out of reach will do.
    far = _FAR + 1.0 + np.arange(len(counts))
    scores = np.where(scores < -_FAR, far - far[-1] - _FAR - 1.0, np.where(scores > _FAR, far, scores))
    return np.maximum.accumulate(scores + 1e-12 * np.arange(len(counts)), axis=1)


def _through_four(known: np.ndarray, counts: np.ndarray, first: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Interpolate by the cubic through four neighbouring thresholds."""
    at = [np.take_along_axis(known, first + n, axis=1) for n in range(4)]
    values = [counts.take(first + n) for n in range(4)]
    # Neville's scheme.
    for order in range(1, 4):
        for n in range(4 - order):
            span = at[n + order] - at[n]
            values[n] = ((scores - at[n]) * values[n + 1] - (scores - at[n + order]) * values[n]) / span
    return values[0]


def _deviation(known: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Guess the error between the counts that were looked at: an eighth of that with every other one left out."""
    even, odd = slice(0, None, 2), slice(_ALL_UP_TO + 1, len(counts) - 1, 2)
    if not len(counts[odd]):
        return np.zeros(len(known))
    first = np.clip(np.arange(_ALL_UP_TO // 2, _ALL_UP_TO // 2 + len(counts[odd])) - 1, 0, len(counts[even]) - 4)
    guess = _through_four(known[:, even], counts[even], np.tile(first, (len(known), 1)), known[:, odd])
    reached = np.abs(known[:, odd]) < _REACHED
    return np.where(reached, np.abs(guess - counts[odd]), 0.0).max(axis=1) / 8.0
