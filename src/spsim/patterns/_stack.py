"""Slices on top of each other."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spsim import _validate
from spsim._random import Stream
from spsim._recipe import as_recipe
from spsim.patterns._layout import Layout
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True)
class Stack(Layout):
    """A flat layout repeated along z: slice after slice, with the same positions in each.

    A pattern is looked up by x and y, so that all slices carry the same factors; counts are drawn anew for each spot.
    Fewer slices are the first part of more slices. ``spacing`` and ``unit`` are those of the repeated layout.

    Parameters
    ----------
    layout
        What to repeat, 2-D.
    n_slices
        Number of slices.
    slice_spacing
        Distance between slices, in the layout's unit; its ``spacing`` if left out.

    Examples
    --------
    >>> import spsim as sps
    >>> section = sps.patterns.Hexagonal(n_rows=20, n_columns=20)
    >>> mdata = sps.datasets.quilt(layout=sps.patterns.Stack(layout=section, n_slices=3), n_spatial=20)
    >>> mdata.obsm["spatial"].shape, sorted(set(mdata.obsm["spatial"][:, 2].tolist()))
    ((1200, 3), [0.0, 100.0, 200.0])
    """

    layout: Layout = field(kw_only=False)
    n_slices: int = 3
    slice_spacing: float = None  # type: ignore[assignment]  # a number as soon as the layout exists
    spacing: float = field(init=False)
    unit: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "layout", as_recipe("layout", self.layout, Layout))
        if self.layout.n_dimensions != 2:
            msg = f"layout must be 2-D, got {_validate.shown(self.layout)} with {self.layout.n_dimensions} coordinates per spot"
            raise ValueError(msg)
        object.__setattr__(self, "n_slices", _validate.whole("n_slices", self.n_slices, at_least=1))
        distance = self.layout.spacing if self.slice_spacing is None else self.slice_spacing
        object.__setattr__(self, "slice_spacing", _validate.real("slice_spacing", distance, above=0))
        object.__setattr__(self, "spacing", self.layout.spacing)
        object.__setattr__(self, "unit", self.layout.unit)
        super().__post_init__()

    @property
    def n_spots(self) -> int:
        """Number of spots in all slices."""
        return self.n_slices * self.layout.n_spots

    @property
    def n_dimensions(self) -> int:
        """Number of coordinates of a spot, 3."""
        return 3

    @property
    def holds_arrays(self) -> bool:
        """Whether the repeated layout does."""
        return self.layout.holds_arrays

    def sites(self, source: Stream) -> Sites:
        """Place the spots."""
        flat = self.layout.sites(source)
        z = np.repeat(np.arange(self.n_slices) * self.slice_spacing, self.layout.n_spots)
        return Sites(
            coordinates=np.column_stack([np.tile(flat.coordinates, (self.n_slices, 1)), z]),
            lower=np.append(flat.lower, -0.5 * self.slice_spacing),
            upper=np.append(flat.upper, (self.n_slices - 0.5) * self.slice_spacing),
        )
