"""What a design is: a recipe for sets of observations."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spsim._random import Stream
from spsim._recipe import Recipe
from spsim.truth import Observations, Sites


@dataclass(frozen=True, kw_only=True)
class Design(Recipe):
    """A recipe for observations.

    A subclass says how often it places the layout's spots, how many observations come of it, and which labels they carry.
    """

    @property
    def n_sections(self) -> int:
        """How many times the layout's spots are placed; random layouts place them anew each time."""
        return 1

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels that its observations carry."""
        return ()

    @property
    def is_placed(self) -> bool:
        """Whether any of its observations lie on the layout."""
        return True

    @property
    def structures(self) -> tuple[str, ...]:
        """Names of the spatial factors that it speaks of."""
        return ()

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that it draws."""
        return ()

    @property
    def pooled(self) -> Mapping[str, str]:
        """Sets that are sums over another one, and which."""
        return {}

    @abstractmethod
    def n_observations(self, n_spots: int) -> Mapping[str, int]:
        """Size of each set of observations on a layout of so many spots, known before any is placed."""

    @abstractmethod
    def observe(self, sections: Sequence[Sites], source: Stream) -> dict[str, Observations]:
        """Return the sets of observations by name; all randomness comes from ``source``."""

    def amplitudes(self, columns: Sequence[str], observations: Observations) -> np.ndarray | None:
        """Return what the spatial factors of each observation are multiplied with; ``None`` leaves them as they are."""
        return None
