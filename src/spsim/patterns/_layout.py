"""What a layout is: a recipe for coordinates, and the extent that a pattern is stretched over."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from spsim import _validate
from spsim._names import usable_text
from spsim._random import Stream
from spsim._recipe import Recipe
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True)
class Layout(Recipe):
    """A recipe for coordinates.

    Parameters
    ----------
    spacing
        Distance between neighbouring spots, in ``unit``.
    unit
        Name of the coordinates' unit.
    """

    spacing: float = 1.0
    unit: str = "spot"

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", usable_text("unit", self.unit))
        object.__setattr__(self, "spacing", _validate.real("spacing", self.spacing, above=0))

    @property
    @abstractmethod
    def n_spots(self) -> int:
        """Number of spots, known before any is placed."""

    @property
    def n_dimensions(self) -> int:
        """Number of coordinates of a spot, 2 or 3."""
        return 2

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels that its spots carry."""
        return ()

    @property
    def holds_arrays(self) -> bool:
        """Whether arrays of the user's are a part of it: a data set then records a hash and not the layout."""
        return False

    @abstractmethod
    def sites(self, source: Stream) -> Sites:
        """Place the spots."""


def padded(coordinates: np.ndarray, spacing: float) -> Sites:
    """Return spots with the box that reaches half a spacing beyond the outermost ones."""
    return Sites(
        coordinates=coordinates,
        lower=coordinates.min(axis=0) - 0.5 * spacing,
        upper=coordinates.max(axis=0) + 0.5 * spacing,
    )
