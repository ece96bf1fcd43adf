"""Counts with a mean per entry: the same integers as by class, for every grid."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from oracles.counts import measure, threshold, uniform
from spsim.likelihoods import NegativeBinomial, Poisson
from spsim.sampling import _plan as plan
from spsim.sampling import _tile_by_tile, sample_classes, sample_classes_csr, sample_means, sample_means_csr
from spsim.sampling.surface import _draw_counts as surface_counts


def rows_of(means):
    return lambda start, stop: means[start:stop]


@pytest.fixture
def means():
    """Means over seven decades, with zeros; read-only."""
    rng = np.random.default_rng(5)
    values = rng.gamma(0.5, 2.0, (300, 150)) * rng.choice([0.0, 1e-3, 1.0, 10.0], 150)
    values.flags.writeable = False
    return values


def test_equals_the_counts_by_class(likelihood, layout, rna):
    means, spots, features = layout
    expected = sample_classes(likelihood, *layout, stream=rna, first_spot=50)
    each = means[spots][:, features]
    np.testing.assert_array_equal(
        sample_means(likelihood, rows_of(each), each.shape, stream=rna, first_spot=50), expected
    )


def test_counts_follow_the_definition(likelihood, means, rna):
    sampled = sample_means(likelihood, rows_of(means), means.shape, stream=rna)
    rng = np.random.default_rng(1)
    for i, j in zip(rng.integers(0, 300, 200), rng.integers(0, 150, 200), strict=True):
        entry = {"key": rna.key, "stream_id": rna.id, "spot": int(i), "feature": int(j)}
        expected = measure(likelihood, mean=means[i, j], **entry)
        assert sampled[i, j] == expected


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (surface_counts, "_FEW_ENTRIES", 1 << 60),
        (_tile_by_tile, "_SETTLED_AT_ONCE", 1),
        (surface_counts, "_LARGEST_STEP", 1000),
    ],
)
def test_boxes_and_batches_change_nothing(likelihood, means, rna, monkeypatch, module, name, value):
    whole = sample_means(likelihood, rows_of(means), means.shape, stream=rna)
    monkeypatch.setattr(module, name, value)
    np.testing.assert_array_equal(sample_means(likelihood, rows_of(means), means.shape, stream=rna), whole)


def test_any_range_of_spots_regenerates_alone(likelihood, means, rna):
    whole = sample_means(likelihood, rows_of(means), means.shape, stream=rna)
    for start, stop in np.sort(np.random.default_rng(0).integers(0, 301, (4, 2)), axis=1):
        part = sample_means(
            likelihood, rows_of(means[start:stop]), (stop - start, 150), stream=rna, first_spot=int(start)
        )
        np.testing.assert_array_equal(part, whole[start:stop])


def test_fewer_features_are_a_part_of_more(means, rna):
    whole = sample_means(Poisson(), rows_of(means), means.shape, stream=rna)
    part = sample_means(Poisson(), rows_of(means[:, :65]), (300, 65), stream=rna)
    np.testing.assert_array_equal(part, whole[:, :65])


def test_sparse_holds_the_same_counts(likelihood, means, rna):
    dense = sample_means(likelihood, rows_of(means), means.shape, stream=rna)
    sparse = sample_means_csr(likelihood, rows_of(means), means.shape, stream=rna)
    np.testing.assert_array_equal(sparse.toarray(), dense)
    assert sparse.nnz == np.count_nonzero(dense)


def test_means_are_asked_for_a_few_rows_at_a_time(means, rna):
    asked = []

    def mean_rows(start, stop):
        asked.append((start, stop))
        return means[start:stop]

    sample_means(NegativeBinomial(), mean_rows, means.shape, stream=rna, first_spot=100)
    assert asked[0] == (0, 28)
    assert asked[-1][1] == 300
    assert all(after[0] == before[1] for before, after in pairwise(asked))
    assert max((stop - start) * 150 for start, stop in asked) <= 1 << 13


def test_many_distinct_means_go_through_the_grid(rna):
    rng = np.random.default_rng(2)
    means, spots, features = rng.gamma(2.0, 5.0, (40, 30)), rng.integers(0, 40, 200), rng.integers(0, 30, 90)
    draw = plan.plan_classes(NegativeBinomial(), means, spots, features, stream=rna, first_spot=0)
    assert isinstance(draw, surface_counts.SurfaceDraw)
    each = means[spots][:, features]
    sampled = sample_classes(NegativeBinomial(), means, spots, features, stream=rna)
    np.testing.assert_array_equal(sampled, sample_means(NegativeBinomial(), rows_of(each), each.shape, stream=rna))
    sparse = sample_classes_csr(NegativeBinomial(), means, spots, features, stream=rna)
    np.testing.assert_array_equal(sparse.toarray(), sampled)


@pytest.mark.parametrize("shape", [0.05, 1.0, 10.0])
@pytest.mark.parametrize("few", [0, 1 << 12])
def test_huge_means(shape, few, rna, monkeypatch):
    monkeypatch.setattr(surface_counts, "_FEW_ENTRIES", few)
    means = np.array([[3000.0, 4094.0, 4095.0, 4100.0, 1e5, 3e6]] * 20)
    sampled = sample_means(NegativeBinomial(shape=shape), rows_of(means), means.shape, stream=rna)
    assert sampled.max() < 2**24  # float32 holds every count up to there
    for (i, j), mean in np.ndenumerate(means):
        bits = uniform(key=rna.key, stream_id=rna.id, spot=i, feature=j)
        k, values = int(sampled[i, j]), {"mean": mean, "shape": shape, "dropout_rate": 0.0}
        assert (threshold(k - 1, **values) if k else 0) <= bits < threshold(k, **values)


@pytest.mark.parametrize(("n_spots", "n_features"), [(0, 3), (3, 0)])
def test_empty_sides(rna, n_spots, n_features):
    mean_rows = rows_of(np.ones((n_spots, n_features)))
    for sample in (sample_means, sample_means_csr):
        assert sample(NegativeBinomial(), mean_rows, (n_spots, n_features), stream=rna).shape == (n_spots, n_features)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"mean_rows": rows_of(np.full((2, 3), -2.0))}, ValueError, "mean must be finite and at least 0, got -2.0"),
        ({"mean_rows": rows_of(np.full((2, 3), np.nan))}, ValueError, "mean must be finite and at least 0, got nan"),
        ({"mean_rows": rows_of(np.ones((2, 4)))}, ValueError, r"mean must have shape \(2, 3\), got \(2, 4\)"),
        ({"size": (2, -3)}, ValueError, r"size\[1\] must be a whole number of at least 0, got -3"),
        ({"size": (2,)}, ValueError, r"size must be \(n_spots, n_features\), got \(2,\)"),
        ({"first_spot": 1.5}, ValueError, "first_spot must be a whole number"),
        ({"likelihood": None}, TypeError, "likelihood must be a likelihood such as"),
    ],
)
@pytest.mark.parametrize("sample", [sample_means, sample_means_csr])
def test_refuses_wrong_input(rna, sample, change, error, message):
    given = {"likelihood": NegativeBinomial(), "mean_rows": rows_of(np.ones((2, 3))), "size": (2, 3)} | change
    with pytest.raises(error, match=message):
        sample(**given, stream=rna)
