"""Cells, the spots that capture them, and dissociated cells of the same tissue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from spsim import _names, _validate
from spsim._random import Purpose, Stream, uniforms
from spsim._recipe import as_recipe
from spsim.designs._design import Design
from spsim.patterns import Hexagonal, Layout
from spsim.truth import Label, Observations, Pooled, Sites

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

CELL, SPOT, REFERENCE = "cell", "spot", "reference"
CELLS, SPOTS = "cells", "spots"
IN_TISSUE = "in_tissue"
SHAPES = ("disc", "square")


@dataclass(frozen=True, kw_only=True)
class Capture(Design):
    r"""Three sets: ``cells`` on the scenario's layout, ``spots`` that sum the cells in them, a dissociated ``reference``.

    Spot i with centre :math:`y_i` holds the cells

    .. math:: S_i = \{c : |x_c - y_i| \le \text{size} / 2\}

    with the Euclidean distance for discs and the largest of both coordinates' for squares. The reference are cells of a
    second placing of the layout, so other cells of the same tissue; where they lay is not recorded, in which domain they
    lay is. Nobody can measure ``cells``: blind copies have no modality of them.

    Parameters
    ----------
    spots
        Layout of the spots; a Visium slide by default.
    offset
        What is added to the coordinates of the spots, so that they lie in the frame of the cells' layout.
    size
        Diameter of a disc or side of a square, in coordinate units; the ``spot_diameter`` of the layout or, if it has
        none, its spacing by default.
    form
        ``"disc"`` or ``"square"``.
    n_reference
        Number of dissociated cells, at most as many as the layout has places; 0 for none.
    by
        Name of the factors that say which type a cell has: counts of spots are drawn type by type.

    Raises
    ------
    ValueError
        A value out of range.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> lattice = sps.patterns.Hexagonal(n_rows=10, n_columns=10)
    >>> sps.designs.Capture(spots=lattice, n_reference=50).n_observations(600)
    {'cells': 600, 'spots': 100, 'reference': 50}
    """

    spots: Layout = field(default=Hexagonal(), kw_only=False)
    offset: Sequence[float] = (0.0, 0.0)
    size: float | None = None
    form: str = "disc"
    n_reference: int = 0
    by: str = "cell_type"

    def __post_init__(self) -> None:
        object.__setattr__(self, "spots", as_recipe("spots", self.spots, Layout))
        object.__setattr__(self, "offset", _offset(self.offset))
        if self.size is not None:
            object.__setattr__(self, "size", _validate.real("size", self.size, above=0))
        _validate.one_of("form", self.form, SHAPES)
        object.__setattr__(self, "n_reference", _validate.whole("n_reference", self.n_reference))
        _names.usable_name("by", self.by)

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        own = getattr(self.spots, "spot_diameter", None) or self.spots.spacing
        shape = f"{self.form}s of size {own if self.size is None else self.size:g}"
        reference = f"; {self.n_reference} other cells of the same tissue are dissociated" if self.n_reference else ""
        return (
            f"Spots ({shape}, {self.spots.n_spots} on a lattice with spacing {self.spots.spacing:g}) hold the cells in them"
            f"{reference}."
        )

    @property
    def n_sections(self) -> int:
        """One placing for the cells, one for the reference."""
        return 2 if self.n_reference else 1

    @property
    def labels(self) -> tuple[str, ...]:
        """The spot of a cell."""
        return (SPOT,)

    @property
    def pooled(self) -> Mapping[str, str]:
        """Spots are sums over cells."""
        return {SPOTS: CELLS}

    def n_observations(self, n_spots: int) -> Mapping[str, int]:
        """Return the number of cells, of spots and of dissociated cells."""
        own = {CELLS: n_spots, SPOTS: self.spots.n_spots}
        return {**own, REFERENCE: self.n_reference} if self.n_reference else own

    def observe(self, sections: Sequence[Sites], source: Stream) -> dict[str, Observations]:
        """Return the sets."""
        sites = sections[0]
        centres = self.spots.sites(source).coordinates[:, :2] + np.array(self.offset)
        weights = self._weights(centres, sites.coordinates)
        names = tuple(f"{SPOT}_{i}" for i in range(weights.shape[0]))
        holds = np.diff(weights.indptr) > 0
        cells = Observations(
            name=CELL,
            n=len(sites.coordinates),
            places=sites.coordinates,
            sites=sites,
            labels={SPOT: Label(codes=_spot_of(weights), names=names, is_known=True)},
            is_hidden=True,
        )
        spots = Observations(
            name=SPOT,
            n=len(names),
            places=centres,
            sites=replace(sites, coordinates=centres, spacing=self.spots.spacing),
            outline=(self.form, self._size),
            labels={IN_TISSUE: Label(codes=holds.astype(np.intp), names=("False", "True"), is_known=True)},
            pooled=Pooled(of=CELLS, weights=weights, by=self.by),
        )
        sets = {CELLS: cells, SPOTS: spots}
        return {**sets, REFERENCE: self._reference(sections[1], source)} if self.n_reference else sets

    def _reference(self, sites: Sites, source: Stream) -> Observations:
        order = uniforms(source, Purpose.DESIGN, len(sites.coordinates)).argsort(kind="stable")
        places = sites.coordinates[np.sort(order[: self.n_reference])]
        return Observations(name=REFERENCE, n=len(places), sites=replace(sites, coordinates=places))

    @property
    def _size(self) -> float:
        own = getattr(self.spots, "spot_diameter", None) or self.spots.spacing
        return float(own if self.size is None else self.size)

    def _weights(self, centres: np.ndarray, places: np.ndarray) -> csr_matrix:
        """Return spots × cells, one where a cell lies in a spot."""
        from scipy.sparse import csr_matrix
        from scipy.spatial import cKDTree

        order = np.inf if self.form == "square" else 2.0
        radius = 0.5 * self._size
        near = cKDTree(places[:, :2]).query_ball_point(centres, radius, p=order, return_sorted=True)
        counts = [len(own) for own in near]
        columns = np.concatenate([np.asarray(own, np.intp) for own in near]) if sum(counts) else np.empty(0, np.intp)
        indptr = np.concatenate([[0], np.cumsum(counts)])
        return csr_matrix((np.ones(len(columns), np.float32), columns, indptr), shape=(len(centres), len(places)))


def _offset(given: object) -> tuple[float, ...]:
    values = tuple(_validate.real("offset", value) for value in _validate.listed("offset", given))
    if len(values) != 2:
        msg = f"offset must be two numbers, x and y, got {_validate.shown(given)}"
        raise ValueError(msg)
    return values


def _spot_of(weights: csr_matrix) -> np.ndarray:
    """Return the spot of each cell, the first one where spots touch, -1 for cells between spots."""
    codes = np.full(weights.shape[1], -1)
    rows = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    codes[weights.indices[::-1]] = rows[::-1]
    return codes
