"""Shapes per feature."""

from __future__ import annotations

import math

import numpy as np
import pytest

from oracles.counts import measure
from spsim.likelihoods import NegativeBinomial, NegativeBinomialMixture, ZeroInflatedNegativeBinomial
from spsim.sampling import dropout_mask, sample_classes, sample_classes_csr, sample_means, sample_means_csr
from spsim.sampling.surface import _draw_counts as surface_counts

N_SPOTS, N_FEATURES = 200, 90
FEW = np.array([0.5, 10.0, math.inf])[np.arange(N_FEATURES) % 3]
MANY = np.append(np.random.default_rng(1).lognormal(1.0, 1.5, N_FEATURES - 1), math.inf)
KINDS = [NegativeBinomial, ZeroInflatedNegativeBinomial, NegativeBinomialMixture]
EXTRA = {
    "NegativeBinomial": {},
    "ZeroInflatedNegativeBinomial": {"dropout_rate": 0.3},
    "NegativeBinomialMixture": {"foreground_probability": 0.6, "background_mean": 2},
}


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def make(request):
    return lambda shape: request.param(shape=shape, **EXTRA[request.param.__name__])


@pytest.fixture
def classes():
    rng = np.random.default_rng(0)
    means = rng.choice([0.0, 0.2, 9.2, 40.0], (4, 3))
    return means, rng.integers(0, 4, N_SPOTS), rng.integers(0, 3, N_FEATURES)


@pytest.mark.parametrize("shapes", [FEW, MANY], ids=["few", "many"])
def test_counts_follow_the_definition(make, shapes, classes, rna):
    likelihood = make(shapes)
    means, spots, features = classes
    sampled = sample_classes(likelihood, *classes, stream=rna)
    rng = np.random.default_rng(1)
    for i, j in zip(rng.integers(0, N_SPOTS, 100), rng.integers(0, N_FEATURES, 100), strict=True):
        entry = {"key": rna.key, "stream_id": rna.id, "spot": int(i), "feature": int(j)}
        assert sampled[i, j] == measure(likelihood, mean=means[spots[i], features[j]], **entry)


@pytest.mark.parametrize("shapes", [FEW, MANY], ids=["few", "many"])
@pytest.mark.parametrize("few_entries", [0, 1 << 40])
def test_all_ways_agree(make, shapes, classes, rna, monkeypatch, few_entries):
    likelihood = make(shapes)
    means, spots, features = classes
    each = means[spots][:, features]
    expected = sample_classes(likelihood, *classes, stream=rna, first_spot=77)
    monkeypatch.setattr(surface_counts, "_FEW_ENTRIES", few_entries)
    given = likelihood, lambda start, stop: each[start:stop], each.shape
    np.testing.assert_array_equal(sample_means(*given, stream=rna, first_spot=77), expected)
    np.testing.assert_array_equal(sample_means_csr(*given, stream=rna, first_spot=77).toarray(), expected)
    sparse = sample_classes_csr(likelihood, *classes, stream=rna, first_spot=77)
    np.testing.assert_array_equal(sparse.toarray(), expected)


def test_one_shape_given_many_times_changes_nothing(make, classes, rna):
    """Ten is a number of single precision."""
    expected = sample_classes(make(10.0), *classes, stream=rna)
    np.testing.assert_array_equal(sample_classes(make([10.0] * N_FEATURES), *classes, stream=rna), expected)


def test_fewer_features_are_a_part_of_more(make, classes, rna):
    means, spots, features = classes
    whole = sample_classes(make(MANY), *classes, stream=rna)
    part = sample_classes(make(MANY[:65]), means, spots, features[:65], stream=rna)
    np.testing.assert_array_equal(part, whole[:, :65])


def test_each_feature_has_its_own_variance(rna):
    shapes = [0.5, 5.0, math.inf]
    counts = sample_classes(NegativeBinomial(shape=shapes), [[9.0]], [0] * 40_000, [0, 0, 0], stream=rna)
    expected = [9 + 81 / shape for shape in shapes]
    # The relative standard error of a variance is sqrt((kurtosis - 1) / n), about 0.02 at most.
    np.testing.assert_allclose(counts.var(axis=0), expected, rtol=0.1)


def test_masks_do_not_depend_on_the_shape(rna):
    positions = {"spots": np.arange(20), "features": np.arange(30), "stream": rna}
    per_feature = ZeroInflatedNegativeBinomial(shape=np.arange(1, 91), dropout_rate=0.3)
    expected = dropout_mask(ZeroInflatedNegativeBinomial(dropout_rate=0.3), **positions)
    np.testing.assert_array_equal(dropout_mask(per_feature, **positions), expected)


@pytest.mark.parametrize("sample", ["classes", "means"])
def test_refuses_another_number_of_features(rna, sample):
    likelihood = NegativeBinomial(shape=[1.0, 2.0])
    with pytest.raises(ValueError, match=r"shape must have one value per feature \(3\), got 2 values"):
        if sample == "classes":
            sample_classes(likelihood, [[1.0]], [0], [0, 0, 0], stream=rna)
        else:
            sample_means(likelihood, lambda start, stop: np.ones((stop - start, 3)), (5, 3), stream=rna)
