"""Several slices of one tissue, each as it lies on its own glass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from spsim import _keys, _validate
from spsim._categories import category_names
from spsim._random import Purpose, Stream, uniforms
from spsim._recipe import FrozenMapping
from spsim.designs._design import Design
from spsim.designs._plain import SPOT
from spsim.truth import Label, Observations, Sites, Table, joined_labels

SLICE, TRANSFORMS = _keys.SLICE, "transforms"


@dataclass(frozen=True, kw_only=True)
class Slices(Design):
    r"""Several slices with the same spatial factors, turned and shifted against each other, some without a structure.

    Spot g of the layout lies in slice s at

    .. math:: x = R(\theta_s) (g - c) + c + t_s, \qquad \theta_s \sim U(-\text{turn}, \text{turn}), \quad
       t_{s} \sim U(-\text{shift}, \text{shift})^2

    with the middle c of the layout's box. The first slice is not moved. Factors are looked up at g, the place in the
    common frame, so that moving slices changes no count.

    Parameters
    ----------
    n_slices
        Number of slices.
    turn
        Largest angle of a turn, in degrees.
    shift
        Largest shift along each axis, in coordinate units.
    missing
        Names of the spatial factors that a slice lacks, by name of the slice.
    names
        One name per slice; ``slice_1``, ``slice_2``, … if left out.

    Raises
    ------
    ValueError
        A value out of range, names that do not fit, a slice or a factor that does not exist.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> design = sps.designs.Slices(n_slices=3, turn=30, missing={"slice_3": ["block_2"]})
    >>> mdata = sps.simulate(sps.Scenario(design=design, n_side=12, modalities=[{"name": "rna", "n_mixed": 40}]))
    >>> mdata.obs["slice"].value_counts().to_dict()
    {'slice_1': 144, 'slice_2': 144, 'slice_3': 144}
    """

    n_slices: int = field(default=2, kw_only=False)
    turn: float = 0.0
    shift: float = 0.0
    missing: Mapping[str, Sequence[str]] = FrozenMapping()
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_slices", _validate.whole("n_slices", self.n_slices, at_least=1))
        for name in ("turn", "shift"):
            object.__setattr__(self, name, _validate.real(name, getattr(self, name), at_least=0))
        object.__setattr__(self, "names", category_names(self.names, self.n_slices, kind=SLICE))
        object.__setattr__(self, "missing", self._checked_missing())

    @property
    def n_sections(self) -> int:
        """One placing of the spots per slice."""
        return self.n_slices

    @property
    def labels(self) -> tuple[str, ...]:
        """The slice."""
        return (SLICE,)

    @property
    def structures(self) -> tuple[str, ...]:
        """Names of the factors that a slice lacks."""
        return tuple(dict.fromkeys(name for names in self.missing.values() for name in names))

    @property
    def tables(self) -> tuple[str, ...]:
        """The transforms."""
        return (TRANSFORMS,)

    def n_observations(self, n_spots: int) -> Mapping[str, int]:
        """Return the number of spots of all slices."""
        return {SPOT: self.n_slices * n_spots}

    def observe(self, sections: Sequence[Sites], source: Stream) -> dict[str, Observations]:
        """Return the spots, slice after slice."""
        drawn = uniforms(source, Purpose.DESIGN, (self.n_slices, 3)) * 2.0 - 1.0
        drawn[0] = 0.0
        # Plus zero, so that zeros have no sign.
        angles, shifts = self.turn * drawn[:, 0] + 0.0, self.shift * drawn[:, 1:] + 0.0
        moved = [_moved(sites, *move) for sites, *move in zip(sections, angles, shifts, strict=True)]
        coordinates = np.vstack([sites.coordinates for sites in sections])
        slice_of = Label(
            codes=np.repeat(np.arange(self.n_slices), [len(places) for places in moved]),
            names=tuple(self.names),
            is_known=True,
            separates=True,
        )
        columns = {"angle": angles, "shift_x": shifts[:, 0], "shift_y": shifts[:, 1]}
        spots = Observations(
            name=SPOT,
            n=len(coordinates),
            places=np.vstack(moved),
            sites=Sites(coordinates=coordinates, lower=sections[0].lower, upper=sections[0].upper),
            labels={**joined_labels(sections), SLICE: slice_of},
            tables={TRANSFORMS: Table(rows=tuple(self.names), columns=columns)},
            obs_names=_in_slices(sections, self.names),
        )
        return {SPOT: spots}

    def amplitudes(self, columns: Sequence[str], observations: Observations) -> np.ndarray | None:
        """Return zero for factors that a slice lacks, else one."""
        if not self.missing:
            return None
        amplitude = np.ones((self.n_slices, len(columns)), np.float32)
        for name, factors in self.missing.items():
            amplitude[self.names.index(name), [list(columns).index(factor) for factor in factors]] = 0.0
        return amplitude[observations.labels[SLICE].codes]

    def _checked_missing(self) -> FrozenMapping:
        if not isinstance(self.missing, Mapping):
            msg = f"missing must be a mapping from slices to names of spatial factors, got {_validate.shown(self.missing)}"
            raise TypeError(msg)
        for name, factors in self.missing.items():
            _validate.one_of("slice in missing", name, self.names)
            if isinstance(factors, str) or not isinstance(factors, Sequence):
                msg = f"missing of {_validate.shown(name)} must be a list of names of spatial factors, got {_validate.shown(factors)}"
                raise TypeError(msg)
        return FrozenMapping(self.missing)


def _in_slices(sections: Sequence[Sites], names: Sequence[str]) -> list[str] | None:
    """Return the names of spots with that of their slice, by which those of several slices differ."""
    named = [(sites.obs_names, name) for sites, name in zip(sections, names, strict=True)]
    if any(spots is None for spots, _ in named):
        return None
    return [f"{spot}-{name}" for spots, name in named for spot in spots or ()]


def _moved(sites: Sites, angle: float, shift: np.ndarray) -> np.ndarray:
    """Turn about the middle of the box in the plane, then shift."""
    radians = np.deg2rad(angle)
    turn = np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])
    middle = 0.5 * (sites.lower + sites.upper)[:2]
    places = sites.coordinates.copy()
    places[:, :2] = (places[:, :2] - middle) @ turn.T + middle + shift
    return places
