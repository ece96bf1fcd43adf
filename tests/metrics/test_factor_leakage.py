"""Leakage between blocks against scikit-learn's cross-validation, and its direction."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import PredefinedSplit, cross_val_predict

from spsim.metrics import factor_leakage
from spsim.metrics._factor_leakage import held_out_r2


@pytest.fixture
def truth() -> tuple[np.ndarray, np.ndarray]:
    """Two shared and two private factors on disjoint domains, so that each predicts something of the others."""
    factors = np.eye(5)[np.random.default_rng(80).integers(5, size=300)]
    factors.flags.writeable = False
    return factors[:, :2], factors[:, 2:4]


def noise(n_columns: int, seed: int = 81) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(300, n_columns))


def test_held_out_r2_is_that_of_scikit_learn(truth):
    shared, private = truth
    source = shared @ np.random.default_rng(82).normal(size=(2, 4)) + noise(4)
    folds = np.arange(300) % 5
    split = PredefinedSplit(folds)
    expected = [r2_score(y, cross_val_predict(LinearRegression(), source, y, cv=split)) for y in shared.T]
    np.testing.assert_allclose(held_out_r2(source, shared - shared.mean(axis=0), folds), expected, atol=1e-9)


def test_perfect_blocks_leak_nothing_above_the_floor(truth):
    shared, private = truth
    result = factor_leakage(3 * shared[:, ::-1], 1 - private, shared, private)
    np.testing.assert_allclose(result.private_in_shared, result.private_floor, atol=1e-9)
    assert result.private_floor.min() > 0.05
    assert (result.into_shared, result.into_private) == pytest.approx((0, 0), abs=1e-9)
    np.testing.assert_allclose(result.shared_in_shared, 1)
    np.testing.assert_allclose(result.private_in_private, 1)
    assert result.n == 300


def test_leakage_has_a_direction(truth):
    shared, private = truth
    into_shared = factor_leakage(np.column_stack([shared, private]), private, shared, private)
    assert (into_shared.into_shared, into_shared.into_private) == pytest.approx((1, 0), abs=1e-9)
    into_private = factor_leakage(shared, np.column_stack([shared, private]), shared, private)
    assert (into_private.into_shared, into_private.into_private) == pytest.approx((0, 1), abs=1e-9)
    swapped = factor_leakage(private, np.column_stack([shared, private]), private, shared)
    assert swapped.into_shared == pytest.approx(0, abs=1e-9)


def test_more_of_the_private_truth_leaks_more(truth):
    shared, private = truth
    leaks = [
        factor_leakage(np.column_stack([shared, part * private + noise(2)]), private, shared, private).into_shared
        for part in (0, 1, 3, 100)
    ]
    assert leaks == sorted(leaks)
    assert leaks[0] < 0.02
    assert leaks[-1] > 0.99


def test_columns_of_noise_earn_nothing(truth):
    shared, private = truth
    result = factor_leakage(noise(60), private, shared, private)
    # In-sample, 60 noise columns explain 0.2 of 300 spots; held out they explain nothing.
    assert result.private_in_shared.max() < 0.05
    assert held_out_r2(noise(60), noise(1, seed=83), np.zeros(300) + (np.arange(300) < 150)).max() == 0


def test_missing_blocks_and_missing_truth_are_zero(truth):
    shared, private = truth
    result = factor_leakage(np.empty((300, 0)), private, shared, np.empty((300, 0)))
    assert (result.into_shared, result.private_in_shared.shape) == (0, (0,))
    np.testing.assert_array_equal(result.shared_in_shared, 0)
    constant = factor_leakage(np.ones((300, 1)), private, shared, np.ones((300, 1)))
    assert np.isnan([*constant.private_in_shared, *constant.private_floor, constant.into_shared]).all()
    some = factor_leakage(shared, private, shared, np.column_stack([private, np.ones(300)]))
    assert np.isnan(some.private_in_shared).tolist() == [*[False] * private.shape[1], True]
    assert some.into_shared == pytest.approx(factor_leakage(shared, private, shared, private).into_shared)


def test_folds_are_seeded(truth):
    shared, private = truth
    block = shared + noise(2)
    first, again, other = (factor_leakage(block, private, shared, private, rng=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.private_in_shared, again.private_in_shared)
    assert (first.shared_in_shared != other.shared_in_shared).any()
    np.testing.assert_allclose(first.shared_in_shared, other.shared_in_shared, atol=0.02)


def test_bad_input_is_refused(truth):
    shared, private = truth
    with pytest.raises(ValueError, match="must have the same number of rows, got 299 and 300 and 300 and 300"):
        factor_leakage(shared[1:], private, shared, private)
    with pytest.raises(ValueError, match="n_folds must be a whole number of at least 2, got 1"):
        factor_leakage(shared, private, shared, private, n_folds=1)
    with pytest.raises(ValueError, match="n_folds must be at most the number of spots, 3, got 5"):
        factor_leakage(shared[:3], private[:3], shared[:3], private[:3])
