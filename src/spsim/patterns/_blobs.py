"""Discs at random places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from spsim import _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.patterns._border import beyond
from spsim.patterns._names import MOST_FACTORS
from spsim.patterns._pattern import Pattern
from spsim.truth import Sites

# Of one factor: a hundred megabytes while it is drawn.
MOST_BLOBS = 2**20


@dataclass(frozen=True, kw_only=True)
class Blobs(Pattern):
    r"""Discs at uniformly random places in the layout's box; those of one factor unite, those of several overlap.

    With the distance :math:`d_{il}` from a spot to the nearest centre of a factor,

    .. math:: F_{il} = S(\text{radius} - d_{il})

    where :math:`S` rises from 0 to 1 linearly over ``border_width``. A factor's domain, where it exceeds half its maximum,
    is the discs of the given radius, however soft the border. With the same box the factors depend on the seed and a
    spot's coordinates only, not on the other spots.

    Parameters
    ----------
    radius
        Radius of the discs, at the middle of the border, in coordinate units.
    n_factors
        Number of factors; fewer are the first of more.
    n_blobs
        Number of discs of each factor; fewer are the first of more.
    border_width
        Width over which a disc fades, in coordinate units, at most twice the radius; 0 is a sharp border.
    names
        One name per factor; ``blobs_1``, ``blobs_2``, … if left out.

    Raises
    ------
    ValueError
        A value out of range, names that do not fit.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> glands = sps.patterns.Blobs(radius=4, n_factors=2, n_blobs=3, border_width=2)
    >>> mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 20}], pattern=glands)
    >>> list(sps.get.factors(mdata))
    ['blobs_1', 'blobs_2']
    """

    radius: float = field(kw_only=False)
    n_factors: int = 4
    n_blobs: int = 3
    border_width: float = 0.0
    kind: ClassVar[str] = "blobs"

    def __post_init__(self) -> None:
        object.__setattr__(self, "radius", _validate.real("radius", self.radius, above=0))
        object.__setattr__(self, "border_width", _validate.real("border_width", self.border_width, at_least=0))
        for name, most in (("n_factors", MOST_FACTORS), ("n_blobs", MOST_BLOBS)):
            object.__setattr__(self, name, _validate.whole(name, getattr(self, name), at_least=1, at_most=most))
        if self.border_width > 2 * self.radius:
            msg = f"border_width must be at most twice the radius ({2 * self.radius:g}), got {self.border_width:g}"
            raise ValueError(msg)
        super().__post_init__()

    def factors(self, sites: Sites, source: Stream) -> np.ndarray:
        """Value of each factor at each spot, n × L float32."""
        from scipy.spatial import cKDTree

        lower, upper = sites.lower[:2], sites.upper[:2]
        values = []
        for tile in range(self.n_factors):
            shares = uniforms(source, Purpose.PATTERN, (self.n_blobs, 2), tile=tile)
            distance, _ = cKDTree(lower + shares * (upper - lower)).query(sites.coordinates[:, :2])
            values.append(beyond(self.radius - distance, self.border_width))
        return np.column_stack(values).astype(np.float32)
