"""Dissociated cells: observations without places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spsim import _validate
from spsim._random import Stream
from spsim.designs._design import Design
from spsim.truth import Observations, Sites

CELL, CELLS = "cell", "cells"


@dataclass(frozen=True, kw_only=True)
class Dissociated(Design):
    """Cells that were taken out of their tissue: there are no places, so the scenario has no pattern.

    Parameters
    ----------
    n_cells
        Number of cells.

    Raises
    ------
    ValueError
        No cells.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> design = sps.designs.Dissociated(50)
    >>> modality = {"name": "rna", "n_nonspatial": 20}
    >>> mdata = sps.simulate(sps.Scenario([modality], pattern=None, design=design))
    >>> mdata.shape, "spatial" in mdata.obsm
    ((50, 20), False)
    """

    n_cells: int = field(default=1000, kw_only=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_cells", _validate.whole("n_cells", self.n_cells, at_least=1))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return f"The {self.n_cells} cells are dissociated."

    @property
    def n_sections(self) -> int:
        """Nothing is placed."""
        return 0

    @property
    def is_placed(self) -> bool:
        """They lie nowhere."""
        return False

    def n_observations(self, n_spots: int) -> Mapping[str, int]:
        """Return the number of cells, whatever the layout."""
        return {CELLS: self.n_cells}

    def observe(self, sections: Sequence[Sites], source: Stream) -> dict[str, Observations]:
        """Return the cells; nothing is random."""
        return {CELLS: Observations(name=CELL, n=self.n_cells)}
