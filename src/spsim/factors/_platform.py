"""Platform: features that one technology catches better than another."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spsim import _names, _validate
from spsim._deviates import normal_deviates
from spsim._random import Purpose, Stream, uniforms
from spsim.factors._effect import Effect
from spsim.truth import Block, Observations


@dataclass(frozen=True, kw_only=True)
class Platform(Effect):
    r"""A factor per feature that all observations of the modality share.

    .. math:: \log \Lambda_{ij} \mathrel{+}= p_j, \qquad p_j \sim N(0, \text{sd}^2)

    It is what a reference and the spots that it is compared with do not have in common, although they measure the same
    features (``features_of``).

    Parameters
    ----------
    sd
        Standard deviation of the logarithm; 0 leaves the data as they are without it.
    key
        Name of the block: its loadings are ``varm["platform_loadings"]``.

    Raises
    ------
    ValueError
        A negative standard deviation.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12, effects=[sps.factors.Platform(sd=0.5)])
    >>> mdata["rna"].varm["platform_loadings"].shape
    (500, 1)
    """

    sd: float = field(default=0.5, kw_only=False)
    key: str = "platform"

    def __post_init__(self) -> None:
        _names.usable_name("key", self.key)
        object.__setattr__(self, "sd", _validate.spread("sd", self.sd))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return f"a factor of each feature for this platform (sd {self.sd:g} on the logarithm)"

    @property
    def keys(self) -> tuple[str, ...]:
        """The block."""
        return (self.key,)

    def blocks(self, observations: Observations, n_features: int, source: Stream) -> tuple[Block, ...]:
        """Return one column of ones and a loading per feature; fewer features are a prefix."""
        loadings = self.sd * normal_deviates(uniforms(source, Purpose.EFFECT, n_features))
        block = Block(
            name=self.key,
            columns=(self.key,),
            factors=np.ones((observations.n, 1), np.float32),
            # Plus zero, so that zeros have no sign.
            loadings=loadings[:, None].astype(np.float32) + np.float32(0),
            scale="log",
        )
        return (block,)
