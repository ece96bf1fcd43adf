"""Slices whose spots fall on the lattice of the glass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim._places import distinct_places
from spsim._random import Stream
from spsim.designs._motion import Motion, Section


@dataclass(frozen=True, kw_only=True)
class Snap(Motion):
    """Measured places go to the nearest point of a square lattice; of spots that fall on one point the first stays.

    This is how :cite:t:`zeira2022alignment` turn a slice. For sections with a lattice of their own see
    :class:`spsim.designs.Recut`.

    Examples
    --------
    >>> import spsim as sps
    >>> design = sps.designs.Slices(turn=60, motions=[sps.designs.Snap()])
    >>> scenario = sps.Scenario(design=design, n_side=12, modalities=[{"name": "rna", "n_mixed": 20}])
    >>> int((sps.simulate(scenario, rng=2).obs["slice"] == "slice_2").sum())
    120

    References
    ----------
    :cite:t:`zeira2022alignment`.
    """

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return "snapped to the lattice of the glass, where the first of several spots on one point stays"

    def moved(self, section: Section, source: Stream) -> Section:
        """Round and drop; nothing is random."""
        steps = np.rint((section.places[:, :2] - section.lower[:2]) / section.spacing - 0.5)
        on_lattice = section.lower[:2] + (steps + 0.5) * section.spacing
        section = section.at(on_lattice)
        _, place = distinct_places(np.round(np.column_stack([steps, section.places[:, 2:]]), 9))
        _, first = np.unique(place, return_index=True)
        return section.only(np.sort(first))
