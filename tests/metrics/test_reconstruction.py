"""Deviance, D2, RMSE and correlation against scikit-learn, the likelihoods themselves and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import pearsonr
from sklearn.metrics import d2_tweedie_score, mean_poisson_deviance, root_mean_squared_error

from spsim.metrics import _reconstruction, reconstruction

SHAPE = 10.0


@pytest.fixture
def pair() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(70)
    mean = 0.2 + rng.gamma(1, 10, size=(50, 6)) * [1, 2, 0.1, 1, 1, 5]
    mean[:4, 0] = 0
    estimate = np.maximum(mean, 0.1) * np.exp(0.3 * rng.normal(size=(50, 6)))
    for array in (estimate, mean):
        array.flags.writeable = False
    return estimate, mean


def nb_log_likelihood(y, mu, shape):
    return (
        gammaln(y + shape)
        - gammaln(shape)
        - gammaln(y + 1)
        + shape * np.log(shape / (mu + shape))
        + y * np.log(np.where(y > 0, mu, 1) / (mu + shape))
    )


def nb_deviance(y, mu, shape):
    return 2 * (nb_log_likelihood(y, y, shape) - nb_log_likelihood(y, mu, shape))


def test_features_agree_with_scikit_learn_scipy_and_the_likelihood(pair):
    estimate, mean = pair
    result = reconstruction(estimate, mean, shape=SHAPE)
    for j in range(6):
        x, y = estimate[:, j], mean[:, j]
        got = {name: values[j] for name, values in result.per_feature.items()}
        expected = {
            "deviance_poisson": mean_poisson_deviance(y, x),
            "d2_poisson": d2_tweedie_score(y, x, power=1),
            "deviance_nb": nb_deviance(y, x, SHAPE).mean(),
            "d2_nb": 1 - nb_deviance(y, x, SHAPE).sum() / nb_deviance(y, y.mean(), SHAPE).sum(),
            "rmse": root_mean_squared_error(y, x),
            "pearson": pearsonr(x, y)[0],
            "rmse_log1p": root_mean_squared_error(np.log1p(y), np.log1p(x)),
            "pearson_log1p": pearsonr(np.log1p(x), np.log1p(y))[0],
        }
        assert got == pytest.approx(expected, abs=1e-9)
    assert (result.n, result.constant.any()) == (50, False)


def test_overall_agrees_with_all_entries_at_once(pair):
    estimate, mean = pair
    overall = reconstruction(estimate, mean, shape=SHAPE).overall
    x, y = estimate.ravel(), mean.ravel()
    null = np.broadcast_to(mean.mean(axis=0), mean.shape).ravel()
    expected = {
        "deviance_poisson": mean_poisson_deviance(y, x),
        "d2_poisson": 1 - mean_poisson_deviance(y, x) / mean_poisson_deviance(y, null),
        "deviance_nb": nb_deviance(y, x, SHAPE).mean(),
        "d2_nb": 1 - nb_deviance(y, x, SHAPE).sum() / nb_deviance(y, null, SHAPE).sum(),
        "rmse": root_mean_squared_error(y, x),
        "pearson": pearsonr(x, y)[0],
        "rmse_log1p": root_mean_squared_error(np.log1p(y), np.log1p(x)),
        "pearson_log1p": pearsonr(np.log1p(x), np.log1p(y))[0],
    }
    assert overall == pytest.approx(expected, abs=1e-9)


def test_blocks_of_features_change_nothing(pair, monkeypatch):
    estimate, mean = pair
    shape = np.arange(1.0, 7)
    whole = reconstruction(estimate, mean, shape=shape)
    monkeypatch.setattr(_reconstruction, "BLOCK", 60)
    blocks = reconstruction(estimate, mean, shape=shape)
    assert blocks.overall == pytest.approx(whole.overall, abs=1e-12)
    for name, values in whole.per_feature.items():
        np.testing.assert_allclose(blocks.per_feature[name], values, atol=1e-12)


def test_truth_against_itself_is_perfect(pair):
    _, mean = pair
    result = reconstruction(mean, mean, shape=SHAPE)
    for name, value in result.overall.items():
        assert value == pytest.approx(1 if name.startswith(("d2", "pearson")) else 0, abs=1e-9), name


def test_the_features_own_means_explain_nothing(pair):
    _, mean = pair
    result = reconstruction(np.broadcast_to(mean.mean(axis=0), mean.shape), mean, shape=SHAPE)
    for name in ("d2_poisson", "d2_nb", "pearson"):
        np.testing.assert_allclose(result.per_feature[name], 0, atol=1e-9)


def test_one_shape_per_feature_and_a_large_shape_is_poisson(pair):
    estimate, mean = pair
    each = reconstruction(estimate, mean, shape=np.full(6, SHAPE))
    assert each.overall == reconstruction(estimate, mean, shape=SHAPE).overall
    large = reconstruction(estimate, mean, shape=1e9).overall
    assert large["deviance_nb"] == pytest.approx(large["deviance_poisson"], rel=1e-4)
    assert "deviance_nb" not in reconstruction(estimate, mean).overall


def test_constant_means_and_zero_estimates_are_documented_values():
    mean = np.array([[0.2, 1.0], [0.2, 3.0], [0.2, 5.0]])
    result = reconstruction(np.array([[0.3, 0.0], [0.1, 3], [0.2, 5]]), mean)
    np.testing.assert_array_equal(result.constant, [True, False])
    assert np.isnan([result.per_feature["d2_poisson"][0], result.per_feature["pearson"][0]]).all()
    assert result.per_feature["deviance_poisson"][1] == np.inf
    assert result.overall["d2_poisson"] == -np.inf
    assert np.isfinite(result.overall["rmse"])


@pytest.mark.parametrize("level", [1e-9, 1e-3, 1.0, 1e6, 1e12])
def test_constant_is_relative_to_the_level_of_the_feature(level):
    """Rounding noise about a level is constant however high it is; one part in a million is not however low."""
    signs = np.tile([-1.0, 1.0], 10)
    mean = level * np.column_stack([1 + 1e-15 * signs, 1 + 1e-6 * signs, np.ones(20)])
    estimate = level * np.column_stack([1 + 0.1 * signs, 1 + 2e-6 * signs, 1 + 0.2 * signs])
    result = reconstruction(estimate, mean, shape=SHAPE)
    np.testing.assert_array_equal(result.constant, [True, False, True])
    np.testing.assert_allclose(result.per_feature["pearson"], [np.nan, 1, np.nan], atol=1e-6)
    for name in ("d2_poisson", "d2_nb"):
        assert np.isnan(result.per_feature[name]).tolist() == [True, False, True]
    # A constant estimate explains nothing, whatever its level.
    flat = level * np.column_stack([1 + 1e-15 * signs] * 3)
    np.testing.assert_array_equal(reconstruction(flat, mean).per_feature["pearson"], [np.nan, 0, np.nan])


def test_features_that_are_all_zero_are_constant(pair):
    result = reconstruction(np.ones((4, 2)), np.array([[0.0, 1], [0, 2], [0, 3], [0, 5]]), shape=SHAPE)
    np.testing.assert_array_equal(result.constant, [True, False])
    assert np.isnan([result.per_feature["d2_poisson"][0], result.per_feature["d2_nb"][0]]).all()


def test_bad_input_is_refused(pair):
    estimate, mean = pair
    with pytest.raises(ValueError, match=r"non-empty matrices of the same shape, got \(50, 5\) and \(50, 6\)"):
        reconstruction(estimate[:, 1:], mean)
    with pytest.raises(ValueError, match=r"non-empty matrices of the same shape, got \(50,\) and \(50,\)"):
        reconstruction(estimate[:, 0], mean[:, 0])
    with pytest.raises(ValueError, match="estimate must not be negative, got -"):
        reconstruction(-estimate, mean)
    with pytest.raises(ValueError, match="mean must be finite, got 1 NaN"):
        reconstruction(estimate, np.where(mean == mean.max(), np.nan, mean))
    for shape in (0, [1.0, 2.0], -3, [1, 1, 1, 1, 1, 0], []):
        with pytest.raises(ValueError, match=r"shape must be one number above 0 or one per feature \(6\), got"):
            reconstruction(estimate, mean, shape=shape)
