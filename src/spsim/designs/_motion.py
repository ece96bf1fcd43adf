"""What a motion is: what happens to a slice on its way to the glass."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from spsim._random import Stream
from spsim._recipe import Recipe


@dataclass(frozen=True, kw_only=True, eq=False)
class Section:
    """One slice, as far as it is on its way.

    Parameters
    ----------
    places
        Coordinates as measured, n × 2 or n × 3.
    tissue
        Coordinates of the same spots in the frame that all slices share.
    seen
        Where in that frame patterns are looked up: elsewhere than ``tissue`` where boundaries have drifted.
    lower, upper
        Corners of the box of the tissue.
    spacing
        Distance between neighbouring spots.
    turned, shifted
        The rigid motion, as a matrix about the middle of the box and a shift.
    rows
        Which spots of the layout these are.
    notes
        Numbers that belong into the table of transforms, by column.
    """

    places: np.ndarray
    tissue: np.ndarray
    seen: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    spacing: float
    turned: np.ndarray
    shifted: np.ndarray
    rows: np.ndarray
    notes: Mapping[str, float] = field(default_factory=dict)

    @property
    def middle(self) -> np.ndarray:
        """Middle of the box in the plane."""
        return 0.5 * (self.lower + self.upper)[:2]

    def at(self, places: np.ndarray) -> Section:
        """Return the slice with other measured coordinates in the plane."""
        return replace(self, places=in_plane(self.places, places))

    def only(self, rows: np.ndarray) -> Section:
        """Return some spots of the slice."""
        kept = {name: getattr(self, name)[rows] for name in ("places", "tissue", "seen", "rows")}
        return replace(self, **kept)

    def noted(self, **notes: float) -> Section:
        """Return the slice with further numbers in the table of transforms."""
        return replace(self, notes={**self.notes, **notes})


@dataclass(frozen=True, kw_only=True)
class Motion(Recipe):
    """A recipe for what happens to a slice after it was turned and shifted; the first slice stays as it is."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the table of transforms that it writes."""
        return ()

    @abstractmethod
    def moved(self, section: Section, source: Stream) -> Section:
        """Return the slice afterwards; all randomness comes from ``source``."""


def in_plane(coordinates: np.ndarray, plane: np.ndarray) -> np.ndarray:
    """Return coordinates with other values on the first two axes."""
    result = coordinates.copy()
    result[:, :2] = plane
    return result
