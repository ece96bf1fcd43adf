"""What a pattern is: a recipe for spatial factors on any spots."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from spsim._random import Stream
from spsim._recipe import Recipe
from spsim.patterns._names import checked_names
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True)
class Pattern(Recipe):
    """A recipe for spatial factors, looked up by x and y: slices of a stack carry the same factors.

    Parameters
    ----------
    names
        One name per factor; made up from what the pattern is, with a number, if left out.
    """

    names: list[str] | tuple[str, ...] = ()
    kind: ClassVar[str] = "factor"

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", checked_names(self.names, self.n_factors, kind=self.kind))

    @property
    @abstractmethod
    def n_factors(self) -> int:
        """Number of factors."""

    @property
    def holds_arrays(self) -> bool:
        """Whether arrays of the user's are a part of it: a data set then records a hash and not the pattern."""
        return False

    @abstractmethod
    def factors(self, sites: Sites, source: Stream) -> np.ndarray:
        """Value of each factor at each spot, n × L float32, not negative; all randomness comes from ``source``."""
