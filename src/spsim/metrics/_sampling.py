"""Seeded samples of rows, for scores whose cost grows with the square of the number of spots."""

from __future__ import annotations

import numpy as np

from spsim import _validate
from spsim._random import RNGLike, check_rng, seed_sequence


def sampled_rows(n_rows: int, n_sampled: int | None, rng: RNGLike) -> np.ndarray:
    """Return ``n_sampled`` row numbers in ascending order; all of them if that is None or more than there are."""
    check_rng(rng)
    if n_sampled is None or _validate.whole("n_sampled", n_sampled, at_least=2) >= n_rows:
        return np.arange(n_rows)
    return np.sort(generator(rng).choice(n_rows, n_sampled, replace=False, shuffle=False))


def generator(rng: RNGLike) -> np.random.Generator:
    """Return a generator that takes nothing from the caller's but, at most, one 128-bit draw."""
    return np.random.default_rng(seed_sequence(rng))


def library_seed(rng: RNGLike) -> int:
    """Return a seed for libraries that take an integer only."""
    return int(seed_sequence(rng).generate_state(1)[0])
