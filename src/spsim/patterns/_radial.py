"""Distance from a centre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from spsim import _validate
from spsim._random import Stream
from spsim.patterns._pattern import Pattern
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True)
class Radial(Pattern):
    r"""One factor that falls linearly with the distance from a centre, such as a vessel or the core of a tumour.

    .. math:: F_i = \max\left(0,\ 1 - \frac{\lVert x_i - c \rVert}{\text{radius}}\right)

    Nothing is random. Its domain, where it exceeds half its maximum, is the disc of half the radius (if a spot lies at
    the centre).

    Parameters
    ----------
    radius
        Distance at which the factor reaches 0, in coordinate units; without it that of the farthest corner of the
        layout's box.
    centre
        Centre, as shares of the box's width and height: ``(0, 0)`` is its upper left corner. It may lie outside.
    names
        Name of the factor, as a list of one; ``radial_1`` if left out.

    Raises
    ------
    ValueError
        A radius that is not above 0, a centre that is not two finite numbers, names that do not fit.
    TypeError
        A value that is not a number.

    Examples
    --------
    >>> import spsim as sps
    >>> tumour = sps.patterns.Radial(radius=12, names=["tumour"])
    >>> mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 20}], pattern=tumour, n_side=25)
    >>> sps.get.factors(mdata)["tumour"].max().item(), sps.get.domains(mdata).value_counts().to_dict()
    (1.0, {'background': 516, 'tumour': 109})
    """

    radius: float | None = field(default=None, kw_only=False)
    centre: Sequence[float] = (0.5, 0.5)
    kind: ClassVar[str] = "radial"

    def __post_init__(self) -> None:
        if self.radius is not None:
            object.__setattr__(self, "radius", _validate.real("radius", self.radius, above=0))
        if isinstance(self.centre, str) or not isinstance(self.centre, Sequence | np.ndarray):
            msg = f"centre must be a pair of numbers, got {_validate.shown(self.centre)}"
            raise TypeError(msg)
        if len(self.centre) != 2:
            msg = f"centre must be a pair of numbers, got {len(self.centre)}"
            raise ValueError(msg)
        object.__setattr__(self, "centre", tuple(_validate.real("centre", share) for share in self.centre))
        super().__post_init__()

    @property
    def n_factors(self) -> int:
        """One."""
        return 1

    def factors(self, sites: Sites, source: Stream) -> np.ndarray:
        """Value of the factor at each spot, n × 1 float32; nothing is random."""
        lower, upper = sites.lower[:2], sites.upper[:2]
        centre = lower + np.array(self.centre) * (upper - lower)
        farthest = float(np.hypot(*np.maximum(np.abs(lower - centre), np.abs(upper - centre))))
        distance = np.hypot(*(sites.coordinates[:, :2] - centre).T)
        return np.maximum(0, 1 - distance / (self.radius or farthest)).astype(np.float32)[:, None]
