"""Samples of unequal size, each with a tissue of its own, and dissociated cells of one more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from spsim import _validate
from spsim._categories import category_count, category_names
from spsim._random import Purpose, Stream, uniforms
from spsim._recipe import in_words
from spsim.designs._design import Design
from spsim.truth import Label, Observations, Sites, joined_labels

SAMPLE, HELD_OUT = "sample", "held_out"
CELL, CELLS, DISSOCIATED = "cell", "cells", "dissociated"


@dataclass(frozen=True, kw_only=True)
class Samples(Design):
    r"""One set of ``cells`` in several samples, and one of ``dissociated`` cells of a further sample.

    Each sample is a placing of the layout of its own, with a pattern drawn anew: tissues have structures of the same kind
    in other places. Of the layout's n places a sample has the

    .. math:: n_s = \max(1, \mathrm{round}(\text{share}_s \, n))

    that lie nearest to the middle of its box, by the larger of both distances in units of the box's sides: a smaller window,
    as dense as the others. All samples have the layout's coordinates; they do not lie side by side.

    Parameters
    ----------
    n_samples
        Number of samples with places.
    shares
        Share of the layout's places that each of them has, in (0, 1]; 1 for all of them if left out.
    held_out
        Names of samples that are for testing: ``obs["held_out"]`` is the text ``"True"`` or ``"False"``.
    n_dissociated
        Number of dissociated cells, at most as many as the layout has places; 0 for none. They are for testing, too. Where
        they lay is not recorded, in which domain they lay is.
    names
        One name per sample, that of the dissociated one last; ``sample_1``, ``sample_2``, … if left out.

    Raises
    ------
    ValueError
        A value out of range, names that do not fit, a sample that does not exist.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> design = sps.designs.Samples(3, shares=[1, 0.5, 0.75], held_out=["sample_3"])
    >>> mdata = sps.simulate(sps.Scenario(design=design, n_side=12, modalities=[{"name": "rna", "n_mixed": 40}]))
    >>> mdata.obs["sample"].value_counts().to_dict()
    {'sample_1': 144, 'sample_3': 108, 'sample_2': 72}
    """

    n_samples: int = field(default=2, kw_only=False)
    shares: Sequence[float] = ()
    held_out: Sequence[str] = ()
    n_dissociated: int = 0
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_samples", category_count("n_samples", self.n_samples))
        object.__setattr__(self, "n_dissociated", _validate.whole("n_dissociated", self.n_dissociated))
        object.__setattr__(self, "names", category_names(self.names, self.n_sections, kind=SAMPLE))
        object.__setattr__(self, "shares", self._shares())
        object.__setattr__(self, "held_out", self._held_out())

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        placed = self.names[: self.n_samples]
        return " ".join(
            [
                f"Cells lie in {self.n_samples} sample{'s' * (self.n_samples > 1)} ({in_words(placed)}), each with a tissue "
                "of its own.",
                *(
                    [f"They have shares of {in_words([f'{share:g}' for share in self.shares])} of the places."]
                    if self.shares
                    else []
                ),
                *([f"Held out: {in_words(self.held_out)}."] if self.held_out else []),
                *(
                    [f"{self.n_dissociated} dissociated cells of {self.names[-1]} are held out, too."]
                    if self.n_dissociated
                    else []
                ),
            ]
        )

    @property
    def n_sections(self) -> int:
        """One placing of the layout per sample."""
        return self.n_samples + (self.n_dissociated > 0)

    @property
    def labels(self) -> tuple[str, ...]:
        """The sample, and whether it is held out if any is."""
        return (SAMPLE, HELD_OUT) if self._tests else (SAMPLE,)

    def n_observations(self, n_spots: int) -> Mapping[str, int]:
        """Return the number of cells of all samples, and of dissociated ones."""
        own = {CELLS: sum(self._sizes(n_spots))}
        return {**own, DISSOCIATED: self.n_dissociated} if self.n_dissociated else own

    def observe(self, sections: Sequence[Sites], source: Stream) -> dict[str, Observations]:
        """Return the cells, sample after sample, and the dissociated ones."""
        placed = sections[: self.n_samples]
        sizes = self._sizes(len(placed[0].coordinates))
        rows = [_middle(sites, size) for sites, size in zip(placed, sizes, strict=True)]
        places = np.vstack([sites.coordinates[own] for sites, own in zip(placed, rows, strict=True)])
        sample = np.repeat(np.arange(self.n_samples), sizes)
        starts = np.cumsum([0, *(len(sites.coordinates) for sites in placed[:-1])])
        kept = np.concatenate([start + own for start, own in zip(starts, rows, strict=True)])
        cells = Observations(
            name=CELL,
            n=len(places),
            places=places,
            sites=replace(placed[0], coordinates=places, obs_names=None, labels={}),
            tissues=sample,
            labels={
                **{name: replace(label, codes=label.codes[kept]) for name, label in joined_labels(placed).items()},
                **self._labels(sample),
            },
            obs_names=_in_samples(placed, self.names, rows),
        )
        if not self.n_dissociated:
            return {CELLS: cells}
        return {CELLS: cells, DISSOCIATED: self._dissociated(sections[-1], source)}

    def _dissociated(self, sites: Sites, source: Stream) -> Observations:
        n = len(sites.coordinates)
        if self.n_dissociated > n:
            msg = f"n_dissociated must be at most the number of places of the layout ({n}), got {self.n_dissociated}"
            raise ValueError(msg)
        order = uniforms(source, Purpose.DESIGN, n).argsort(kind="stable")
        places = sites.coordinates[np.sort(order[: self.n_dissociated])]
        sample = np.full(len(places), self.n_samples)
        return Observations(
            name=DISSOCIATED,
            n=len(places),
            sites=replace(sites, coordinates=places, obs_names=None, labels={}),
            tissues=sample,
            labels=self._labels(sample),
        )

    def _labels(self, sample: np.ndarray) -> dict[str, Label]:
        """Return what is known of cells; all sets have the same categories."""
        own = {SAMPLE: Label(codes=sample, names=tuple(self.names), is_known=True, separates=True)}
        if not self._tests:
            return own
        tests = np.isin(self.names, self._tests)
        return {**own, HELD_OUT: Label(codes=tests[sample].astype(np.intp), names=("False", "True"), is_known=True)}

    @property
    def _tests(self) -> tuple[str, ...]:
        return (*self.held_out, *(self.names[-1:] if self.n_dissociated else ()))

    def _sizes(self, n_spots: int) -> list[int]:
        return [max(1, round(share * n_spots)) for share in self.shares or [1.0] * self.n_samples]

    def _shares(self) -> tuple[float, ...]:
        shares = tuple(_validate.probability("shares", share) for share in _validate.listed("shares", self.shares))
        if shares and (len(shares) != self.n_samples or min(shares) == 0):
            msg = (
                f"shares must hold one number above 0 per sample ({self.n_samples}), got {_validate.shown(self.shares)}"
            )
            raise ValueError(msg)
        return shares

    def _held_out(self) -> tuple[str, ...]:
        names = tuple(_validate.text("held_out", name) for name in _validate.listed("held_out", self.held_out))
        for name in names:
            _validate.one_of("held_out", name, self.names[: self.n_samples])
        _validate.unique("held_out", names)
        return names


def _middle(sites: Sites, size: int) -> np.ndarray:
    """Return the places nearest to the middle of the box, in their order."""
    lower, upper = sites.lower[:2], sites.upper[:2]
    side = np.where(upper > lower, upper - lower, 1.0)
    distance = np.abs((sites.coordinates[:, :2] - 0.5 * (lower + upper)) / side).max(axis=1)
    return np.sort(distance.argsort(kind="stable")[:size])


def _in_samples(sections: Sequence[Sites], names: Sequence[str], rows: Sequence[np.ndarray]) -> list[str] | None:
    """Return the names of a user's places with that of their sample, by which those of several samples differ."""
    if any(sites.obs_names is None for sites in sections):
        return None
    every = zip(sections, names, rows, strict=False)
    return [f"{(sites.obs_names or [])[row]}-{name}" for sites, name, own in every for row in own]
