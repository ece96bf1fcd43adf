"""Positions that the user brings."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spsim._random import Stream
from spsim.patterns._array_layout import ArrayLayout
from spsim.patterns._arrays import positions
from spsim.patterns._layout import padded
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True, eq=False)
class Coordinates(ArrayLayout):
    """Positions of a real tissue, such as its ``obsm["spatial"]``.

    A pattern is stretched over their box, half a spacing wider on every side. The coordinates of a lattice therefore
    carry the same factors as the lattice itself.

    Parameters
    ----------
    coordinates
        Positions, n × 2 or n × 3, finite. Several spots may share one position: they have the same spatial factors.
    spacing
        Distance between neighbouring spots, in ``unit``; without it the median distance from a position to the nearest
        other one.
    unit
        Name of the coordinates' unit.

    Raises
    ------
    ValueError
        Coordinates of another shape or not finite; no ``spacing`` although there is only one position.
    TypeError
        Coordinates that are not numbers.

    Examples
    --------
    >>> import numpy as np
    >>> import spsim as sps
    >>> angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    >>> ring = sps.patterns.Coordinates(coordinates=np.column_stack([np.cos(angle), np.sin(angle)]), unit="millimeter")
    >>> round(ring.spacing, 3)
    0.105
    >>> sps.datasets.ggblocks(layout=ring, n_spatial=20).shape
    (60, 20)
    """

    coordinates: np.ndarray = field(repr=False)
    spacing: float = None  # type: ignore[assignment]  # a number as soon as the layout exists

    def __post_init__(self) -> None:
        object.__setattr__(self, "coordinates", positions("coordinates", self.coordinates))
        if self.spacing is None:
            object.__setattr__(self, "spacing", _median_distance(self.coordinates))
        super().__post_init__()

    @property
    def n_spots(self) -> int:
        """Number of spots."""
        return len(self.coordinates)

    @property
    def n_dimensions(self) -> int:
        """Number of coordinates of a spot, 2 or 3."""
        return self.coordinates.shape[1]

    def sites(self, source: Stream) -> Sites:
        """Return the spots where they are."""
        return padded(self.coordinates, self.spacing)


def _median_distance(coordinates: np.ndarray) -> float:
    from scipy.spatial import cKDTree

    distinct = np.unique(coordinates, axis=0)
    if len(distinct) == 1:
        msg = f"spacing must be given, since all {len(coordinates)} coordinates are one position"
        raise ValueError(msg)
    return float(np.median(cKDTree(distinct).query(distinct, k=2)[0][:, 1]))
