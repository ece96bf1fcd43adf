"""Library sizes of observations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from spsim import _keys
from spsim._deviates import log_normal
from spsim._random import Purpose, Stream
from spsim.factors._sizes import Sizes, checked_sizes
from spsim.truth import Observations


@dataclass(frozen=True, kw_only=True)
class LibrarySize(Sizes):
    r"""Log-normal library sizes: the mean of spot i is multiplied with :math:`\ell_i`.

    .. math:: \log \ell_i \sim N(\log \text{median}, \text{sd}^2)

    Parameters
    ----------
    median
        Median of the sizes, above 0.
    sd
        Standard deviation of their logarithm, at most 10; 0 gives every spot the median.

    Raises
    ------
    ValueError
        A median that is not above 0, a negative standard deviation, or sizes that single precision cannot hold.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(library_size=sps.LibrarySize(sd=0.4))
    >>> float(mdata["rna"].obs["library_size"].median().round(1))
    1.0
    """

    median: float = field(default=1.0, kw_only=False)
    sd: float = 0.3

    def __post_init__(self) -> None:
        median, sd = checked_sizes(self.median, self.sd)
        object.__setattr__(self, "median", median)
        object.__setattr__(self, "sd", sd)

    @property
    def center(self) -> float:
        """The median."""
        return self.median

    @property
    def spread(self) -> float:
        """Standard deviation of the logarithm."""
        return self.sd

    def sizes(self, observations: Observations, source: Stream) -> Mapping[str, np.ndarray]:
        """Return one size per observation; fewer observations are a prefix."""
        drawn = log_normal(observations.n, self.median, self.sd, source, Purpose.LIBRARY_SIZE)
        return {_keys.LIBRARY_SIZE: drawn}
