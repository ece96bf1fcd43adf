"""Slices that lie upside down."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from spsim import _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.designs._motion import Motion, Section


@dataclass(frozen=True, kw_only=True)
class Reflection(Motion):
    r"""A slice is mirrored with a given probability: :math:`x_1 \leftarrow 2 c_1 - x_1` with the middle c of the box.

    Parameters
    ----------
    probability
        Probability of it; 0 leaves slices as they are.

    Examples
    --------
    >>> import spsim as sps
    >>> design = sps.designs.Slices(motions=[sps.designs.Reflection(probability=1)])
    >>> mdata = sps.simulate(sps.Scenario(design=design, n_side=12, modalities=[{"name": "rna", "n_mixed": 20}]))
    >>> sps.get.table(mdata, "transforms")["reflected"].tolist()
    [0.0, 1.0]
    """

    probability: float = field(default=0.5, kw_only=False)
    rank: ClassVar[int] = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "probability", _validate.probability("probability", self.probability))

    @property
    def columns(self) -> tuple[str, ...]:
        """Whether a slice is mirrored, 0 or 1."""
        return ("reflected",)

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return f"mirrored with probability {self.probability:g}"

    def moved(self, section: Section, source: Stream) -> Section:
        """Mirror the slice on glass about the vertical through the middle of the box."""
        is_mirrored = bool(uniforms(source, Purpose.DESIGN, 1)[0] < self.probability)
        section = section.noted(reflected=float(is_mirrored))
        if not is_mirrored:
            return section
        places = section.places[:, :2].copy()
        places[:, 0] = 2 * section.middle[0] - places[:, 0]
        mirror = np.diag([-1.0, 1.0])
        mirrored = replace(section, turned=mirror @ section.turned, shifted=mirror @ section.shifted)
        return mirrored.at(places)
