"""How a mean is measured: distributions, nothing is drawn here."""

from __future__ import annotations

from spsim.likelihoods._base import ContinuousLikelihood, CountLikelihood, Likelihood, from_dict
from spsim.likelihoods._bernoulli import Bernoulli
from spsim.likelihoods._gaussian import Gaussian
from spsim.likelihoods._log_normal import LogNormal
from spsim.likelihoods._negative_binomial import NegativeBinomial
from spsim.likelihoods._negative_binomial_mixture import NegativeBinomialMixture
from spsim.likelihoods._poisson import Poisson
from spsim.likelihoods._trend import Trend
from spsim.likelihoods._trend import resolved_shapes as resolved_shapes  # for scenarios, as the next one
from spsim.likelihoods._trend import with_shapes as with_shapes
from spsim.likelihoods._zero_inflated_negative_binomial import ZeroInflatedNegativeBinomial
from spsim.likelihoods._zero_inflated_poisson import ZeroInflatedPoisson

__all__ = [
    "Bernoulli",
    "ContinuousLikelihood",
    "CountLikelihood",
    "Gaussian",
    "Likelihood",
    "LogNormal",
    "NegativeBinomial",
    "NegativeBinomialMixture",
    "Poisson",
    "Trend",
    "ZeroInflatedNegativeBinomial",
    "ZeroInflatedPoisson",
    "from_dict",
]
