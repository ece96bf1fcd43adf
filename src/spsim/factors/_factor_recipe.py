"""What a factor recipe is: whatever varies over observations beside the pattern."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from spsim._random import Stream
from spsim._recipe import Recipe
from spsim.truth import Factors, Observations


@dataclass(frozen=True, kw_only=True)
class FactorRecipe(Recipe):
    """A recipe for factors of observations: cell types, programs, stages.

    In a scenario it stands under a name, as in ``factors={"cell_type": CellTypes()}``: its factors then are
    ``obsm["cell_type_factors"]`` and its label ``obs["cell_type"]``.
    """

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the labels that the observations must have before."""
        return ()

    @property
    def has_label(self) -> bool:
        """Whether it gives its observations a label of its own name."""
        return False

    @property
    def is_spatial(self) -> bool:
        """Whether its factors vary in space, so that features that load on them are spatially variable."""
        return False

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that it draws."""
        return ()

    @property
    def own_tables(self) -> tuple[str, ...]:
        """Names of the tables that are kept under their own names, so that a scenario has one recipe with them."""
        return ()

    @property
    def arrays(self) -> tuple[str, ...]:
        """Names of what it draws per observation beside factors and labels."""
        return ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels that it gives its observations beside the one of its own name."""
        return ()

    @property
    def sets(self) -> tuple[str, ...]:
        """Names of the sets of observations that it speaks of."""
        return ()

    @abstractmethod
    def factors(self, observations: Observations, source: Stream) -> Factors:
        """Return the factors of observations; all randomness comes from ``source``."""
