"""Dissociated cells: without places, in batches if asked for, some of them held out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from spsim import _validate
from spsim._categories import category_count
from spsim._random import Purpose, Stream, uniforms
from spsim.designs._design import Design
from spsim.truth import Label, Observations, Sites

CELL, BATCH, HELD_OUT = "cell", "batch", "held_out"
# Runs of the stream: which batch, whether held out, where in the tissue.
N_RUNS = 3


@dataclass(frozen=True, kw_only=True)
class Dissociated(Design):
    r"""Cells that were taken out of their tissue, each in one batch with equal probability.

    Cells come from uniformly drawn places of the layout; where is not recorded, in which domain is, if the scenario has a
    pattern. A smaller number of cells is a prefix of a larger one.

    Parameters
    ----------
    n_cells
        Number of cells.
    n_batches
        Number of batches: ``batch_1``, ``batch_2``, … in ``obs["batch"]``, which an experimenter knows; with 0 there is no
        such column.
    held_out
        Probability that a cell is held out: methods are fitted without it and asked about it afterwards
        (``obs["held_out"]``, the text ``"True"`` or ``"False"``, known). Above 0 only there is such a column; it changes nothing
        else.

    Raises
    ------
    ValueError
        A value out of range.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario(
    ...     pattern=None,
    ...     design=sps.designs.Dissociated(200, n_batches=3),
    ...     factors={"cell_type": sps.factors.CellTypes(4)},
    ...     modalities=[{"name": "rna", "n_nonspatial": 40, "loadings": {"cell_type": sps.factors.Markers()}}],
    ... )
    >>> mdata = sps.simulate(scenario)
    >>> sorted(mdata.obs), sorted(mdata.obsm)
    (['batch', 'cell_type', 'spsim_index'], ['cell_type_factors', 'rna'])
    """

    n_cells: int = field(default=1000, kw_only=False)
    n_batches: int = 0
    held_out: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_cells", _validate.whole("n_cells", self.n_cells, at_least=1))
        object.__setattr__(self, "n_batches", category_count("n_batches", self.n_batches, at_least=0))
        object.__setattr__(self, "held_out", _validate.probability("held_out", self.held_out))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        batches = f" in {self.n_batches} batches" if self.n_batches > 1 else ""
        held_out = f"; a share of {self.held_out:g} of them is held out" if self.held_out else ""
        return f"{self.n_cells} cells are dissociated{batches}{held_out}."

    @property
    def is_placed(self) -> bool:
        """Dissociated cells lie nowhere."""
        return False

    @property
    def labels(self) -> tuple[str, ...]:
        """The batch and whether cells are held out, where there are such columns."""
        return (*([BATCH] if self.n_batches else []), *([HELD_OUT] if self.held_out else []))

    def n_observations(self, n_spots: int) -> Mapping[str, int]:
        """Return the number of cells, which the layout does not change."""
        return {CELL: self.n_cells}

    def observe(self, sections: Sequence[Sites], source: Stream) -> dict[str, Observations]:
        """Return the cells."""
        (sites,) = sections
        batch, held_out, place = (uniforms(source, Purpose.DESIGN, self.n_cells, tile=t) for t in range(N_RUNS))
        labels = {}
        if self.n_batches:
            names = tuple(f"{BATCH}_{number + 1}" for number in range(self.n_batches))
            labels[BATCH] = Label(codes=(batch * self.n_batches).astype(np.intp), names=names, is_known=True)
        if self.held_out:
            codes = (held_out < self.held_out).astype(np.intp)
            labels[HELD_OUT] = Label(codes=codes, names=("False", "True"), is_known=True)
        places = sites.coordinates[(place * len(sites.coordinates)).astype(np.intp)]
        cells = Observations(name=CELL, n=self.n_cells, sites=replace(sites, coordinates=places), labels=labels)
        return {CELL: cells}
