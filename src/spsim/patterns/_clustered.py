"""Clustered random positions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim import _validate
from spsim._deviates import normal_deviates
from spsim._random import Purpose, Stream, uniforms
from spsim.patterns._uniform import Uniform
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True)
class Clustered(Uniform):
    r"""Random positions in clusters: a Thomas process with a given number of spots.

    Each spot belongs to one of ``n_clusters`` uniformly random centres and lies around it with a normal distribution; what
    leaves the box on one side enters it on the other one, so that the density is the same everywhere. With K centres in a
    box of area A, and a box wide against σ = ``sd``, the pair correlation at distance r is

    .. math:: g(r) = 1 - \frac1K + \frac{A}{K} \, \frac{e^{-r^2 / 4 \sigma^2}}{4 \pi \sigma^2}

    Fewer spots in the same box are the first part of more spots.

    Parameters
    ----------
    n_spots
        Number of spots.
    width, height
        Sides of the box, in ``unit``.
    n_clusters
        Number of centres; few make strong clusters.
    sd
        Standard deviation of a spot's distance from its centre along each axis, in ``unit``.
    unit
        Name of the coordinates' unit.

    Raises
    ------
    ValueError
        A value out of range.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> layout = sps.patterns.Clustered(n_spots=400, n_clusters=30, sd=1.0)
    >>> sps.datasets.quilt(layout=layout, n_spatial=20).shape
    (400, 20)
    """

    n_clusters: int = 50
    sd: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_clusters", _validate.whole("n_clusters", self.n_clusters, at_least=1))
        object.__setattr__(self, "sd", _validate.real("sd", self.sd, above=0))
        super().__post_init__()

    def sites(self, source: Stream) -> Sites:
        """Place the spots."""
        size = np.array([self.width, self.height])
        centres = uniforms(source, Purpose.LAYOUT, (self.n_clusters, 2), tile=1) * size
        drawn = uniforms(source, Purpose.LAYOUT, (self.n_spots, 3))
        own = centres[(drawn[:, 0] * self.n_clusters).astype(np.intp)]
        coordinates = np.mod(own + self.sd * normal_deviates(drawn[:, 1:]), size)
        return Sites(coordinates=coordinates, lower=np.zeros(2), upper=size)
