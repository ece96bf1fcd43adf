"""Continuous measurements against the distributions they are named after, a million draws per mean.

False alarms: a correct sampler with a fresh seed gives a Kolmogorov-Smirnov p-value below 1e-4 with that probability,
and, by Bonferroni, in any of the 7 cases with probability 7e-4. The seeds are fixed: a failure is a change of the
sampler, not bad luck.
"""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from spsim._random import seed_sequence, stream
from spsim.likelihoods import Gaussian, LogNormal
from spsim.sampling import sample_classes

IMAGE = stream(seed_sequence(20), "image")


def reference(likelihood, mean):
    if isinstance(likelihood, Gaussian):
        return scipy.stats.norm(mean, likelihood.sd)
    return scipy.stats.lognorm(likelihood.sd, scale=mean * np.exp(-(likelihood.sd**2) / 2))


def p_value(values, distribution) -> float:
    return float(scipy.stats.kstest(values.reshape(-1).astype(float), distribution.cdf, method="asymp").pvalue)


def draw(likelihood, mean):
    return sample_classes(likelihood, [[mean]], np.zeros(1000, int), np.zeros(1000, int), stream=IMAGE)


@pytest.mark.parametrize(
    ("likelihood", "mean"),
    [
        (Gaussian(sd=1), 0.0),
        (Gaussian(sd=0.1), 5.0),
        (Gaussian(sd=30), 200.0),
        (LogNormal(sd=0.1), 0.2),
        (LogNormal(sd=0.5), 20.2),
        (LogNormal(sd=1), 1000.0),
        (LogNormal(sd=3), 9.2),
    ],
    ids=str,
)
def test_values_have_their_distribution(likelihood, mean):
    assert p_value(draw(likelihood, mean), reference(likelihood, mean)) > 1e-4


@pytest.mark.parametrize(
    ("wrong", "stated", "mean"),
    [
        (Gaussian(sd=1.01), Gaussian(sd=1), 5.0),
        (LogNormal(sd=0.505), LogNormal(sd=0.5), 20.2),
        (LogNormal(sd=0.5), Gaussian(sd=10.8), 20.2),
    ],
    ids=str,
)
def test_wrong_parameters_are_noticed(wrong, stated, mean):
    assert p_value(draw(wrong, mean), reference(stated, mean)) < 1e-4


def test_a_log_normal_that_keeps_the_median_is_noticed():
    kept_median = scipy.stats.lognorm(0.5, scale=20.2)
    assert p_value(draw(LogNormal(sd=0.5), 20.2), kept_median) < 1e-4


def test_one_percent_off_is_noticed():
    assert p_value(draw(Gaussian(sd=1), 1.0) * 1.01, reference(Gaussian(sd=1), 1.0)) < 1e-4


def test_values_need_all_bits_of_the_uniform():
    """Sixteen bits leave gaps that a million draws show: hardly any value occurs twice."""
    assert len(np.unique(draw(Gaussian(sd=1), 0.0))) > 900_000


def test_spots_and_features_are_independent():
    values = draw(Gaussian(sd=1), 0.0)
    for lag in (1, 16, 64, 128):
        for first, second in ((values[lag:], values[:-lag]), (values[:, lag:], values[:, :-lag])):
            # Eight correlations, each beyond 4 standard errors with probability 6.3e-5.
            assert abs(np.corrcoef(first.reshape(-1), second.reshape(-1))[0, 1]) * np.sqrt(first.size) < 4
