"""What a motion is: what happens to a slice on its way to the glass."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

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

    def looking_at(self, seen: np.ndarray) -> Section:
        """Return the slice with patterns looked up elsewhere in the plane, but within the box."""
        inside = np.clip(seen, self.lower[:2], np.nextafter(self.upper[:2], self.lower[:2]))
        return replace(self, seen=in_plane(self.seen, inside))

    def only(self, rows: np.ndarray) -> Section:
        """Return some spots of the slice."""
        kept = {name: getattr(self, name)[rows] for name in ("places", "tissue", "seen", "rows")}
        return replace(self, **kept)

    def noted(self, **notes: float) -> Section:
        """Return the slice with further numbers in the table of transforms."""
        return replace(self, notes={**self.notes, **notes})


@dataclass(frozen=True, kw_only=True)
class Motion(Recipe):
    """A recipe for what happens to a slice after it was turned and shifted; the first slice stays as it is.

    ``rank`` says when it acts: slices lie on the glass (0) before the lattice is laid over them (1) and all else happens
    (2), so that no motion undoes another one.
    """

    rank: ClassVar[int] = 2

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the table of transforms that it writes."""
        return ()

    @abstractmethod
    def moved(self, section: Section, source: Stream) -> Section:
        """Return the slice afterwards; all randomness comes from ``source``."""


def in_order(motions: Sequence[Motion]) -> Iterator[tuple[Motion, str]]:
    """Yield motions as they act, each with a name of its own: kind and how many of the kind there were."""
    seen: Counter[str] = Counter()
    for motion in sorted(motions, key=lambda motion: motion.rank):
        kind = type(motion).__name__
        yield motion, f"{kind}:{seen[kind]}"
        seen[kind] += 1


def in_plane(coordinates: np.ndarray, plane: np.ndarray) -> np.ndarray:
    """Return coordinates with other values on the first two axes."""
    result = coordinates.copy()
    result[:, :2] = plane
    return result
