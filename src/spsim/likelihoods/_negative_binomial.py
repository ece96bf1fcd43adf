"""The negative binomial likelihood, by mean and shape."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from spsim._validate import positive
from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._poisson import Poisson


@dataclass(frozen=True, kw_only=True)
class NegativeBinomial(CountLikelihood):
    r"""Counts more variable than Poisson, as :cite:t:`townes2023nonnegative` simulate them.

    .. math:: Y \sim \mathrm{NB}(\mu, r), \qquad \mathrm{Var}(Y) = \mu + \mu^2 / r

    Parameters
    ----------
    shape
        The shape :math:`r` (size, inverse dispersion), above 0; ``math.inf`` is the Poisson limit.

    References
    ----------
    :cite:t:`townes2023nonnegative`.

    Examples
    --------
    >>> from spsim.likelihoods import NegativeBinomial
    >>> round(float(NegativeBinomial(shape=10).cdf(9.2, 0)), 5)
    0.00147
    """

    shape: float = 10.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", positive("shape", self.shape))

    def cdf(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y \le k)` element by element, as a regularised incomplete beta function."""
        if self.shape == math.inf:
            return Poisson().cdf(mean, count)
        from scipy.special import betainc

        return betainc(self.shape, np.asarray(count) + 1.0, self.shape / (self.shape + mean))

    def survival(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y > k)` element by element, as a regularised incomplete beta function."""
        if self.shape == math.inf:
            return Poisson().survival(mean, count)
        from scipy.special import betainc

        return betainc(np.asarray(count) + 1.0, self.shape, mean / (self.shape + mean))
