"""Chance of an embedding's score: that of unrelated embeddings, as smooth in space."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate, metrics

if TYPE_CHECKING:
    from spsim._random import RNGLike
    from spsim.tl._lookup import Found


def chance_of(
    score: Callable[[np.ndarray], np.ndarray | float], found: Found, *, n_chance: int, rng: RNGLike
) -> metrics.Chance | None:
    """Return the chance level of ``score``, a function of the embedding; None without draws."""
    if not _validate.whole("n_chance", n_chance):
        return None
    return metrics.chance_level(score, metrics.smooth_null(found.values, found.coordinates, n_draws=n_chance, rng=rng))


def of_factors(metric: Callable[..., np.ndarray | float], found: Found) -> Callable[[np.ndarray], np.ndarray | float]:
    """Return the score of an embedding against the true factors."""
    truth = found.factors.to_numpy()
    return lambda estimate: metric(estimate, truth)
