"""Background and foreground: the likelihood of antibody counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim._validate import probability, real
from spsim.likelihoods._base import Background, CountLikelihood
from spsim.likelihoods._negative_binomial import NegativeBinomial
from spsim.likelihoods._shape import ShapedLikelihood, negative_binomial_cdf, negative_binomial_survival, usable_shape
from spsim.likelihoods._zero_inflated_negative_binomial import ZeroInflatedNegativeBinomial

# Every count of the background is a threshold that is looked up.
MOST_LEVELS = 2**23


@dataclass(frozen=True, kw_only=True)
class NegativeBinomialMixture(ShapedLikelihood):
    r"""Ambient antibody counts in some spots, the real signal in the others, as the protein model of totalVI.

    .. math::

       Z \sim \mathrm{Bernoulli}(p), \qquad
       Y \mid Z = 0 \sim \mathrm{NB}(\mu_b, r_b), \qquad
       Y \mid Z = 1 \sim \mathrm{NB}(\mu, r)

    The mean :math:`\mu` of the data set is that of the foreground. The background takes the lowest uniforms,
    :math:`Z = [U \ge 1 - p]`, and each part inverts its own distribution function on its part of the unit interval: so
    the membership is known from the seed (:func:`spsim.get.foreground_mask`), it does not depend on the means, and a larger
    :math:`p` keeps every foreground entry. With :math:`p = 1` the counts are those of :class:`NegativeBinomial`, bit
    for bit.

    Parameters
    ----------
    shape
        The shape :math:`r` of the foreground, above 0; ``math.inf`` is the Poisson limit. A sequence gives each feature
        its own, rounded to single precision.
    foreground_probability
        The probability :math:`p` that an entry is foreground, in [0, 1].
    background_mean
        The mean :math:`\mu_b` of the background, at least 0.
    background_shape
        The shape :math:`r_b` of the background, above 0.

    References
    ----------
    .. [1] Gayoso et al. (2021), Joint probabilistic modeling of single-cell multi-omic data with totalVI,
       Nature Methods 18, 272-282.

    Examples
    --------
    >>> from spsim.likelihoods import NegativeBinomialMixture
    >>> protein = NegativeBinomialMixture(foreground_probability=0.3, background_mean=2)
    >>> round(float(protein.survival(50.0, 20)), 4)
    0.2941
    """

    foreground_probability: float = 0.5
    background_mean: float = 1.0
    background_shape: float = 10.0

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(
            self, "foreground_probability", probability("foreground_probability", self.foreground_probability)
        )
        object.__setattr__(self, "background_mean", real("background_mean", self.background_mean, at_least=0))
        object.__setattr__(self, "background_shape", usable_shape("background_shape", self.background_shape))
        self._check_background()

    def cdf(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y \le k)` element by element, over both parts."""
        background = negative_binomial_cdf(self.background_mean, self.background_shape, count)
        foreground = negative_binomial_cdf(mean, self.shapes, count)
        return (1.0 - self.foreground_probability) * background + self.foreground_probability * foreground

    def survival(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y > k)` element by element, over both parts."""
        background = negative_binomial_survival(self.background_mean, self.background_shape, count)
        foreground = negative_binomial_survival(mean, self.shapes, count)
        return (1.0 - self.foreground_probability) * background + self.foreground_probability * foreground

    def _check_background(self) -> None:
        """Refuse a background whose counts are too many to list."""
        beyond = negative_binomial_survival(self.background_mean, self.background_shape, np.array(MOST_LEVELS))
        if not beyond <= 2.0**-65:
            msg = (
                f"background_mean must be small enough, and background_shape large enough, for counts below {MOST_LEVELS}, "
                f"got {self.background_mean:g} with background_shape={self.background_shape:g}"
            )
            raise ValueError(msg)

    def parts(self) -> tuple[CountLikelihood, Background | None]:
        """Return the foreground, 0 below ``1 - p``, and the background there."""
        lost = 1.0 - self.foreground_probability
        background = Background(
            likelihood=NegativeBinomial(shape=self.background_shape), mean=self.background_mean, probability=lost
        )
        return ZeroInflatedNegativeBinomial(shape=self.shape, dropout_rate=lost), background if lost else None
