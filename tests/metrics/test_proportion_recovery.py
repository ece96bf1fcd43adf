"""Shares of cell types: plain loops, scikit-learn and scipy, what is perfect, and what knows nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import average_precision_score, r2_score

from oracles import metrics_slices as oracle
from spsim import metrics

random = np.random.default_rng(4)
NUMBERS = random.multinomial(8, [0.5, 0.3, 0.15, 0.05], 60).astype(float)
SHARES = NUMBERS / NUMBERS.sum(axis=1, keepdims=True)
ESTIMATE = 0.7 * SHARES + 0.3 * random.dirichlet(np.ones(4), 60)
for array in (NUMBERS, ESTIMATE):
    array.flags.writeable = False


@pytest.mark.parametrize("presence", [0.005, 0.2])
def test_agrees_with_the_plain_loops(presence) -> None:
    result = metrics.proportion_recovery(ESTIMATE, NUMBERS, presence=presence)
    expected = oracle.proportions(ESTIMATE.tolist(), NUMBERS.tolist(), presence)
    assert set(result.overall) == set(expected)
    for name, value in expected.items():
        assert result.overall[name] == pytest.approx(value, abs=1e-10), name
    assert result.n == 60


def test_agrees_with_the_libraries() -> None:
    result = metrics.proportion_recovery(ESTIMATE, NUMBERS)
    given = ESTIMATE / ESTIMATE.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(result.per_type["r2"], r2_score(SHARES, given, multioutput="raw_values"))
    np.testing.assert_allclose(result.per_spot["jensen_shannon"], jensenshannon(given, SHARES, base=2, axis=1))
    assert result.overall["aupr"] == average_precision_score((SHARES >= 0.005).ravel(), given.ravel())
    for k in range(4):
        assert result.per_type["pearson"][k] == pytest.approx(np.corrcoef(given[:, k], SHARES[:, k])[0, 1])
    assert np.sqrt(np.mean(result.per_type["rmse"] ** 2)) == pytest.approx(result.overall["rmse"])
    assert np.sqrt(np.mean(result.per_spot["rmse"] ** 2)) == pytest.approx(result.overall["rmse"])


@pytest.mark.parametrize("presence", [0.005, 0.25])
def test_a_type_is_present_from_the_share_on_that_is_given(presence) -> None:
    """Two of eight cells are a share of 0.25: present, of all types at once and of each."""
    result = metrics.proportion_recovery(ESTIMATE, NUMBERS, presence=presence)
    given, present = ESTIMATE / ESTIMATE.sum(axis=1, keepdims=True), SHARES >= presence
    assert result.overall["aupr"] == pytest.approx(average_precision_score(present.ravel(), given.ravel()))
    each = [average_precision_score(present[:, k], given[:, k]) for k in range(4)]
    assert result.per_type["aupr"] == pytest.approx(each)
    assert (SHARES == 0.25).any() and (presence < 0.1) == np.array_equal(present, SHARES > 0)


def test_the_truth_is_perfect_whatever_its_scale() -> None:
    for scale in (1, random.uniform(1e-200, 1e140, (60, 1))):
        overall = metrics.proportion_recovery(NUMBERS * scale, NUMBERS).overall
        assert {name: round(value, 9) for name, value in overall.items()} == {
            "rmse": 0,
            "jensen_shannon": 0,
            "jensen_shannon_divergence": 0,
            "r2": 1,
            "pearson": 1,
            "aupr": 1,
        }


def test_a_type_that_is_nowhere_is_in_no_mean() -> None:
    truth = np.column_stack([NUMBERS, np.zeros(60)])
    result = metrics.proportion_recovery(truth, truth)
    assert result.constant.tolist() == [False] * 4 + [True]
    assert result.overall["r2"] == result.overall["pearson"] == 1
    assert np.isnan(result.per_type["aupr"][-1]) and result.per_type["r2"][-1] == 1
    estimate = truth + [0, 0, 0, 0, 1]
    wrong = metrics.proportion_recovery(estimate, truth)
    assert wrong.per_type["r2"][-1] == 0
    assert wrong.overall["r2"] == pytest.approx(wrong.per_type["r2"][:-1].mean())


def test_the_mean_composition_knows_no_spot() -> None:
    overall = metrics.proportion_recovery(np.tile(SHARES.mean(axis=0), (60, 1)), NUMBERS).overall
    assert overall["r2"] == pytest.approx(0, abs=1e-12) and overall["pearson"] == pytest.approx(0, abs=1e-12)


def test_an_estimate_of_nothing_has_nothing_in_common() -> None:
    estimate = ESTIMATE.copy()
    estimate[:30] = 0
    result = metrics.proportion_recovery(estimate, NUMBERS)
    assert (result.per_spot["jensen_shannon"][:30] == 1).all() and (result.per_spot["jensen_shannon"][30:] < 1).all()


@pytest.mark.parametrize(
    ("estimate", "truth", "message"),
    [
        (ESTIMATE[:5], NUMBERS, "same number of rows"),
        (ESTIMATE[:, :3], NUMBERS, "same number of columns"),
        (-ESTIMATE, NUMBERS, "estimate must not be negative"),
        (
            ESTIMATE,
            NUMBERS * (np.arange(60) > 1)[:, None],
            "truth must hold something in each spot, got 2 spots of zeros",
        ),
        (ESTIMATE[:1], NUMBERS[:1], "at least 2 spots, got 1"),
    ],
)
def test_what_are_no_shares_is_refused(estimate, truth, message) -> None:
    with pytest.raises(ValueError, match=message):
        metrics.proportion_recovery(estimate, truth)
