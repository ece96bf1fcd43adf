"""Masks that the seed knows."""

from __future__ import annotations

import numpy as np
import pytest

from oracles.counts import uniform
from spsim.likelihoods import (
    Gaussian,
    NegativeBinomial,
    NegativeBinomialMixture,
    ZeroInflatedNegativeBinomial,
    ZeroInflatedPoisson,
)
from spsim.sampling import _masks, dropout_mask, foreground_mask, sample_classes

SPOTS, FEATURES = np.arange(300), np.arange(150)


def counts(likelihood, rna, *, mean=200.0):
    return sample_classes(likelihood, [[mean]], np.zeros(300, int), np.zeros(150, int), stream=rna)


@pytest.mark.parametrize("dropout_rate", [0.25, 0.3, 0.9])
def test_lost_entries_are_zero_and_others_are_not(rna, dropout_rate):
    likelihood = ZeroInflatedNegativeBinomial(shape=10, dropout_rate=dropout_rate)
    mask = dropout_mask(likelihood, spots=SPOTS, features=FEATURES, stream=rna)
    # P(Y = 0) of a count with mean 200 and shape 10 is 6e-14.
    np.testing.assert_array_equal(counts(likelihood, rna) == 0, mask)
    assert mask.mean() == pytest.approx(dropout_rate, abs=5 * 0.5 / np.sqrt(mask.size))


def test_masks_follow_the_definition(rna):
    mask = dropout_mask(ZeroInflatedPoisson(dropout_rate=0.3), spots=SPOTS, features=FEATURES, stream=rna)
    rng = np.random.default_rng(0)
    for i, j in zip(rng.integers(0, 300, 100), rng.integers(0, 150, 100), strict=True):
        bits = uniform(key=rna.key, stream_id=rna.id, spot=int(i), feature=int(j))
        assert mask[i, j] == (bits < round(0.3 * 2**64))


def test_ties_of_lanes_are_settled(rna):
    """A rate in the middle of a lane that occurs."""
    bits = uniform(key=rna.key, stream_id=rna.id, spot=7, feature=9)
    for rate, lost in ((np.nextafter(bits / 2.0**64, 1), True), (np.nextafter(bits / 2.0**64, 0), False)):
        likelihood = ZeroInflatedPoisson(dropout_rate=float(rate))
        assert dropout_mask(likelihood, spots=[7], features=[9], stream=rna)[0, 0] == lost
        assert dropout_mask(likelihood, spots=SPOTS, features=FEATURES, stream=rna)[7, 9] == lost


@pytest.mark.parametrize("cost", [1e-9, 1e9])
def test_filtered_and_shuffled_positions(rna, monkeypatch, cost):
    likelihood = ZeroInflatedPoisson(dropout_rate=0.3)
    whole = dropout_mask(likelihood, spots=SPOTS, features=FEATURES, stream=rna)
    monkeypatch.setattr(_masks, "_SCATTERED_COST", cost)
    rng = np.random.default_rng(0)
    spots, features = rng.permutation(300)[:170], rng.permutation(150)[:90]
    for array in (spots, features):
        array.flags.writeable = False
    part = dropout_mask(likelihood, spots=spots, features=features, stream=rna)
    np.testing.assert_array_equal(part, whole[spots][:, features])


def test_far_entries_alone(rna):
    """One by one by scattered counters, together as a part of a tile."""
    likelihood = ZeroInflatedPoisson(dropout_rate=0.5)
    spots, features = 10**9 + np.arange(20), 40_000 + np.arange(5)
    together = dropout_mask(likelihood, spots=spots, features=features, stream=rna)
    for (i, j), lost in np.ndenumerate(together):
        bits = uniform(key=rna.key, stream_id=rna.id, spot=int(spots[i]), feature=int(features[j]))
        alone = dropout_mask(likelihood, spots=spots[i : i + 1], features=features[j : j + 1], stream=rna)
        assert lost == alone[0, 0] == (bits < 2**63)


@pytest.mark.parametrize("p", [0.2, 0.5])
def test_foreground_is_where_the_signal_is(rna, p):
    likelihood = NegativeBinomialMixture(foreground_probability=p, background_mean=1)
    mask = foreground_mask(likelihood, spots=SPOTS, features=FEATURES, stream=rna)
    # Background of mean 1 and foreground of mean 5000 do not overlap.
    np.testing.assert_array_equal(counts(likelihood, rna, mean=5000.0) > 100, mask)
    assert mask.mean() == pytest.approx(p, abs=5 * 0.5 / np.sqrt(mask.size))


def test_larger_probability_keeps_every_foreground_entry(rna):
    masks = [
        foreground_mask(NegativeBinomialMixture(foreground_probability=p), spots=SPOTS, features=FEATURES, stream=rna)
        for p in (0.0, 0.3, 0.31, 1.0)
    ]
    assert not masks[0].any()
    assert masks[3].all()
    assert np.all(masks[2] >= masks[1])


@pytest.mark.parametrize("likelihood", [NegativeBinomial(), Gaussian(), ZeroInflatedPoisson(dropout_rate=0)])
def test_without_dropout_nothing_is_lost(rna, likelihood):
    assert not dropout_mask(likelihood, spots=SPOTS, features=FEATURES, stream=rna).any()


def test_total_dropout_loses_all(rna):
    assert dropout_mask(ZeroInflatedPoisson(dropout_rate=1), spots=SPOTS, features=FEATURES, stream=rna).all()


@pytest.mark.parametrize(("spots", "features"), [([], [0, 1]), ([0, 1], []), ([], [])])
def test_empty_sides(rna, spots, features):
    mask = dropout_mask(ZeroInflatedPoisson(dropout_rate=0.5), spots=spots, features=features, stream=rna)
    assert mask.shape == (len(spots), len(features))
    assert mask.dtype == bool


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"spots": [-1]}, ValueError, "spots must not be negative, got -1"),
        ({"features": [0.5]}, TypeError, "features must be a one-dimensional array of integers, got 1 .* float64"),
        ({"spots": [[1]]}, TypeError, "spots must be a one-dimensional array of integers, got 2 dimensions"),
        ({"likelihood": "x"}, TypeError, "likelihood must be a likelihood such as .* got 'x'"),
    ],
)
def test_refuses_wrong_input(rna, change, error, message):
    given = {"likelihood": ZeroInflatedPoisson(dropout_rate=0.5), "spots": [0], "features": [0]} | change
    with pytest.raises(error, match=message):
        dropout_mask(**given, stream=rna)


def test_only_mixtures_have_a_foreground(rna):
    with pytest.raises(TypeError, match="likelihood must be a NegativeBinomialMixture .* got NegativeBinomial"):
        foreground_mask(NegativeBinomial(), spots=[0], features=[0], stream=rna)
