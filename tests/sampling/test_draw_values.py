"""Gaussian and log-normal measurements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from oracles.counts import measure
from spsim.likelihoods import ContinuousLikelihood, Gaussian, LogNormal
from spsim.sampling import sample_classes, sample_classes_csr, sample_means, sample_means_csr


@pytest.fixture(params=[Gaussian(sd=2), Gaussian(sd=0), LogNormal(sd=0.7)], ids=str)
def continuous(request):
    return request.param


def test_values_follow_the_definition(continuous, layout, rna):
    means, spots, features = layout
    sampled = sample_classes(continuous, *layout, stream=rna, first_spot=77)
    assert sampled.dtype == np.float32
    rng = np.random.default_rng(1)
    for i, j in zip(rng.integers(0, 300, 100), rng.integers(0, 150, 100), strict=True):
        entry = {"key": rna.key, "stream_id": rna.id, "spot": int(i) + 77, "feature": int(j)}
        expected = measure(continuous, mean=means[spots[i], features[j]], **entry)
        assert sampled[i, j] == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_all_ways_agree(continuous, layout, rna):
    means, spots, features = layout
    each = means[spots][:, features]
    expected = sample_classes(continuous, *layout, stream=rna)
    given = continuous, lambda start, stop: each[start:stop], each.shape
    np.testing.assert_array_equal(sample_means(*given, stream=rna), expected)
    np.testing.assert_array_equal(sample_means_csr(*given, stream=rna).toarray(), expected)
    sparse = sample_classes_csr(continuous, *layout, stream=rna)
    np.testing.assert_array_equal(sparse.toarray(), expected)
    assert sparse.nnz == np.count_nonzero(expected)


def test_any_range_of_spots_and_prefix_of_features_regenerates_alone(continuous, layout, rna):
    means, spots, features = layout
    whole = sample_classes(continuous, *layout, stream=rna)
    part = sample_classes(continuous, means, spots[131:260], features[:65], stream=rna, first_spot=131)
    np.testing.assert_array_equal(part, whole[131:260, :65])


@pytest.mark.parametrize("kind", [Gaussian, LogNormal])
def test_without_noise_the_mean_is_measured(layout, rna, kind):
    means, spots, features = layout
    expected = means[spots][:, features].astype(np.float32)
    np.testing.assert_array_equal(sample_classes(kind(sd=0), *layout, stream=rna), expected)


@pytest.mark.parametrize("mean", [1.0, 10.0])
def test_noise_has_its_size(rna, mean):
    flat = [[mean]], np.zeros(400, int), np.zeros(400, int)
    gaussian = sample_classes(Gaussian(sd=2), *flat, stream=rna)
    log_normal = sample_classes(LogNormal(sd=0.5), *flat, stream=rna)
    assert gaussian.mean() == pytest.approx(mean, abs=5 * 2 / 400)
    assert gaussian.std() == pytest.approx(2, rel=0.01)
    # The log-normal keeps its mean and its coefficient of variation.
    variation = np.sqrt(np.expm1(0.25))
    assert log_normal.mean() == pytest.approx(mean, rel=5 * variation / 400)
    assert log_normal.std() / log_normal.mean() == pytest.approx(variation, rel=0.03)


def test_log_normal_mean_zero_is_zero(rna):
    assert not sample_classes(LogNormal(), [[0.0]], [0] * 20, [0] * 20, stream=rna).any()


def test_a_gaussian_measures_means_below_zero(rna):
    """Signed features of images: the values of a mean move with it, whatever its sign."""
    means = np.array([[-8.0, -0.5, 3.0]])
    spots, features = np.zeros(500, int), np.arange(60) % 3
    sampled = sample_classes(Gaussian(sd=2), means, spots, features, stream=rna)
    shifted = sample_classes(Gaussian(sd=2), means + 10, spots, features, stream=rna)
    np.testing.assert_allclose(sampled, shifted - 10, atol=1e-5)
    for mean, values in zip(means[0], (sampled[:, features == n] for n in range(3)), strict=True):
        assert values.mean() == pytest.approx(mean, abs=5 * 2 / np.sqrt(values.size))
    each = means[spots][:, features]
    given = Gaussian(sd=2), lambda start, stop: each[start:stop], each.shape
    np.testing.assert_array_equal(sample_means(*given, stream=rna), sampled)
    np.testing.assert_array_equal(sample_means_csr(*given, stream=rna).toarray(), sampled)


@pytest.mark.parametrize(
    ("likelihood", "mean", "message"),
    [
        (LogNormal(), -0.5, "mean must be finite and at least 0, got -0.5"),
        (LogNormal(), np.inf, "mean must be finite and at least 0, got inf"),
        (Gaussian(), -np.inf, "mean must be finite, got -inf"),
        (Gaussian(), np.inf, "mean must be finite, got inf"),
        (Gaussian(), np.nan, "mean must be finite, got nan"),
    ],
)
def test_refuses_means_below_the_lowest(rna, likelihood, mean, message):
    with pytest.raises(ValueError, match=message):
        sample_classes(likelihood, [[mean]], [0], [0], stream=rna)
    with pytest.raises(ValueError, match=message):
        sample_means(likelihood, lambda start, stop: np.full((stop - start, 1), mean), (1, 1), stream=rna)


def test_a_likelihood_of_yours_states_its_lowest_mean(rna):
    @dataclass(frozen=True, kw_only=True)
    class _Shifted(ContinuousLikelihood):
        lowest_mean: ClassVar[float] = -2.0

        def quantile(self, mean, uniforms):
            return np.sqrt(mean + 2.0)

    found = sample_classes(_Shifted(), [[-2.0, 2.0]], [0], [0, 1], stream=rna)
    np.testing.assert_array_equal(found, [[0.0, 2.0]])
    with pytest.raises(ValueError, match="mean must be finite and at least -2, got -2.5"):
        sample_classes(_Shifted(), [[-2.5]], [0], [0], stream=rna)
