"""Regions around random seeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from spsim import _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.patterns._names import MOST_FACTORS
from spsim.patterns._pattern import Pattern
from spsim.truth import Sites

# Of one factor: a hundred megabytes while it is drawn.
MOST_SEEDS = 2**20


@dataclass(frozen=True, kw_only=True)
class Voronoi(Pattern):
    r"""A Voronoi tessellation of uniformly random seeds, each factor with as many of them; all cover the tissue.

    .. math:: F_{il} = [l(\arg\min_s |x_i - z_s|) = l], \qquad z_s \sim U(\text{box})

    Parameters
    ----------
    n_factors
        Number of factors.
    n_seeds
        Number of seeds of each factor; fewer are the first of more.
    names
        One name per factor; ``region_1``, ``region_2``, … if left out.

    Raises
    ------
    ValueError
        A value out of range, names that do not fit.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> regions = sps.patterns.Voronoi(n_factors=3, n_seeds=2)
    >>> mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 20}], pattern=regions)
    >>> mdata.obs["domain"].cat.categories.tolist()
    ['region_1', 'region_2', 'region_3']
    """

    n_factors: int = field(default=4, kw_only=False)
    n_seeds: int = 3
    kind: ClassVar[str] = "region"

    def __post_init__(self) -> None:
        for name, most in (("n_factors", MOST_FACTORS), ("n_seeds", MOST_SEEDS)):
            object.__setattr__(self, name, _validate.whole(name, getattr(self, name), at_least=1, at_most=most))
        super().__post_init__()

    def factors(self, sites: Sites, source: Stream) -> np.ndarray:
        """Return which factor each spot belongs to, n × L float32."""
        from scipy.spatial import cKDTree

        lower, upper = sites.lower[:2], sites.upper[:2]
        # Each factor has a run of its own, so that fewer factors or seeds are the first of more.
        seeds = [uniforms(source, Purpose.PATTERN, (self.n_seeds, 2), tile=tile) for tile in range(self.n_factors)]
        nearest = cKDTree(lower + np.vstack(seeds) * (upper - lower)).query(sites.coordinates[:, :2])[1]
        return (nearest[:, None] // self.n_seeds == np.arange(self.n_factors)).astype(np.float32)
