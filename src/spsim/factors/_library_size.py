"""Library sizes of observations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from spsim import _keys, _validate
from spsim._deviates import LARGEST_DEVIATE, log_normal
from spsim._random import Purpose, Stream
from spsim.factors._effect import Effect
from spsim.truth import Observations


@dataclass(frozen=True, kw_only=True)
class LibrarySize(Effect):
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
        object.__setattr__(self, "median", _validate.real("median of library_size", self.median, above=0))
        object.__setattr__(self, "sd", _validate.real("sd of library_size", self.sd, at_least=0, at_most=10))
        if math.log(self.median) + LARGEST_DEVIATE * self.sd > math.log(np.finfo(np.float32).max):
            msg = f"median and sd of library_size must be smaller, got {self.median:g} and {self.sd:g}"
            raise ValueError(msg)

    @property
    def keys(self) -> tuple[str, ...]:
        """The sizes."""
        return (_keys.LIBRARY_SIZE,)

    def sizes(self, observations: Observations, source: Stream) -> Mapping[str, np.ndarray]:
        """Return one size per observation; fewer observations are a prefix."""
        drawn = log_normal(observations.n, self.median, self.sd, source, Purpose.LIBRARY_SIZE)
        return {_keys.LIBRARY_SIZE: drawn}
