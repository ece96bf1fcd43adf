"""The Poisson with structural zeros (dropout)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spsim._validate import probability
from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._poisson import Poisson


@dataclass(frozen=True, kw_only=True)
class ZeroInflatedPoisson(Poisson):
    r"""A Poisson count of which every entry is lost with the same probability.

    .. math:: P(Y = k) = \pi \, [k = 0] + (1 - \pi) \, \mathrm{Poisson}(k; \mu)

    The structural zeros take the lowest uniforms, :math:`U < \pi`; a dropout rate of 0 gives the counts of
    :class:`Poisson` bit for bit.

    Parameters
    ----------
    dropout_rate
        The probability :math:`\pi` of a structural zero, in [0, 1].

    Examples
    --------
    >>> from spsim.likelihoods import ZeroInflatedPoisson
    >>> round(float(ZeroInflatedPoisson(dropout_rate=0.5).cdf(2.0, 0)), 4)
    0.5677
    """

    dropout_rate: float = field(default=0.0, kw_only=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "dropout_rate", probability("dropout_rate", self.dropout_rate))

    def cdf(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y \le k) = \pi + (1 - \pi) F(k)` element by element."""
        return self.dropout_rate + (1.0 - self.dropout_rate) * super().cdf(mean, count)

    def survival(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y > k) = (1 - \pi)(1 - F(k))` element by element."""
        return (1.0 - self.dropout_rate) * super().survival(mean, count)

    def kept(self) -> tuple[CountLikelihood, float]:
        """Return the Poisson, and the dropout rate."""
        return Poisson(), self.dropout_rate
