"""Slices of which a part is missing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spsim import _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.designs._motion import Motion, Section


@dataclass(frozen=True, kw_only=True)
class Crop(Motion):
    """A share of the spots is cut off along a straight line of random direction.

    Parameters
    ----------
    share
        Share of the spots that is missing, below 1; 0 leaves slices as they are.

    Examples
    --------
    >>> import spsim as sps
    >>> design = sps.designs.Slices(motions=[sps.designs.Crop(share=0.25)])
    >>> mdata = sps.simulate(sps.Scenario(design=design, n_side=12, modalities=[{"name": "rna", "n_mixed": 20}]))
    >>> mdata.obs["slice"].value_counts().to_dict()
    {'slice_1': 144, 'slice_2': 108}
    """

    share: float = field(default=0.2, kw_only=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "share", _validate.probability("share", self.share))
        if self.share == 1:
            msg = "share must be below 1, so that something is left, got 1"
            raise ValueError(msg)

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return f"cropped by a share of {self.share:g} of their spots"

    def moved(self, section: Section, source: Stream) -> Section:
        """Keep the spots that lie least far in the direction."""
        n = len(section.tissue)
        n_kept = max(n - round(self.share * n), 1)
        angle = 2 * np.pi * uniforms(source, Purpose.DESIGN, 1)[0]
        far = (section.tissue[:, :2] - section.middle) @ np.array([np.cos(angle), np.sin(angle)])
        return section.only(np.sort(np.argsort(far, kind="stable")[:n_kept]))
