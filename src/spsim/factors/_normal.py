"""Normal loadings, on the logarithm of the mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from spsim import _validate
from spsim._deviates import normal_deviates
from spsim._random import Purpose, Stream, uniforms
from spsim.factors._loading_rule import LoadingRule


@dataclass(frozen=True, kw_only=True)
class Normal(LoadingRule):
    r"""A share of the features respond to each factor, up or down, on the logarithm of the mean.

    .. math:: \log \Lambda_{ij} \mathrel{+}= \sum_k F_{ik} B_{jk}, \qquad B_{jk} = z_{jk} [u_{jk} < \text{share}], \quad
       z_{jk} \sim N(0, \text{sd}^2)

    Parameters
    ----------
    sd
        Standard deviation of the loadings; 0 leaves the data as they are without it.
    share
        Probability that a feature responds to a factor.

    Raises
    ------
    ValueError
        A value out of range.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> rna = {"name": "rna", "n_nonspatial": 20_000, "loadings": {"cell_cycle": sps.factors.Normal(sd=0.5)}}
    >>> cells = sps.designs.Dissociated(5)
    >>> mdata = sps.simulate(
    ...     sps.Scenario([rna], pattern=None, design=cells, factors={"cell_cycle": sps.factors.CellCycle()})
    ... )
    >>> round(float(mdata["rna"].varm["cell_cycle_loadings"].std()), 2)
    0.5
    """

    sd: float = field(default=0.3, kw_only=False)
    share: float = 1.0
    scale: ClassVar[str] = "log"

    def __post_init__(self) -> None:
        object.__setattr__(self, "sd", _validate.spread("sd", self.sd))
        object.__setattr__(self, "share", _validate.probability("share", self.share))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        some = "" if self.share == 1 else f" for a share of {self.share:g} of them"
        return f"on the logarithm of the mean, with normal loadings of sd {self.sd:g}{some}"

    def loadings(self, n_features: int, n_columns: int, source: Stream) -> np.ndarray:
        """Return features × columns, float32; fewer features are a prefix."""
        drawn = uniforms(source, Purpose.LOADINGS, (n_features, 2 * n_columns))
        values = self.sd * normal_deviates(drawn[:, :n_columns])
        # Plus zero, so that zeros have no sign.
        return np.where(drawn[:, n_columns:] < self.share, values, 0.0).astype(np.float32) + np.float32(0)
