"""The negative binomial with structural zeros (dropout)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim._validate import probability
from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._negative_binomial import NegativeBinomial
from spsim.likelihoods._shape import ShapedLikelihood, negative_binomial_cdf, negative_binomial_survival


@dataclass(frozen=True, kw_only=True)
class ZeroInflatedNegativeBinomial(ShapedLikelihood):
    r"""A negative binomial of which every entry is lost with the same probability.

    .. math:: P(Y = k) = \pi \, [k = 0] + (1 - \pi) \, \mathrm{NB}(k; \mu, r)

    The structural zeros take the lowest uniforms, :math:`U < \pi`, so no second draw is needed and a dropout rate of 0
    gives the counts of :class:`NegativeBinomial` bit for bit. Data sets with the same seed and two dropout rates share
    their uniforms: the larger rate keeps no entry that the smaller one lost, but survivors have other counts.

    Parameters
    ----------
    shape
        The shape :math:`r`, above 0; ``math.inf`` gives a zero-inflated Poisson. A sequence gives each feature its own,
        rounded to single precision.
    dropout_rate
        The probability :math:`\pi` of a structural zero, in [0, 1].

    Examples
    --------
    >>> from spsim.likelihoods import ZeroInflatedNegativeBinomial
    >>> round(float(ZeroInflatedNegativeBinomial(shape=10, dropout_rate=0.5).cdf(9.2, 0)), 4)
    0.5007
    """

    dropout_rate: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "dropout_rate", probability("dropout_rate", self.dropout_rate))

    def cdf(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y \le k) = \pi + (1 - \pi) F(k)` element by element."""
        kept = negative_binomial_cdf(mean, self.shapes, count)
        return self.dropout_rate + (1.0 - self.dropout_rate) * kept

    def survival(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y > k) = (1 - \pi)(1 - F(k))` element by element."""
        return (1.0 - self.dropout_rate) * negative_binomial_survival(mean, self.shapes, count)

    def kept(self) -> tuple[CountLikelihood, float]:
        """Return the negative binomial, and the dropout rate."""
        return NegativeBinomial(shape=self.shape), self.dropout_rate
