"""The Poisson likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim.likelihoods._base import CountLikelihood


@dataclass(frozen=True, kw_only=True)
class Poisson(CountLikelihood):
    r"""Counts whose variance is the mean.

    .. math:: Y \sim \mathrm{Poisson}(\mu), \qquad \mathrm{Var}(Y) = \mu

    Examples
    --------
    >>> from spsim.likelihoods import Poisson
    >>> round(float(Poisson().cdf(2.0, 0)), 4)
    0.1353
    """

    def cdf(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y \le k)` element by element, as a regularised incomplete gamma function."""
        from scipy.special import gammaincc

        return gammaincc(np.asarray(count) + 1.0, mean)

    def survival(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y > k)` element by element, as a regularised incomplete gamma function."""
        from scipy.special import gammainc

        return gammainc(np.asarray(count) + 1.0, mean)
