"""What a layout is: a recipe for coordinates, and the extent that a pattern is stretched over."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from spsim._random import Stream


@dataclass(frozen=True, kw_only=True, eq=False)
class Sites:
    """Coordinates of the spots (x = column, y = row downwards) and the box that they fill.

    Parameters
    ----------
    coordinates
        Positions, n × 2 or n × 3, in the layout's unit.
    lower, upper
        Corners of the box that a pattern is stretched over: half a spacing beyond the outermost spots of a lattice.
    """

    coordinates: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Layout(ABC):
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

    @property
    @abstractmethod
    def n_spots(self) -> int:
        """Number of spots, known before any is placed."""

    @abstractmethod
    def sites(self, source: Stream) -> Sites:
        """Place the spots."""

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as JSON-able values."""
        return {"name": type(self).__name__, **asdict(self)}
