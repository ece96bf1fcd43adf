"""One likelihood of counts for every way that their parameters matter."""

from __future__ import annotations

import math

from spsim.likelihoods import (
    Bernoulli,
    NegativeBinomial,
    NegativeBinomialMixture,
    Poisson,
    ZeroInflatedNegativeBinomial,
    ZeroInflatedPoisson,
)

LIKELIHOODS = [
    NegativeBinomial(shape=10),
    NegativeBinomial(shape=0.3),
    NegativeBinomial(shape=math.inf),
    ZeroInflatedNegativeBinomial(shape=2.5, dropout_rate=0.4),
    ZeroInflatedNegativeBinomial(shape=math.inf, dropout_rate=0.1),
    Poisson(),
    ZeroInflatedPoisson(dropout_rate=0.3),
    Bernoulli(),
    NegativeBinomialMixture(shape=5, foreground_probability=0.4, background_mean=1.5, background_shape=2),
    NegativeBinomialMixture(foreground_probability=0, background_mean=300),
]
