"""A ready factor matrix with its coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spsim import _keys, _validate
from spsim._categories import category_names
from spsim._names import usable_text
from spsim._recipe import Recipe
from spsim.patterns._arrays import matrix, positions
from spsim.patterns._names import checked_names
from spsim.truth import Label, Sites


@dataclass(frozen=True, kw_only=True, eq=False)
class FactorMatrix(Recipe):
    """Spatial factors that the user brings, with the coordinates they live on.

    Parameters
    ----------
    factors
        Non-negative array, n × L; rounded to float32.
    coordinates
        Positions of the n spots, n × 2 or n × 3.
    names
        One name per factor; ``factor_1``, ``factor_2``, … if left out.
    spacing
        Distance between neighbouring spots, in ``unit``.
    unit
        Name of the coordinates' unit.
    slices
        Name of the slice that each spot lies in, as an experimenter knows it; none if left out. Slices with coordinates
        in the plane have nothing to do with each other.

    Examples
    --------
    >>> import numpy as np
    >>> import spsim as sps
    >>> line = np.column_stack([np.arange(20.0), np.zeros(20)])
    >>> ramp = sps.patterns.FactorMatrix(factors=line[:, :1] / 19, coordinates=line, names=["ramp"])
    >>> sps.datasets.multiomics([{"name": "rna", "n_spatial": 5}], pattern=ramp).shape
    (20, 5)
    """

    factors: np.ndarray
    coordinates: np.ndarray
    names: Sequence[str] = ()
    spacing: float = 1.0
    unit: str = "spot"
    slices: Sequence[str] = ()

    def __post_init__(self) -> None:
        factors = matrix("factors", self.factors, np.float32)
        _validate.non_negative("factors", factors)
        object.__setattr__(self, "factors", factors)
        object.__setattr__(self, "coordinates", positions("coordinates", self.coordinates, n_spots=len(factors)))
        object.__setattr__(self, "names", checked_names(self.names, factors.shape[1]))
        object.__setattr__(self, "unit", usable_text("unit", self.unit))
        object.__setattr__(self, "spacing", _validate.real("spacing", self.spacing, above=0))
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
        return Sites(coordinates=places, lower=places.min(axis=0), upper=places.max(axis=0), labels=labels)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FactorMatrix) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)

    @property
    def _content(self) -> tuple[object, ...]:
        return self.factors.tobytes(), self.coordinates.tobytes(), self.names, self.spacing, self.unit, self.slices


def _checked_slices(slices: Sequence[str], n_spots: int) -> tuple[str, ...]:
    names = tuple(_validate.text("slices", name) for name in _validate.listed("slices", slices))
    if names and len(names) != n_spots:
        msg = f"slices must hold one name per spot ({n_spots}), got {len(names)}"
        raise ValueError(msg)
    category_names(tuple(dict.fromkeys(names)), len(set(names)), kind=_keys.SLICE)
    return names
