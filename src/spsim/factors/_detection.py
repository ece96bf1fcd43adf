"""Detection: one slice, sample or run catches more of the molecules than another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from spsim import _names, _validate
from spsim._random import Stream
from spsim.factors._effect import Effect
from spsim.factors._sizes import size_per_category
from spsim.truth import Observations


@dataclass(frozen=True, kw_only=True)
class Detection(Effect):
    r"""A share of the molecules that is caught, one per category: the mean of all features is multiplied with it.

    .. math:: \Lambda_{ij} \leftarrow \Lambda_{ij} \, \delta_{s(i)}, \qquad \log \delta_s \sim N(0, \text{sd}^2)

    Shares are relative to their median, 1. Categories are a prefix of more of them; who belongs to none has share 1.

    Parameters
    ----------
    by
        Label of the categories, such as ``"slice"``.
    sd
        Standard deviation of the logarithm; 0 leaves the data as they are without it.

    Raises
    ------
    ValueError
        A negative standard deviation.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario(
    ...     design=sps.designs.Slices(),
    ...     n_side=12,
    ...     modalities=[{"name": "rna", "n_mixed": 40, "effects": [sps.factors.Detection(by="slice", sd=0.5)]}],
    ... )
    >>> sps.simulate(scenario)["rna"].obs["detection"].nunique()
    2
    """

    by: str = field(kw_only=False)
    sd: float = 0.3

    def __post_init__(self) -> None:
        _names.usable_name("by", self.by)
        object.__setattr__(self, "sd", _validate.spread("sd", self.sd))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return f"a share of molecules that is caught in each {self.by} (sd {self.sd:g} on the logarithm)"

    @property
    def needs(self) -> tuple[str, ...]:
        """The label of the categories."""
        return (self.by,)

    @property
    def keys(self) -> tuple[str, ...]:
        """The shares, in ``obs``."""
        return ("detection",)

    def sizes(self, observations: Observations, source: Stream) -> Mapping[str, np.ndarray]:
        """Return the share of each observation."""
        return {"detection": size_per_category(observations.labels[self.by], self.sd, source)}
