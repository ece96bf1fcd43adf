"""Unrelated estimates in place of one, drawn once for all the scores that ask what such estimates reach."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim._random import RNGLike, seed_sequence
from spsim.metrics._arrays import matrix, same_length, unit_columns
from spsim.metrics._nulls import smooth_null
from spsim.metrics._threads import in_threads

# Draws that need less room are kept; more are made again for the next score.
KEPT_BYTES = 64_000_000


class NullDraws:
    """The draws of :func:`smooth_null` for an estimate, the same ones however often they are asked for."""

    def __init__(
        self,
        estimate: ArrayLike,
        coordinates: ArrayLike | None,
        *,
        groups: ArrayLike | None = None,
        n_draws: int = 100,
        rng: RNGLike = 0,
    ) -> None:
        array = matrix("estimate", estimate)
        self._unit, _ = unit_columns(array)
        self._mean, self.length = array.mean(axis=0), np.sqrt(((array - array.mean(axis=0)) ** 2).sum(axis=0))
        self._coordinates, self._groups = coordinates, groups
        self._n_draws, self._seed = _validate.whole("n_draws", n_draws, at_least=1), seed_sequence(rng)
        self._kept: list[np.ndarray] | None = None
        self._reduced: tuple[ArrayLike, list[np.ndarray]] | None = None

    @property
    def arrays(self) -> Iterator[np.ndarray]:
        """Yield each draw, with the estimate's own values."""
        return (unit * self.length + self._mean for unit in self.units)

    @property
    def units(self) -> Iterator[np.ndarray]:
        """Yield each draw's columns with mean 0 and length 1: a null rearranges values, so they keep both."""
        if self._kept is not None:
            return iter(self._kept)
        draws = smooth_null(self._unit, self._coordinates, groups=self._groups, n_draws=self._n_draws, rng=self._seed)
        if self._n_draws * self._unit.nbytes > KEPT_BYTES:
            return draws
        self._kept = list(draws)
        return iter(self._kept)

    def reduced(self, truth: ArrayLike) -> list[np.ndarray]:
        """Return, for each draw, a small matrix whose columns have the inner products of the truth's and the draw's.

        All scores of linear algebra depend on the columns' inner products only: instead of thousands of spots they get
        one row per column. The truth's columns come first; all have mean 0 and length 1 over the spots.
        """
        if self._reduced is not None and self._reduced[0] is truth:
            return self._reduced[1]
        true = matrix("truth", truth)
        same_length(estimate=self._unit, truth=true)
        target = unit_columns(true)[0]

        def triangle(unit: np.ndarray) -> np.ndarray:
            return np.asarray(np.linalg.qr(np.hstack([target, unit]), mode="r"))

        (factors,) = in_threads(lambda units: [triangle(unit) for unit in units], [self.units])
        self._reduced = truth, factors
        return factors
