"""A ready factor matrix with its coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from spsim import _keys, _validate
from spsim._categories import category_names
from spsim._names import usable_text
from spsim._recipe import Recipe
from spsim.patterns._arrays import matrix, positions
from spsim.patterns._labelled import aligned, checked_obs_names, columns_of, index_of, places_of
from spsim.patterns._names import checked_names
from spsim.patterns._spacing import inferred_spacing
from spsim.truth import Label, Sites


@dataclass(frozen=True, kw_only=True, eq=False)
class FactorMatrix(Recipe):
    """Spatial factors that the user brings, with the coordinates they live on.

    Parameters
    ----------
    factors
        Non-negative array or table, n × L; rounded to float32.
    coordinates
        Positions of the n spots, n × 2 or n × 3; an AnnData brings its ``obsm["spatial"]``. Where factors have names of
        spots too, it is brought into their order.
    names
        One name per factor; without them the columns of a table, and ``factor_1``, ``factor_2``, … for an array.
    spacing
        Distance between neighbouring spots, in ``unit``; without it the median distance from a position to the nearest
        other one.
    unit
        Name of the coordinates' unit.
    obs_names
        Names of the spots, such as barcodes; without them the index of a table or the ``obs_names`` of an AnnData,
        and ``spot_0``, ``spot_1``, … for arrays.
    slices
        Name of the slice that each spot lies in, as an experimenter knows it; none if left out. Slices with coordinates
        in the plane have nothing to do with each other.

    Raises
    ------
    ValueError
        Arrays that do not fit, negative or not finite values; no ``spacing`` although there is only one position; names
        of spots that occur twice, or that differ between factors and coordinates.
    KeyError
        An AnnData without ``obsm["spatial"]``.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import numpy as np
    >>> import spsim as sps
    >>> line = np.column_stack([np.arange(20.0), np.zeros(20)])
    >>> ramp = sps.patterns.FactorMatrix(line[:, :1] / 19, line, names=["ramp"])
    >>> sps.datasets.multiomics([{"name": "rna", "n_spatial": 5}], pattern=ramp).shape
    (20, 5)
    """

    factors: np.ndarray = field(kw_only=False)
    coordinates: np.ndarray = field(kw_only=False)
    names: Sequence[str] = ()
    spacing: float = None  # type: ignore[assignment]  # a number as soon as the matrix exists
    unit: str = "spot"
    obs_names: Sequence[str] | None = field(default=None, repr=False)
    slices: Sequence[str] = ()

    def __post_init__(self) -> None:
        factors = matrix("factors", self.factors, np.float32)
        _validate.non_negative("factors", factors)
        places, spots = places_of("coordinates", self.coordinates)
        own, columns = index_of(self.factors), columns_of(self.factors)
        places = positions("coordinates", aligned(places, spots, own), n_spots=len(factors))
        spots = next((names for names in (self.obs_names, own, spots) if names is not None), None)
        object.__setattr__(self, "factors", factors)
        object.__setattr__(self, "coordinates", places)
        object.__setattr__(self, "obs_names", checked_obs_names(spots, len(factors)))
        names: Any = columns if columns and not len(self.names) else self.names
        object.__setattr__(self, "names", checked_names(names, factors.shape[1]))
        object.__setattr__(self, "unit", usable_text("unit", self.unit))
        spacing = inferred_spacing(places) if self.spacing is None else self.spacing
        object.__setattr__(self, "spacing", _validate.real("spacing", spacing, above=0))
        object.__setattr__(self, "slices", _checked_slices(self.slices, len(factors)))

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels that the spots carry."""
        return (_keys.SLICE,) if self.slices else ()

    @property
    def sites(self) -> Sites:
        """The spots."""
        places = self.coordinates
        names = tuple(dict.fromkeys(self.slices))
        numbers = {name: number for number, name in enumerate(names)}
        codes = np.array([numbers[name] for name in self.slices], np.intp)
        is_flat = places.shape[1] == 2
        labels = {_keys.SLICE: Label(codes=codes, names=names, is_known=True, separates=is_flat)} if names else {}
        return Sites(
            coordinates=places,
            lower=places.min(axis=0),
            upper=places.max(axis=0),
            obs_names=self.obs_names,
            labels=labels,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FactorMatrix) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)

    @property
    def _content(self) -> tuple[object, ...]:
        held = self.names, self.spacing, self.unit, self.obs_names, self.slices
        return self.factors.tobytes(), self.coordinates.tobytes(), *held


def _checked_slices(slices: Sequence[str], n_spots: int) -> tuple[str, ...]:
    names = tuple(_validate.text("slices", name) for name in _validate.listed("slices", slices))
    if names and len(names) != n_spots:
        msg = f"slices must hold one name per spot ({n_spots}), got {len(names)}"
        raise ValueError(msg)
    category_names(tuple(dict.fromkeys(names)), len(set(names)), kind=_keys.SLICE)
    return names
