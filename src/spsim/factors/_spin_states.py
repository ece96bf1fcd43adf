"""States of a spin network: drawn exactly where all of them can be listed, else by Gibbs sampling that is checked."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from spsim._random import Purpose, Stream, uniforms
from spsim._warn import warn_user

# 3^8 = 6561 states.
MOST_LISTED = 8
# Share of observations whose two chains may still differ.
UNMET = 0.01


def spin_states(
    fields: np.ndarray, which: np.ndarray, couplings: np.ndarray, source: Stream, *, n_sweeps: int
) -> np.ndarray:
    r"""Draw s in {-1, 0, 1} from P(s) ∝ exp(h's + Σ_{i<j} J_ij s_i s_j + Σ_i J_ii s_i²), one per observation.

    Parameters
    ----------
    fields
        The distinct h, number × programs.
    which
        Row of ``fields`` of each observation.
    couplings
        J, symmetric.
    source
        Where the numbers come from; observations are a prefix of more of them.
    n_sweeps
        Sweeps of the Gibbs sampler, if there are more than eight programs.

    Returns
    -------
    Observations × programs, int8.
    """
    if len(couplings) <= MOST_LISTED:
        return listed_states(fields, which, couplings, uniforms(source, Purpose.PROGRAMS, len(which)))
    first, n_apart = gibbs_states(fields[which], couplings, source, starts=(-1, 1), n_sweeps=n_sweeps)
    unmet = n_apart / max(len(which), 1)
    if unmet > UNMET:
        warn_user(
            f"states of the network depend on where the sampler began in {unmet:.1%} of the observations after "
            f"n_sweeps={n_sweeps}: raise n_sweeps, or make couplings weaker"
        )
    return first


def state_probabilities(field: np.ndarray, couplings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all states and their probabilities."""
    states = _states(len(couplings))
    between = couplings - np.diag(np.diag(couplings))
    exponent = states @ field + 0.5 * ((states @ between) * states).sum(axis=1) + states**2 @ np.diag(couplings)
    weights = np.exp(exponent - exponent.max())
    return states, weights / weights.sum()


def listed_states(fields: np.ndarray, which: np.ndarray, couplings: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Draw states by inversion of their distribution function."""
    result = np.zeros((len(which), len(couplings)), np.int8)
    for number, field in enumerate(fields):
        own = which == number
        states, probabilities = state_probabilities(field, couplings)
        steps = np.cumsum(probabilities)[:-1]
        result[own] = states[np.searchsorted(steps, drawn[own], side="right")]
    return result


def gibbs_states(
    fields: np.ndarray, couplings: np.ndarray, source: Stream, *, starts: tuple[int, int], n_sweeps: int
) -> tuple[np.ndarray, int]:
    """Draw states from the first start, and say how many observations the other start has not led to the same ones.

    Chains with the same numbers that have met are the same from then on: where they began plays no role any more.
    """
    states, other = (np.full(fields.shape, float(start)) for start in starts)
    apart = np.arange(len(fields))
    for sweep in range(n_sweeps):
        drawn = uniforms(source, Purpose.PROGRAMS, fields.shape, tile=1 + sweep)
        _sweep(states, fields, couplings, drawn)
        if len(apart):
            own = other[apart]
            _sweep(own, fields[apart], couplings, drawn[apart])
            other[apart] = own
            apart = apart[(own != states[apart]).any(axis=1)]
    return states.astype(np.int8), len(apart)


def _sweep(states: np.ndarray, fields: np.ndarray, couplings: np.ndarray, drawn: np.ndarray) -> None:
    """Draw states program by program given all others, in place."""
    own = np.diag(couplings)
    between = couplings - np.diag(own)
    for k in range(len(couplings)):
        slope = fields[:, k] + states @ between[:, k]
        # Divided by the largest term, so that none overflows.
        top = np.maximum(np.abs(slope) + own[k], 0.0)
        down, none, up = np.exp(-slope + own[k] - top), np.exp(-top), np.exp(slope + own[k] - top)
        at = drawn[:, k] * (down + none + up)
        states[:, k] = (at >= down).astype(float) + (at >= down + none) - 1.0


@lru_cache(maxsize=4)
def _states(n_programs: int) -> np.ndarray:
    states = np.indices((3,) * n_programs).reshape(n_programs, -1).T - 1.0
    states.setflags(write=False)
    return states
