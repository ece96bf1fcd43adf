"""Unrelated results in place of one that was found, as smooth in space: what its scores' chance is measured on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate, metrics
from spsim._random import check_rng, seed_sequence
from spsim.metrics._domain_chance import label_null_of
from spsim.metrics._labels import label_codes
from spsim.metrics._null_draws import NullDraws
from spsim.tl._told_apart import seen_columns

if TYPE_CHECKING:
    from spsim._random import RNGLike
    from spsim.tl._lookup import Found

Score = Callable[[np.ndarray], np.ndarray | float]


@dataclass(frozen=True, kw_only=True, eq=False)
class Draws:
    """Draws that all scores of one result share."""

    found: Found
    n_chance: int
    """How many; 0 for none."""
    rng: RNGLike

    def __post_init__(self) -> None:
        _validate.whole("n_chance", self.n_chance)
        check_rng(self.rng)

    @cached_property
    def seed(self) -> np.random.SeedSequence:
        """Seed of the draws and of samples of spots, the same however often it is asked for."""
        return seed_sequence(self.rng)

    @cached_property
    def null(self) -> str:
        """Name of the null that the draws are from."""
        if self.found.slot == "obs":
            return label_null_of(self.found.places, groups=self.found.groups)
        return metrics.null_of(self.found.places, groups=self.found.groups)

    @cached_property
    def estimates(self) -> NullDraws:
        """Draws of an embedding."""
        return NullDraws(
            self.found.values, self.found.places, groups=self.found.groups, n_draws=self.n_chance, rng=self.seed
        )

    @cached_property
    def labels(self) -> list[np.ndarray]:
        """Draws of labels, as whole numbers."""
        codes, _ = label_codes("labels", self.found.values)
        places, groups = self.found.places, self.found.groups
        return list(metrics.label_shift_null(codes, places, groups=groups, n_draws=self.n_chance, rng=self.seed))

    def chance(self, score: Score) -> metrics.Chance | None:
        """Return the chance level of a function of the embedding; None without draws."""
        return metrics.chance_level(score, self.estimates.arrays) if self.n_chance else None

    def linear_chance(self, score: Callable[[np.ndarray, np.ndarray], np.ndarray | float]) -> metrics.Chance | None:
        """Return the chance level of a function of the centred columns of an embedding and of the true factors.

        It may depend on their inner products only. Columns that do not vary are 0, all others have length 1.
        """
        if not self.n_chance:
            return None
        n_factors = self.found.factors.shape[1]
        draws = self.estimates.reduced(self.true_factors)
        return metrics.chance_level(lambda draw: score(draw[:, n_factors:], draw[:, :n_factors]), draws)

    def mean_beside_seen(self, score: Callable[[np.ndarray, np.ndarray], np.ndarray | float]) -> np.ndarray:
        """Return the mean of such a function over draws whose columns stand beside what the method sees of the true factors."""
        n_factors = self.found.factors.shape[1]
        draws = self.estimates.reduced(np.hstack([self.true_factors, seen_columns(self.found)]))
        return metrics.chance_level(lambda draw: score(draw[:, n_factors:], draw[:, :n_factors]), draws).mean

    @cached_property
    def true_factors(self) -> np.ndarray:
        """True factors as an array."""
        return self.found.factors.to_numpy()
