"""Counts by class: dense, sparse, entry by entry, and any part of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from oracles.counts import count, measure
from spsim._random import seed_sequence, stream
from spsim.likelihoods import (
    Bernoulli,
    NegativeBinomial,
    NegativeBinomialMixture,
    Poisson,
    ZeroInflatedNegativeBinomial,
    ZeroInflatedPoisson,
)
from spsim.sampling import sample_classes, sample_classes_csr


def test_counts_follow_the_definition(likelihood, layout, rna):
    means, spots, features = layout
    sampled = sample_classes(likelihood, *layout, stream=rna)
    rng = np.random.default_rng(1)
    for i, j in zip(rng.integers(0, 300, 150), rng.integers(0, 150, 150), strict=True):
        entry = {"key": rna.key, "stream_id": rna.id, "spot": int(i), "feature": int(j)}
        expected = measure(likelihood, mean=means[spots[i], features[j]], **entry)
        assert sampled[i, j] == expected


def test_result_is_a_float32_matrix_in_c_order(layout, rna):
    sampled = sample_classes(NegativeBinomial(), *layout, stream=rna)
    assert sampled.dtype == np.float32
    assert sampled.flags.c_contiguous
    assert sampled.shape == (300, 150)


def test_open_lanes_are_settled_by_the_lower_bits(rna):
    """Above 33 every lane of this mean leaves its count open."""
    sampled = sample_classes(NegativeBinomial(), [[9.2]], np.zeros(2000, int), np.zeros(300, int), stream=rna)
    rows, columns = np.nonzero(sampled >= 34)
    assert len(rows) > 5
    for i, j in zip(rows, columns, strict=True):
        entry = {"key": rna.key, "stream_id": rna.id, "spot": int(i), "feature": int(j)}
        assert count(mean=9.2, shape=10.0, dropout_rate=0.0, **entry) == sampled[i, j]


@pytest.mark.parametrize("n_features", [1, 63, 64, 150])
def test_any_range_of_spots_regenerates_alone(likelihood, layout, rna, n_features):
    means, spots, features = layout
    whole = sample_classes(likelihood, means, spots, features[:n_features], stream=rna)
    rng = np.random.default_rng(n_features)
    for start, stop in np.sort(rng.integers(0, 301, (6, 2)), axis=1):
        part = sample_classes(
            likelihood, means, spots[start:stop], features[:n_features], stream=rna, first_spot=int(start)
        )
        np.testing.assert_array_equal(part, whole[start:stop])


def test_a_range_may_start_far_out(layout, rna):
    means, spots, features = layout
    far = 5_000_000_123
    whole = sample_classes(NegativeBinomial(), *layout, stream=rna, first_spot=far)
    part = sample_classes(NegativeBinomial(), means, spots[200:], features, stream=rna, first_spot=far + 200)
    np.testing.assert_array_equal(part, whole[200:])


def test_fewer_spots_or_features_are_a_part_of_more(likelihood, layout, rna):
    means, spots, features = layout
    whole = sample_classes(likelihood, *layout, stream=rna)
    part = sample_classes(likelihood, means, spots[:131], features[:65], stream=rna)
    np.testing.assert_array_equal(part, whole[:131, :65])


def test_sparse_holds_the_same_counts(likelihood, layout, rna):
    dense = sample_classes(likelihood, *layout, stream=rna, first_spot=77)
    sparse = sample_classes_csr(likelihood, *layout, stream=rna, first_spot=77)
    assert sparse.format == "csr"
    assert sparse.dtype == np.float32
    np.testing.assert_array_equal(sparse.toarray(), dense)
    assert sparse.nnz == np.count_nonzero(dense)
    sparse.has_sorted_indices = False
    indices = sparse.indices.copy()
    sparse.sort_indices()
    np.testing.assert_array_equal(sparse.indices, indices)


def test_sparse_arrays_grow_when_more_comes_than_expected(layout, rna, monkeypatch):
    from spsim.sampling.tables._draw_counts import TableDraw

    dense = sample_classes(NegativeBinomial(), *layout, stream=rna)
    monkeypatch.setattr(TableDraw, "expected_nonzeros", lambda self: (0.0, 0.0))
    np.testing.assert_array_equal(sample_classes_csr(NegativeBinomial(), *layout, stream=rna).toarray(), dense)


def test_expected_nonzeros_are_near_the_sampled_ones(likelihood, layout, rna):
    from spsim.sampling._plan import plan_classes

    mean, deviation = plan_classes(likelihood, *layout, stream=rna, first_spot=0).expected_nonzeros()
    sampled = np.count_nonzero(sample_classes(likelihood, *layout, stream=rna))
    means, spots, features = layout
    chance = likelihood.survival(means[spots][:, features], np.zeros(1))
    assert mean == pytest.approx(chance.sum())
    assert deviation == pytest.approx(np.sqrt((chance * (1 - chance)).sum()))
    assert abs(sampled - mean) < 5 * deviation


def test_steps_and_batches_change_nothing(layout, rna, monkeypatch):
    from spsim.sampling import _compressed_rows, _tile_by_tile
    from spsim.sampling.tables import _draw_counts

    whole = sample_classes(NegativeBinomial(), *layout, stream=rna)
    monkeypatch.setattr(_tile_by_tile, "_SETTLED_AT_ONCE", 1)
    monkeypatch.setattr(_compressed_rows, "_MOVED_AT_ONCE", 10)
    monkeypatch.setattr(_draw_counts, "_LARGEST_STEP", 1000)
    monkeypatch.setattr(_draw_counts, "_KEPT_NUMBERS", 0)
    np.testing.assert_array_equal(sample_classes(NegativeBinomial(), *layout, stream=rna), whole)
    np.testing.assert_array_equal(sample_classes_csr(NegativeBinomial(), *layout, stream=rna).toarray(), whole)


def test_dropout_zero_changes_nothing(layout, rna):
    plain = sample_classes(NegativeBinomial(shape=2), *layout, stream=rna)
    inflated = sample_classes(ZeroInflatedNegativeBinomial(shape=2, dropout_rate=0), *layout, stream=rna)
    np.testing.assert_array_equal(inflated, plain)
    plain = sample_classes(Poisson(), *layout, stream=rna)
    inflated = sample_classes(ZeroInflatedPoisson(dropout_rate=0), *layout, stream=rna)
    np.testing.assert_array_equal(inflated, plain)


def test_a_peak_is_seen_where_a_poisson_count_is(layout, rna):
    counts = sample_classes(Poisson(), *layout, stream=rna)
    np.testing.assert_array_equal(sample_classes(Bernoulli(), *layout, stream=rna), counts > 0)


def test_dropout_one_leaves_zeros(layout, rna):
    lost = ZeroInflatedNegativeBinomial(dropout_rate=1)
    assert not sample_classes(lost, *layout, stream=rna).any()
    assert sample_classes_csr(lost, *layout, stream=rna).nnz == 0


def test_mean_zero_gives_zeros(likelihood, rna):
    if isinstance(likelihood, NegativeBinomialMixture):
        likelihood = replace(likelihood, background_mean=0)
    assert not sample_classes(likelihood, [[0.0, -0.0]], [0] * 200, [0, 1] * 50, stream=rna).any()


def test_larger_mean_never_lowers_a_count(likelihood, layout, rna):
    means, spots, features = layout
    sampled = sample_classes(likelihood, means, spots, features, stream=rna)
    assert (sample_classes(likelihood, means * 1.3, spots, features, stream=rna) >= sampled).all()


def test_counts_beyond_16_bits(rna):
    likelihood = NegativeBinomial(shape=1)
    sampled = sample_classes(likelihood, [[90_000.0]], [0] * 40, [0] * 40, stream=rna)
    assert sampled.max() > 65_535
    where = np.unravel_index(sampled.argmax(), sampled.shape)
    values = {"mean": 90_000.0, "shape": 1.0, "dropout_rate": 0.0}
    from oracles.counts import threshold, uniform

    bits = uniform(key=rna.key, stream_id=rna.id, spot=int(where[0]), feature=int(where[1]))
    largest = int(sampled[where])
    assert threshold(largest - 1, **values) <= bits < threshold(largest, **values)


def test_streams_and_seeds_differ(layout, rna):
    sampled = sample_classes(NegativeBinomial(), *layout, stream=rna)
    for other in (stream(seed_sequence(7), "protein"), stream(seed_sequence(8), "rna")):
        assert (sample_classes(NegativeBinomial(), *layout, stream=other) != sampled).mean() > 0.3


@pytest.mark.parametrize(("spots", "features"), [([], [0, 1]), ([0, 1], []), ([], [])])
def test_empty_sides(rna, spots, features):
    means = [[1.0, 2.0], [3.0, 4.0]]
    assert sample_classes(NegativeBinomial(), means, spots, features, stream=rna).shape == (len(spots), len(features))
    sparse = sample_classes_csr(NegativeBinomial(), means, spots, features, stream=rna)
    assert sparse.shape == (len(spots), len(features))
    assert sparse.nnz == 0


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"means": [[-1.0]]}, ValueError, "mean must be finite and at least 0, got -1.0"),
        ({"means": [[np.nan]]}, ValueError, "mean must be finite and at least 0, got nan"),
        ({"means": [[np.inf]]}, ValueError, "mean must be finite and at least 0, got inf"),
        ({"means": [1.0]}, ValueError, "mean must have two dimensions .*got 1"),
        ({"spot_class": [0, 1]}, ValueError, r"spot_class must be in 0 to 0 .*got 1"),
        ({"feature_class": [-1]}, ValueError, r"feature_class must be in 0 to 0 .*got -1"),
        ({"spot_class": [0.0]}, TypeError, "spot_class must be a one-dimensional array of integers, got 1 .* float64"),
        ({"feature_class": [[0]]}, TypeError, "feature_class must be a one-dimensional array .* got 2 dimensions"),
        ({"first_spot": -1}, ValueError, "first_spot must be a whole number of at least 0, got -1"),
        ({"likelihood": "NegativeBinomial"}, TypeError, "likelihood must be a likelihood such as .*'NegativeBinomial'"),
    ],
)
@pytest.mark.parametrize("sample", [sample_classes, sample_classes_csr])
def test_refuses_wrong_input(rna, sample, change, error, message):
    given = {"likelihood": NegativeBinomial(), "means": [[1.0]], "spot_class": [0], "feature_class": [0]} | change
    with pytest.raises(error, match=message):
        sample(**given, stream=rna)
