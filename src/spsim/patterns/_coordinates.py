"""Positions that the user brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from spsim._random import Stream
from spsim.patterns._array_layout import ArrayLayout
from spsim.patterns._arrays import positions
from spsim.patterns._labelled import checked_obs_names, places_of
from spsim.patterns._layout import padded
from spsim.patterns._spacing import inferred_spacing
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True, eq=False)
class Coordinates(ArrayLayout):
    """Positions of a real tissue, such as its ``obsm["spatial"]``.

    A pattern is stretched over their box, half a spacing wider on every side. The coordinates of a lattice therefore
    carry the same factors as the lattice itself.

    Parameters
    ----------
    coordinates
        Positions, n × 2 or n × 3, finite. Several spots may share one position: they have the same spatial factors. An
        AnnData brings its ``obsm["spatial"]``.
    spacing
        Distance between neighbouring spots, in ``unit``; without it the median distance from a position to the nearest
        other one.
    unit
        Name of the coordinates' unit.
    obs_names
        Names of the spots, such as barcodes; without them the index of a table or the ``obs_names`` of an AnnData,
        and ``spot_0``, ``spot_1``, … for an array.

    Raises
    ------
    ValueError
        Coordinates of another shape or not finite; no ``spacing`` although there is only one position; names of spots
        that occur twice.
    KeyError
        An AnnData without ``obsm["spatial"]``.
    TypeError
        Coordinates that are not numbers.

    Examples
    --------
    >>> import numpy as np
    >>> import spsim as sps
    >>> angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    >>> ring = sps.patterns.Coordinates(np.column_stack([np.cos(angle), np.sin(angle)]), unit="millimeter")
    >>> round(ring.spacing, 3)
    0.105
    >>> sps.datasets.ggblocks(layout=ring, n_spatial=20).shape
    (60, 20)
    """

    coordinates: np.ndarray = field(repr=False, kw_only=False)
    spacing: float = None  # type: ignore[assignment]  # a number as soon as the layout exists
    obs_names: Sequence[str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        given, names = places_of("coordinates", self.coordinates)
        object.__setattr__(self, "coordinates", positions("coordinates", given))
        names = names if self.obs_names is None else self.obs_names
        object.__setattr__(self, "obs_names", checked_obs_names(names, self.n_spots))
        if self.spacing is None:
            object.__setattr__(self, "spacing", inferred_spacing(self.coordinates))
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
        return replace(padded(self.coordinates, self.spacing), obs_names=self.obs_names)
