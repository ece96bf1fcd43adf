"""The Gaussian likelihood."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from spsim._validate import real
from spsim.likelihoods._base import ContinuousLikelihood
from spsim.likelihoods._normal import normal_scores


@dataclass(frozen=True, kw_only=True)
class Gaussian(ContinuousLikelihood):
    r"""Additive noise of the same size everywhere, as on transformed intensities.

    .. math:: Y \sim \mathcal N(\mu, \sigma^2)

    Values below 0 occur, and means below 0 can be measured. With :math:`\sigma = 0` the measurement is the mean.

    Parameters
    ----------
    sd
        The standard deviation :math:`\sigma`, at least 0.

    Examples
    --------
    >>> import numpy as np
    >>> from spsim.likelihoods import Gaussian
    >>> Gaussian(sd=2).quantile(np.array([5.0]), np.array([2**62], np.uint64)).round(4)
    array([3.651])
    """

    lowest_mean: ClassVar[float] = -math.inf

    sd: float = field(default=1.0, kw_only=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sd", real("sd", self.sd, at_least=0))

    def quantile(self, mean: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        r"""Return :math:`\mu + \sigma \Phi^{-1}(U)` element by element."""
        return mean + self.sd * normal_scores(uniforms)
