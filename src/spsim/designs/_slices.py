"""Several slices of one tissue, each as it lies on its own glass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from spsim import _keys, _validate
from spsim._categories import category_count, category_names
from spsim._random import Purpose, Stream, uniforms
from spsim._recipe import FrozenMapping, as_recipe, in_words
from spsim.designs._design import Design
from spsim.designs._motion import Motion, Section, in_order
from spsim.designs._partners import partners
from spsim.designs._plain import SPOT
from spsim.designs._slice_checks import checked_diameters, checked_groups, checked_missing, checked_motions
from spsim.designs._stages import Stages
from spsim.truth import Label, Observations, Sites, Table, joined_labels

SLICE, TRANSFORMS, PARTNERS = _keys.SLICE, "transforms", "partners"


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
    motions
        What else happens to each slice but the first: :class:`Reflection`, :class:`Warp`, :class:`Crop`, :class:`Drift`,
        :class:`Snap`, :class:`Recut` or motions of your own, or their dicts. Slices are mirrored and cut anew before all
        else, wherever these stand in the list; the others act in its order.
    stages
        How old slices are, as :class:`Stages` or its dict; all of one age by default.
    diameters
        Diameter of the spots of a slice, by its name, in coordinate units: its factors are averages over discs, and its
        means grow with their area, relative to a spot as wide as the layout's spacing. Slices that are left out have
        such spots then; without any, spots are points.
    groups
        Further known labels of slices, as a mapping from their names to one category per slice:
        ``groups={"condition": ["control", "control", "treated", "treated"]}``.
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
    motions: Sequence[Motion] = ()
    stages: Stages | None = None
    diameters: Mapping[str, float] = FrozenMapping()
    groups: Mapping[str, Sequence[str]] = FrozenMapping()
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_slices", category_count("n_slices", self.n_slices))
        for name in ("turn", "shift"):
            object.__setattr__(self, name, _validate.real(name, getattr(self, name), at_least=0))
        object.__setattr__(self, "names", category_names(self.names, self.n_slices, kind=SLICE))
        object.__setattr__(self, "missing", checked_missing(self.missing, self.names))
        object.__setattr__(self, "motions", checked_motions(self.motions))
        if self.stages is not None:
            object.__setattr__(self, "stages", as_recipe("stages", self.stages, Stages))
        object.__setattr__(self, "diameters", checked_diameters(self.diameters, self.names))
        object.__setattr__(self, "groups", checked_groups(self.groups, self.n_slices, reserved=(SLICE,)))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        moved = [
            *([f"turned by up to {self.turn:g} degrees"] if self.turn else []),
            *([f"shifted by up to {self.shift:g} along each axis"] if self.shift else []),
            *(motion.prose or repr(motion) for motion, _ in in_order(self.motions)),
        ]
        return " ".join(
            [
                f"The tissue is seen in {self.n_slices} slice{'s' * (self.n_slices > 1)} ({in_words(self.names)}).",
                *([f"All but the first are {in_words(moved)}."] if moved and self.n_slices > 1 else []),
                *(f"{name} lacks {in_words(lacking)}." for name, lacking in self.missing.items() if lacking),
                *([self.stages.prose] if self.stages is not None else []),
                *(f"Spots of {name} are discs of diameter {size:g}." for name, size in self.diameters.items()),
                *(f"By {name}, they are {in_words(values)}." for name, values in self.groups.items()),
            ]
        )

    @property
    def n_sections(self) -> int:
        """One placing of the spots per slice."""
        return self.n_slices

    @property
    def labels(self) -> tuple[str, ...]:
        """The slice, and what slices belong to."""
        return (SLICE, *self.groups)

    @property
    def structures(self) -> tuple[str, ...]:
        """Names of the factors that a slice lacks."""
        appearing = () if self.stages is None else self.stages.appear
        return tuple(dict.fromkeys([*(name for names in self.missing.values() for name in names), *appearing]))

    @property
    def tables(self) -> tuple[str, ...]:
        """The transforms."""
        return (TRANSFORMS,)

    def n_observations(self, n_spots: int) -> Mapping[str, int]:
        """Return the number of spots of all slices; where motions lose some, the most there can be."""
        return {SPOT: self.n_slices * n_spots}

    def observe(self, sections: Sequence[Sites], source: Stream) -> dict[str, Observations]:
        """Return the spots, slice after slice."""
        drawn = uniforms(source, Purpose.DESIGN, (self.n_slices, 3)) * 2.0 - 1.0
        drawn[0] = 0.0
        # Plus zero, so that zeros have no sign.
        angles, shifts = self.turn * drawn[:, 0] + 0.0, self.shift * drawn[:, 1:] + 0.0
        slices = [_turned(sites, *move) for sites, *move in zip(sections, angles, shifts, strict=True)]
        for number in range(1, self.n_slices):
            slices[number] = self._moved(slices[number], self.names[number], source.child(str(number)))
        if self.stages is not None:
            slices = [
                _aged(own, self.stages, age) for own, age in zip(slices, self.stages.ages(self.n_slices), strict=True)
            ]
        sizes = [len(own.places) for own in slices]
        seen = np.vstack([own.seen for own in slices])
        columns = {"angle": angles, "shift_x": shifts[:, 0], "shift_y": shifts[:, 1]}
        for name in dict.fromkeys(column for motion in self.motions for column in motion.columns):
            columns[name] = np.array([own.notes.get(name, 0.0) for own in slices])
        if self.stages is not None:
            columns["stage"] = np.array([own.notes["stage"] for own in slices])
        codes = np.repeat(np.arange(self.n_slices), sizes)
        starts = np.cumsum([0, *(len(sites.coordinates) for sites in sections[:-1])])
        kept = np.concatenate([start + own.rows for start, own in zip(starts, slices, strict=True)])
        frame = np.vstack([own.tissue for own in slices])
        spots = Observations(
            name=SPOT,
            n=len(seen),
            places=np.vstack([own.places for own in slices]),
            sites=replace(sections[0], coordinates=seen, obs_names=None, labels={}),
            frame=frame,
            diameters=self._diameters(sections[0].spacing, codes),
            labels={
                **{name: replace(label, codes=label.codes[kept]) for name, label in joined_labels(sections).items()},
                SLICE: Label(codes=codes, names=tuple(self.names), is_known=True, separates=True),
                **{name: _of_slices(values, codes) for name, values in self.groups.items()},
            },
            values={PARTNERS: partners(frame, codes, 0.5 * sections[0].spacing)} if self.n_slices > 1 else {},
            tables={TRANSFORMS: Table(rows=tuple(self.names), columns=columns)},
            obs_names=_in_slices(sections, self.names, slices),
        )
        return {SPOT: spots}

    def amplitudes(self, columns: Sequence[str], observations: Observations) -> np.ndarray | None:
        """Return zero for factors that a slice lacks, else how much of them is there at its age."""
        if not self.missing and self.stages is None:
            return None
        amplitude = np.ones((self.n_slices, len(columns)), np.float32)
        if self.stages is not None:
            amplitude = self.stages.amplitudes(columns, self.n_slices)
        for name, factors in self.missing.items():
            amplitude[self.names.index(name), [list(columns).index(factor) for factor in factors]] = 0.0
        return amplitude[observations.labels[SLICE].codes]

    def _moved(self, section: Section, name: str, source: Stream) -> Section:
        """Let the motions act; each has numbers of its own, whichever others there are."""
        for motion, own in in_order(self.motions):
            section = motion.moved(section, source.child(own))
            if not len(section.places):
                msg = (
                    f"{type(motion).__name__} leaves no spot of {name!r}: choose a smaller shift (got {self.shift:g}) or "
                    "another motion"
                )
                raise ValueError(msg)
        return section

    def _diameters(self, spacing: float, codes: np.ndarray) -> np.ndarray | None:
        if not self.diameters:
            return None
        return np.array([self.diameters.get(name, spacing) for name in self.names])[codes]


def _of_slices(values: Sequence[str], codes: np.ndarray) -> Label:
    """Return what slices belong to, spot by spot."""
    names = tuple(dict.fromkeys(values))
    return Label(codes=np.array([names.index(value) for value in values])[codes], names=names, is_known=True)


def _aged(section: Section, stages: Stages, age: float) -> Section:
    if stages.moves:
        section = section.looking_at(stages.seen(section.seen[:, :2], section.middle, age))
    return section.noted(stage=age)


def _in_slices(sections: Sequence[Sites], names: Sequence[str], slices: Sequence[Section]) -> list[str] | None:
    """Return the names of spots with that of their slice, by which those of several slices differ."""
    every = [(sites.obs_names, name, own.rows) for sites, name, own in zip(sections, names, slices, strict=True)]
    if any(spots is None for spots, *_ in every):
        return None
    return [f"{spots[row]}-{name}" for spots, name, rows in every if spots is not None for row in rows]


def _turned(sites: Sites, angle: float, shift: np.ndarray) -> Section:
    """Turn about the middle of the box in the plane, then shift."""
    radians = np.deg2rad(angle)
    turn = np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])
    still = Section(
        places=sites.coordinates,
        tissue=sites.coordinates,
        seen=sites.coordinates,
        lower=sites.lower,
        upper=sites.upper,
        spacing=sites.spacing,
        rows=np.arange(len(sites.coordinates)),
        turned=turn,
        shifted=shift,
    )
    return still.at((sites.coordinates[:, :2] - still.middle) @ turn.T + still.middle + shift)
