"""Slices on top of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from spsim import _keys, _validate
from spsim._categories import category_names
from spsim._random import Stream
from spsim._recipe import as_recipe
from spsim.patterns._layout import Layout
from spsim.truth import Label, Sites


@dataclass(frozen=True, kw_only=True)
class Stack(Layout):
    """A flat layout repeated along z: slice after slice, with the same positions in each.

    A pattern is looked up by x and y, so that all slices carry the same factors; counts are drawn anew for each spot.
    Fewer slices are the first part of more slices. ``spacing`` and ``unit`` are those of the repeated layout. Each spot
    says its slice (``obs["slice"]``: ``slice_1``, ``slice_2``, …) and, in the ``MuData``, its height (``obs["z"]``);
    slices lie in one space, so spots of neighbouring slices may be neighbours.

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
    >>> mdata.obsm["spatial"].shape, mdata.obs.groupby("slice", observed=True)["z"].first().to_dict()
    ((1200, 3), {'slice_1': 0.0, 'slice_2': 100.0, 'slice_3': 200.0})
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
    def labels(self) -> tuple[str, ...]:
        """The slice."""
        return (_keys.SLICE,)

    @property
    def holds_arrays(self) -> bool:
        """Whether the repeated layout does."""
        return self.layout.holds_arrays

    def sites(self, source: Stream) -> Sites:
        """Place the spots."""
        flat = self.layout.sites(source)
        level = np.repeat(np.arange(self.n_slices), self.layout.n_spots)
        names = category_names((), self.n_slices, kind=_keys.SLICE)
        z = level * self.slice_spacing
        return Sites(
            coordinates=np.column_stack([np.tile(flat.coordinates, (self.n_slices, 1)), z]),
            lower=np.append(flat.lower, -0.5 * self.slice_spacing),
            upper=np.append(flat.upper, (self.n_slices - 0.5) * self.slice_spacing),
            labels={_keys.SLICE: Label(codes=level, names=names, is_known=True)},
            obs_names=_in_slices(flat.obs_names, names),
        )


def _in_slices(obs_names: Sequence[str] | None, slices: Sequence[str]) -> list[str] | None:
    """Return the spots' names followed by those of slices, since every slice has all of them."""
    return None if obs_names is None else [f"{name}-{own}" for own in slices for name in obs_names]
