"""Uniformly random positions."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from spsim import _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.patterns._layout import Layout
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True)
class Uniform(Layout):
    r"""Independent, uniformly random positions in a box.

    Fewer spots in the same box are the first part of more spots. ``spacing`` follows from the density,
    :math:`\sqrt{\text{width} \cdot \text{height} / n}`: that of a square lattice with as many spots. The mean distance
    to the nearest neighbour is about half of it.

    Parameters
    ----------
    n_spots
        Number of spots.
    width, height
        Sides of the box, in ``unit``.
    unit
        Name of the coordinates' unit.

    Examples
    --------
    >>> import spsim as sps
    >>> layout = sps.patterns.Uniform(n_spots=400, width=1000, height=1000, unit="micrometer")
    >>> layout.spacing
    50.0
    >>> sps.datasets.quilt(layout=layout, n_spatial=20).shape
    (400, 20)
    """

    # As many spots, and as dense, as the default grid.
    n_spots: int = field(default=1296, kw_only=False)
    width: float = 36.0
    height: float = 36.0
    spacing: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_spots", _validate.whole("n_spots", self.n_spots, at_least=1))
        for name in ("width", "height"):
            object.__setattr__(self, name, _validate.real(name, getattr(self, name), above=0))
        object.__setattr__(self, "spacing", math.sqrt(self.width * self.height / self.n_spots))
        super().__post_init__()

    def sites(self, source: Stream) -> Sites:
        """Place the spots."""
        size = np.array([self.width, self.height])
        return Sites(
            coordinates=uniforms(source, Purpose.LAYOUT, (self.n_spots, 2)) * size, lower=np.zeros(2), upper=size
        )
