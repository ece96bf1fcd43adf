"""Streams, likelihoods and class layouts that the tests of the sampler share."""

from __future__ import annotations

import numpy as np
import pytest

from likelihood_examples import LIKELIHOODS
from spsim._random import Stream, seed_sequence, stream


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
