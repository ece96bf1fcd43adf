"""The two tails against scipy.stats."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import scipy.stats

from spsim.likelihoods import (
    Bernoulli,
    NegativeBinomial,
    NegativeBinomialMixture,
    Poisson,
    ZeroInflatedNegativeBinomial,
    ZeroInflatedPoisson,
)

MEANS = np.array([0.2, 1.0, 9.2, 20.2, 300.0])[:, None]
COUNTS = np.arange(400.0)


@pytest.mark.parametrize("shape", [0.01, 0.3, 2.5, 10.0, 1000.0])
def test_negative_binomial_tails(shape):
    reference = scipy.stats.nbinom(shape, shape / (shape + MEANS))
    likelihood = NegativeBinomial(shape=shape)
    np.testing.assert_allclose(likelihood.cdf(MEANS, COUNTS), reference.cdf(COUNTS), rtol=1e-10)
    np.testing.assert_allclose(likelihood.survival(MEANS, COUNTS), reference.sf(COUNTS), rtol=1e-9, atol=1e-40)


def test_tiny_means_keep_their_precision():
    """scipy.stats takes the success probability, which rounds to 1 here; P(Y > 0) has a closed form."""
    for shape in (0.01, 10.0, 1000.0):
        expected = -np.expm1(-shape * np.log1p(1e-9 / shape))
        assert NegativeBinomial(shape=shape).survival(1e-9, 0.0) == pytest.approx(expected, rel=1e-12)


def test_negative_binomial_variance_is_mean_plus_squared_mean_over_shape():
    counts = np.arange(5000.0)
    mass = np.diff(NegativeBinomial(shape=2.5).cdf(20.0, counts), prepend=0.0)
    assert mass @ counts == pytest.approx(20.0)
    assert mass @ (counts - 20.0) ** 2 == pytest.approx(20.0 + 20.0**2 / 2.5)


def test_poisson_tails():
    reference = scipy.stats.poisson(MEANS)
    np.testing.assert_allclose(Poisson().cdf(MEANS, COUNTS), reference.cdf(COUNTS), rtol=1e-10)
    np.testing.assert_allclose(Poisson().survival(MEANS, COUNTS), reference.sf(COUNTS), rtol=1e-9, atol=1e-40)


def test_infinite_shape_is_poisson():
    np.testing.assert_array_equal(NegativeBinomial(shape=math.inf).cdf(MEANS, COUNTS), Poisson().cdf(MEANS, COUNTS))
    np.testing.assert_allclose(NegativeBinomial(shape=1e9).cdf(MEANS, COUNTS), Poisson().cdf(MEANS, COUNTS), rtol=1e-4)


@pytest.mark.parametrize("dropout_rate", [0.0, 0.3, 1.0])
def test_zero_inflation_mixes_in_zeros(dropout_rate):
    plain = NegativeBinomial(shape=2.5)
    inflated = ZeroInflatedNegativeBinomial(shape=2.5, dropout_rate=dropout_rate)
    expected = dropout_rate + (1 - dropout_rate) * plain.cdf(MEANS, COUNTS)
    np.testing.assert_allclose(inflated.cdf(MEANS, COUNTS), expected)
    np.testing.assert_allclose(inflated.cdf(MEANS, COUNTS) + inflated.survival(MEANS, COUNTS), 1.0)


@pytest.mark.parametrize("dropout_rate", [0.0, 0.3, 1.0])
def test_zero_inflated_poisson_mixes_in_zeros(dropout_rate):
    inflated = ZeroInflatedPoisson(dropout_rate=dropout_rate)
    np.testing.assert_allclose(
        inflated.cdf(MEANS, COUNTS), dropout_rate + (1 - dropout_rate) * Poisson().cdf(MEANS, COUNTS)
    )
    np.testing.assert_allclose(inflated.cdf(MEANS, COUNTS) + inflated.survival(MEANS, COUNTS), 1.0)


def test_bernoulli_is_a_poisson_above_zero():
    np.testing.assert_allclose(Bernoulli().survival(MEANS, 0.0), Poisson().survival(MEANS, 0.0), rtol=1e-13)
    np.testing.assert_allclose(Bernoulli().cdf(MEANS, 0.0), Poisson().cdf(MEANS, 0.0), rtol=1e-12)
    np.testing.assert_array_equal(Bernoulli().survival(MEANS, COUNTS[1:]), 0.0 * MEANS * COUNTS[1:])
    assert Bernoulli().survival(1e-12, 0.0) == pytest.approx(1e-12)


def test_mixture_adds_its_parts():
    mixture = NegativeBinomialMixture(shape=3, foreground_probability=0.3, background_mean=2, background_shape=0.5)
    background, foreground = NegativeBinomial(shape=0.5), NegativeBinomial(shape=3)
    expected = 0.7 * background.cdf(2.0, COUNTS) + 0.3 * foreground.cdf(MEANS, COUNTS)
    np.testing.assert_allclose(mixture.cdf(MEANS, COUNTS), expected)
    np.testing.assert_allclose(mixture.cdf(MEANS, COUNTS) + mixture.survival(MEANS, COUNTS), 1.0)


def test_shapes_per_feature_are_those_of_each_element():
    shapes = np.array([0.5, 10.0, math.inf])
    feature = np.arange(300) % 3
    likelihood = NegativeBinomial(shape=shapes)
    counts, means = np.arange(300.0), np.full(300, 9.0)
    for tail in ("cdf", "survival"):
        found = getattr(likelihood.take(feature), tail)(means, counts)
        for n, shape in enumerate(shapes):
            here = feature == n
            expected = getattr(NegativeBinomial(shape=shape), tail)(means[here], counts[here])
            np.testing.assert_array_equal(found[here], expected)


def test_mean_zero_has_all_mass_at_zero(likelihood):
    if isinstance(likelihood, NegativeBinomialMixture):
        likelihood = replace(likelihood, background_mean=0)
    assert likelihood.cdf(np.zeros(1), np.zeros(1)) == 1
    assert likelihood.survival(np.zeros(1), np.zeros(1)) == 0
