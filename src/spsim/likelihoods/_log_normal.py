"""The log-normal likelihood."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spsim._validate import real
from spsim.likelihoods._base import ContinuousLikelihood
from spsim.likelihoods._normal import normal_scores


@dataclass(frozen=True, kw_only=True)
class LogNormal(ContinuousLikelihood):
    r"""Multiplicative noise, as on intensities of mass spectrometry and imaging.

    .. math:: \log Y \sim \mathcal N(\log \mu - \sigma^2 / 2, \sigma^2)

    The mean is kept, :math:`E[Y] = \mu`; the median is :math:`\mu e^{-\sigma^2/2}`, the coefficient of variation
    :math:`\sqrt{e^{\sigma^2} - 1}` whatever the mean. A mean of 0 gives 0, and :math:`\sigma = 0` the mean itself.

    Parameters
    ----------
    sd
        The standard deviation :math:`\sigma` of the natural logarithm, at least 0.

    Examples
    --------
    >>> import numpy as np
    >>> from spsim.likelihoods import LogNormal
    >>> LogNormal(sd=1).quantile(np.array([5.0]), np.array([2**63], np.uint64)).round(4)
    array([3.0327])
    """

    sd: float = field(default=0.5, kw_only=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sd", real("sd", self.sd, at_least=0))

    def quantile(self, mean: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        r"""Return :math:`\mu \exp(\sigma \Phi^{-1}(U) - \sigma^2 / 2)` element by element."""
        return mean * np.exp(self.sd * normal_scores(uniforms) - 0.5 * self.sd**2)
