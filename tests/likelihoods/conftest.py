"""The likelihoods that every test of a distribution sees."""

from __future__ import annotations

import pytest

from likelihood_examples import LIKELIHOODS


@pytest.fixture(params=LIKELIHOODS, ids=str)
def likelihood(request):
    return request.param
