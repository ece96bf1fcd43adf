"""The negative binomial likelihood, by mean and shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim.likelihoods._shape import ShapedLikelihood, negative_binomial_cdf, negative_binomial_survival


@dataclass(frozen=True, kw_only=True)
class NegativeBinomial(ShapedLikelihood):
    r"""Counts more variable than Poisson, as :cite:t:`townes2023nonnegative` simulate them.

    .. math:: Y \sim \mathrm{NB}(\mu, r), \qquad \mathrm{Var}(Y) = \mu + \mu^2 / r

    Parameters
    ----------
    shape
        The shape :math:`r` (size, inverse dispersion), above 0; ``math.inf`` is the Poisson limit. A sequence gives
        each feature its own, rounded to single precision.

    References
    ----------
    :cite:t:`townes2023nonnegative`.

    Examples
    --------
    >>> from spsim.likelihoods import NegativeBinomial
    >>> round(float(NegativeBinomial(shape=10).cdf(9.2, 0)), 5)
    0.00147
    >>> NegativeBinomial(shape=[10, 2.5])
    NegativeBinomial(shape=(10.0, 2.5))
    """

    def cdf(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y \le k)` element by element."""
        return negative_binomial_cdf(mean, self.shapes, count)

    def survival(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y > k)` element by element."""
        return negative_binomial_survival(mean, self.shapes, count)
