"""Streams, likelihoods and class layouts that the tests of the sampler share."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spsim._random import Stream, seed_sequence, stream
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


@pytest.fixture
def rna() -> Stream:
    return stream(seed_sequence(7), "rna")


@pytest.fixture(params=LIKELIHOODS, ids=str)
def likelihood(request):
    return request.param


@pytest.fixture
def layout():
    """Means of 5 x 4 classes, and the classes of 300 spots and 150 features; read-only."""
    rng = np.random.default_rng(3)
    means = rng.choice([0.0, 0.2, 9.2, 11.2, 20.2], (5, 4))
    arrays = means, rng.integers(0, 5, 300), rng.integers(0, 4, 150)
    for array in arrays:
        array.flags.writeable = False
    return arrays
