"""Gaussian and log-normal."""

from __future__ import annotations

import json

import numpy as np
import pytest

from spsim.likelihoods import Gaussian, LogNormal, from_dict


@pytest.fixture(params=[Gaussian(sd=2), Gaussian(sd=0), LogNormal(sd=0.7)], ids=str)
def continuous(request):
    return request.param


def test_tails_are_symmetric_and_finite():
    ends = np.array([0, 1, 2**63 - 1, 2**63, 2**64 - 2, 2**64 - 1], np.uint64)
    values = Gaussian(sd=1).quantile(np.zeros(6), ends)
    np.testing.assert_array_equal(values, -values[::-1])
    assert values[-1] == pytest.approx(9.155, abs=1e-3)
    assert np.all(np.diff(values) >= 0)


def test_survives_json(continuous):
    assert from_dict(json.loads(json.dumps(continuous.to_dict()))) == continuous


@pytest.mark.parametrize("kind", [Gaussian, LogNormal])
@pytest.mark.parametrize(
    ("sd", "error"), [(-1, ValueError), (np.inf, ValueError), (np.nan, ValueError), ("1", TypeError)]
)
def test_refuses_wrong_sd(kind, sd, error):
    with pytest.raises(error, match="sd must be a finite number of at least 0"):
        kind(sd=sd)
