"""How a mean is measured: likelihoods and the exact sampler behind them."""

from __future__ import annotations

from spsim.likelihoods._base import ContinuousLikelihood, CountLikelihood, Likelihood, from_dict
from spsim.likelihoods._bernoulli import Bernoulli
from spsim.likelihoods._csr import sample_classes_csr, sample_means_csr
from spsim.likelihoods._dense import sample_classes, sample_means
from spsim.likelihoods._gaussian import Gaussian
from spsim.likelihoods._log_normal import LogNormal
from spsim.likelihoods._masks import dropout_mask, foreground_mask
from spsim.likelihoods._negative_binomial import NegativeBinomial
from spsim.likelihoods._negative_binomial_mixture import NegativeBinomialMixture
from spsim.likelihoods._poisson import Poisson
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
    "ZeroInflatedNegativeBinomial",
    "ZeroInflatedPoisson",
    "dropout_mask",
    "foreground_mask",
    "from_dict",
    "sample_classes",
    "sample_classes_csr",
    "sample_means",
    "sample_means_csr",
]
