"""Sections with a lattice of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from spsim._random import Stream
from spsim.designs._motion import Motion, Section, in_plane


@dataclass(frozen=True, kw_only=True)
class Recut(Motion):
    r"""Spots lie on the layout as it is on the glass, and the tissue under them is turned and shifted.

    .. math:: x = y, \qquad g = R(\theta)^\top (y - c - t) + c

    for the spot y of the layout; R and t include that a slice is mirrored. Spots beside the tissue are dropped. Without it
    the tissue carries its spots along, so that every slice samples the very same points.

    Examples
    --------
    >>> import spsim as sps
    >>> design = sps.designs.Slices(turn=60, motions=[sps.designs.Recut()])
    >>> mdata = sps.simulate(sps.Scenario(design=design, n_side=12, modalities=[{"name": "rna", "n_mixed": 20}]))
    >>> second = mdata[(mdata.obs["slice"] == "slice_2").to_numpy()]
    >>> bool((second.obsm["spatial"] % 1 == 0).all()), bool((second.obsm["spatial_true"] % 1 == 0).all())
    (True, False)
    """

    rank: ClassVar[int] = 1

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return "sampled on a lattice of their own"

    def moved(self, section: Section, source: Stream) -> Section:
        """Turn the tissue back under the layout; nothing is random."""
        glass = section.tissue[:, :2]
        tissue = (glass - section.middle - section.shifted) @ section.turned + section.middle
        inside = ((tissue >= section.lower[:2]) & (tissue <= section.upper[:2])).all(axis=1)
        recut = replace(section.at(glass), tissue=in_plane(section.tissue, tissue), seen=in_plane(section.seen, tissue))
        return recut.only(np.flatnonzero(inside))
