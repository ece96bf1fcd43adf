"""Detected or not: the likelihood of binary peaks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim.likelihoods._base import CountLikelihood


@dataclass(frozen=True, kw_only=True)
class Bernoulli(CountLikelihood):
    r"""Whether anything was seen, as chromatin accessibility peaks are often binarised.

    .. math:: P(Y = 1) = 1 - e^{-\mu}

    That is the chance that a Poisson count of mean :math:`\mu` is above 0, so a binary data set and the counts that
    :class:`Poisson` draws from the same seed have their zeros at the same places.

    Examples
    --------
    >>> from spsim.likelihoods import Bernoulli
    >>> round(float(Bernoulli().survival(2.0, 0)), 4)
    0.8647
    """

    def cdf(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y \le k)` element by element."""
        return np.where(np.asarray(count) >= 1, 1.0, np.exp(-np.asarray(mean)))

    def survival(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y > k)` element by element."""
        return np.where(np.asarray(count) >= 1, 0.0, -np.expm1(-np.asarray(mean)))
