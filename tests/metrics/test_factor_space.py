"""Rotation-free scores and the Amari error against scikit-learn, scipy and plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg
from sklearn.linear_model import LinearRegression

from oracles import metrics_factors as oracle
from spsim.metrics import amari_error, factor_recovery, subspace_angles, variance_recovered


@pytest.fixture
def truth() -> np.ndarray:
    array = np.random.default_rng(10).gamma(2, size=(90, 3))
    array.flags.writeable = False
    return array


@pytest.fixture(params=[1, 3, 6])
def estimate(request, truth) -> np.ndarray:
    rng = np.random.default_rng(11)
    array = 7 + truth @ rng.normal(size=(3, request.param)) + rng.normal(size=(90, request.param))
    array.flags.writeable = False
    return array


def test_variance_recovered_is_the_r2_of_linear_regression(estimate, truth):
    expected = [LinearRegression().fit(estimate, factor).score(estimate, factor) for factor in truth.T]
    np.testing.assert_allclose(variance_recovered(estimate, truth), expected, atol=1e-9)


def test_angles_are_those_of_scipy(estimate, truth):
    expected = linalg.subspace_angles(estimate - estimate.mean(axis=0), truth - truth.mean(axis=0))
    np.testing.assert_allclose(subspace_angles(estimate, truth), expected, atol=1e-9)


def test_rotation_changes_neither_but_hurts_the_match(truth):
    rotation = linalg.qr(np.random.default_rng(12).normal(size=(3, 3)))[0]
    np.testing.assert_allclose(variance_recovered(truth @ rotation + 4, truth), 1, atol=1e-12)
    np.testing.assert_allclose(subspace_angles(truth @ rotation + 4, truth), 0, atol=1e-7)
    assert factor_recovery(truth @ rotation, truth).minimum < 0.9
    assert amari_error(truth @ rotation, truth) > 0.1


def test_variance_recovered_is_at_least_the_squared_match(estimate, truth):
    assert (variance_recovered(estimate, truth) >= factor_recovery(estimate, truth).score ** 2 - 1e-12).all()


def test_a_lost_direction_is_at_a_right_angle(truth):
    lost = np.column_stack([truth[:, :2], np.zeros(90)])
    assert len(subspace_angles(lost, truth)) == 2
    orthogonal = linalg.null_space(np.column_stack([truth, np.ones(90)]).T)[:, :1]
    assert subspace_angles(orthogonal, truth)[0] == pytest.approx(np.pi / 2)
    np.testing.assert_allclose(variance_recovered(orthogonal, truth), 0, atol=1e-12)


def test_constant_truth_is_not_recovered(truth):
    constant = np.column_stack([truth[:, :1], np.full(90, 0.3)])
    np.testing.assert_allclose(variance_recovered(truth, constant), [1, np.nan], atol=1e-12)


def test_amari_error_agrees_with_the_plain_loops(truth):
    estimate = truth @ np.random.default_rng(13).normal(size=(3, 3)) + 5
    assert amari_error(estimate, truth) == pytest.approx(oracle.amari(estimate, truth), abs=1e-9)


def test_amari_error_ignores_order_sign_and_scale_of_components(truth):
    assert amari_error(truth[:, [2, 0, 1]] * [1, -5, 0.1] + 9, truth) == pytest.approx(0, abs=1e-9)
    mixed = truth @ np.random.default_rng(14).normal(size=(3, 3))
    assert amari_error(mixed[:, [1, 2, 0]] * [-2, 3, 8], truth) != pytest.approx(0)
    assert 0 <= amari_error(mixed, truth) <= 1


def test_amari_error_of_one_factor_is_zero(truth):
    assert amari_error(truth[:, :1] ** 2, truth[:, :1]) == 0


def test_bad_input_is_refused(truth):
    with pytest.raises(ValueError, match="estimate and truth must have the same number of columns, got 2 and 3"):
        amari_error(truth[:, :2], truth)
    constant = np.column_stack([truth[:, :2], np.ones(90)])
    with pytest.raises(ValueError, match="truth must have linearly independent columns, got rank 2 of 3 after centr"):
        amari_error(truth, constant)
    with pytest.raises(ValueError, match="estimate must have linearly independent columns, got rank 2 of 3"):
        amari_error(truth[:, [0, 0, 1]], truth)
    with pytest.raises(ValueError, match="estimate must have a column that varies, got 2 constant ones"):
        subspace_angles(np.ones((90, 2)), truth)
    for function in (amari_error, subspace_angles, variance_recovered):
        with pytest.raises(ValueError, match="estimate and truth must have the same number of rows, got 89 and 90"):
            function(truth[1:], truth)
