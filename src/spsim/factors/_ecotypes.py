"""Ecotypes: which niche a cell belongs to, if any."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spsim import _keys, _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.factors._factor_recipe import FactorRecipe
from spsim.truth import Factors, Label, Observations


@dataclass(frozen=True, kw_only=True)
class Ecotypes(FactorRecipe):
    r"""Each cell belongs to one of the pattern's factors, or to none of them.

    .. math:: P(e_i = k) = (1 - \text{outside}) \frac{F_{ik}}{\max(1, \sum_l F_{il})}

    with the spatial factors F: regions of a tessellation, or gradients, along which an ecotype becomes frequent. The others
    are ``outside``.

    Parameters
    ----------
    outside
        Share of cells that belong to no ecotype where a factor is fully on.

    Raises
    ------
    ValueError
        A value out of range, or a spatial factor that is called ``outside``.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> ecotypes = sps.factors.Ecotypes(outside=0.25)
    >>> regions = sps.patterns.Voronoi(2, names=["A", "B"])
    >>> mdata = sps.simulate(sps.Scenario([{"name": "rna"}], pattern=regions, factors={"ecotype": ecotypes}))
    >>> mdata.obs["ecotype"].cat.categories.tolist()
    ['A', 'B', 'outside']
    """

    outside: float = field(default=0.2, kw_only=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "outside", _validate.probability("outside", self.outside))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return f"one ecotype per observation, that of its region, or none (a share of {self.outside:g})"

    @property
    def needs(self) -> tuple[str, ...]:
        """The regions."""
        return (_keys.DOMAIN,)

    @property
    def has_label(self) -> bool:
        """The ecotype."""
        return True

    @property
    def is_spatial(self) -> bool:
        """Regions have ecotypes of their own."""
        return True

    def factors(self, observations: Observations, source: Stream) -> Factors:
        """Return one-hots of the ecotypes; fewer observations are a prefix of more of them."""
        regions = observations.factors[_keys.SPATIAL_BLOCK]
        if _keys.OUTSIDE in regions.columns:
            msg = f"names of spatial factors must not be {_keys.OUTSIDE!r}, which cells of no ecotype are"
            raise ValueError(msg)
        values = regions.values.astype(np.float64)
        share = (1.0 - self.outside) * values / np.maximum(1.0, values.sum(axis=1, keepdims=True))
        # Every set of observations has a run of its own.
        drawn = uniforms(source, Purpose.FACTORS, observations.n, tile=2 * observations.position)
        codes = (drawn[:, None] >= np.cumsum(share, axis=1)).sum(axis=1)
        label = Label(codes=codes, names=(*regions.columns, _keys.OUTSIDE))
        return Factors(columns=regions.columns, values=label.indicators[:, :-1], label=label)
