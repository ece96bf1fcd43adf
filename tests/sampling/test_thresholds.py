from __future__ import annotations

import numpy as np
import pytest

from oracles.counts import threshold
from spsim.likelihoods import Bernoulli, NegativeBinomial, NegativeBinomialMixture, ZeroInflatedNegativeBinomial
from spsim.sampling._thresholds import canonical, count_bounds, threshold_lanes, threshold_lists, thresholds

MEANS = np.array([0.0, 1e-9, 0.2, 9.2, 20.2, 1000.0])


def parameters(likelihood):
    return {
        "shape": getattr(likelihood, "shape", np.inf),
        "dropout_rate": getattr(likelihood, "dropout_rate", 0.0),
    }


def test_thresholds_follow_the_definition(likelihood):
    if isinstance(likelihood, Bernoulli | NegativeBinomialMixture):
        pytest.skip("its parts are compared entry by entry")
    for mean in canonical(MEANS):
        counts = np.arange(300)
        levels, reachable = thresholds(likelihood, np.full(300, mean), counts)
        for k in range(300):
            expected = threshold(k, mean=mean, **parameters(likelihood))
            assert (int(levels[k]) if reachable[k] else 2**64) == expected


def test_lists_hold_every_reachable_threshold(likelihood):
    bounds = count_bounds(likelihood, MEANS)
    for mean, bound, levels in zip(MEANS, bounds, threshold_lists(likelihood, MEANS, bounds), strict=True):
        assert np.all(levels[1:] >= levels[:-1])
        assert not thresholds(likelihood, np.array([mean]), np.array([bound]))[1][0]
        assert not thresholds(likelihood, np.array([mean]), np.array([len(levels)]))[1][0]


def test_upper_bits_agree_with_the_thresholds_or_leave_them_open(likelihood):
    rng = np.random.default_rng(0)
    means, counts = rng.choice(MEANS, 4000), rng.integers(0, 60, 4000)
    lanes = threshold_lanes(likelihood, means, counts)
    levels, reachable = thresholds(likelihood, means, counts)
    exact = [int(level) if open_ else 2**64 for level, open_ in zip(levels, reachable, strict=True)]
    for lane, level in zip(lanes, exact, strict=True):
        # Lanes above reach it whatever their lower bits, lanes below never do.
        assert (int(lane) + 1) << 48 >= level >= int(lane) << 48


def test_total_dropout_leaves_nothing_to_reach():
    lost = ZeroInflatedNegativeBinomial(dropout_rate=1)
    assert not thresholds(lost, np.full(50, 20.0), np.arange(50))[1].any()


def test_mean_does_not_depend_on_the_order_of_its_sum():
    assert 0.1 + 0.2 != 0.3
    assert canonical(np.array([0.1 + 0.2])) == canonical(np.array([0.3]))
    np.testing.assert_allclose(canonical(MEANS), MEANS, rtol=2e-13)


def test_refuses_means_whose_counts_no_float_holds():
    with pytest.raises(ValueError, match=r"mean must be small enough for counts below 2\*\*53, got 1e\+15"):
        count_bounds(NegativeBinomial(shape=0.01), np.array([1.0, 1e15]))
