"""Slices that are stretched and bent when they are cut and mounted."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spsim import _validate
from spsim._random import Purpose, Stream
from spsim.designs._motion import Motion, Section
from spsim.patterns import Matern, gaussian_fields


@dataclass(frozen=True, kw_only=True)
class Warp(Motion):
    r"""Smooth displacement of measured places: :math:`x \leftarrow x + \text{sd} \cdot g(x)`, one field g per axis.

    .. math:: g \sim \mathcal{GP}(0, C_{5/2}(\text{length}))

    Factors belong to the tissue, so no count changes.

    Parameters
    ----------
    sd
        Standard deviation of the displacement along each axis, in coordinate units; 0 leaves slices as they are.
    length
        Length scale of the fields, in coordinate units, above 0.

    Examples
    --------
    >>> import numpy as np
    >>> import spsim as sps
    >>> design = sps.designs.Slices(motions=[sps.designs.Warp(sd=0.5, length=6)])
    >>> mdata = sps.simulate(sps.Scenario(design=design, n_side=12, modalities=[{"name": "rna", "n_mixed": 20}]))
    >>> moved = np.abs(mdata.obsm["spatial"] - mdata.obsm["spatial_true"]).max(axis=1) > 0
    >>> int(moved[:144].sum()), int(moved[144:].sum())
    (0, 144)
    """

    sd: float = field(default=1.0, kw_only=False)
    length: float = 12.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "sd", _validate.real("sd", self.sd, at_least=0))
        object.__setattr__(self, "length", _validate.real("length", self.length, above=0))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return f"warped smoothly (displacements of sd {self.sd:g} and length scale {self.length:g})"

    def moved(self, section: Section, source: Stream) -> Section:
        """Displace measured places; the fields live in the frame of the tissue."""
        if not self.sd:
            return section
        return section.at(section.places[:, :2] + self.sd * fields(section, self.length, source))


def fields(section: Section, length: float, source: Stream) -> np.ndarray:
    """Return two smooth fields of variance 1 at the spots of a slice."""
    return gaussian_fields(
        section.tissue[:, :2],
        section.lower[:2],
        section.upper[:2],
        matern=Matern(length_scale=length, smoothness=2.5, parameter="length"),
        n_fields=2,
        source=source,
        purpose=Purpose.DESIGN,
    )
