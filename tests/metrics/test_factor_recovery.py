"""Factor recovery against plain loops, and against itself under changes that must not matter."""

from __future__ import annotations

import numpy as np
import pytest

from oracles import metrics_factors as oracle
from spsim.metrics import factor_recovery

ARRAYS = ("score", "one_sided", "match", "sign", "unmatched", "constant_truth", "constant_estimate", "correlation")


def frozen(array) -> np.ndarray:
    """Copy that refuses to be written to."""
    array = np.array(array)
    array.flags.writeable = False
    return array


@pytest.fixture(params=[(3, 3), (3, 5), (4, 2), (1, 1)], ids=str)
def pair(request) -> tuple[np.ndarray, np.ndarray]:
    n_true, n_estimated = request.param
    rng = np.random.default_rng(5)
    truth = rng.gamma(2, size=(60, n_true))
    estimate = truth @ rng.normal(size=(n_true, n_estimated)) + rng.normal(size=(60, n_estimated))
    return frozen(estimate), frozen(truth)


def test_agrees_with_the_plain_loops(pair):
    estimate, truth = pair
    result = factor_recovery(estimate, truth)
    correlations = np.array(oracle.correlations(estimate, truth))
    total, match = oracle.best_matching(np.abs(correlations).tolist())
    np.testing.assert_allclose(result.correlation, correlations, atol=1e-12)
    np.testing.assert_array_equal(result.match, match)
    assert result.score.sum() == pytest.approx(total, abs=1e-9)
    np.testing.assert_allclose(result.one_sided, np.abs(correlations).max(axis=1), atol=1e-12)
    for k, column in enumerate(match):
        assert result.score[k] == pytest.approx(abs(correlations[k, column]) if column >= 0 else 0, abs=1e-12)
        assert result.sign[k] == (np.sign(correlations[k, column]) if column >= 0 else 0)
    assert sorted([*result.unmatched, *[c for c in match if c >= 0]]) == list(range(estimate.shape[1]))
    assert (result.minimum, result.mean, result.n) == (result.score.min(), result.score.mean(), 60)


def test_truth_against_itself_is_perfect():
    truth = frozen(np.random.default_rng(0).normal(size=(50, 4)))
    result = factor_recovery(truth, truth, loadings=truth, true_loadings=truth)
    np.testing.assert_allclose(result.score, 1, atol=1e-12)
    np.testing.assert_allclose(result.loading_correlation, 1, atol=1e-12)
    np.testing.assert_array_equal(result.match, range(4))


def test_matched_is_never_above_one_sided(pair):
    result = factor_recovery(*pair)
    assert (result.score <= result.one_sided + 1e-15).all()


def test_one_component_cannot_serve_two_factors():
    rng = np.random.default_rng(1)
    signal = rng.normal(size=200)
    truth = np.stack([signal + 0.1 * rng.normal(size=200), signal + 0.1 * rng.normal(size=200)], axis=1)
    estimate = np.stack([signal, rng.normal(size=200)], axis=1)
    result = factor_recovery(estimate, truth)
    assert result.one_sided.min() > 0.98
    assert result.minimum < 0.3


def test_row_order_scale_and_shift_do_not_matter(pair):
    estimate, truth = pair
    result = factor_recovery(estimate, truth)
    rows = np.random.default_rng(2).permutation(len(truth))
    changed = factor_recovery(1e-200 * estimate[rows] + 3e-201, 1e150 * truth[rows] - 1e150)
    np.testing.assert_allclose(changed.score, result.score, atol=1e-9)
    np.testing.assert_array_equal(changed.match, result.match)


def test_permuted_and_flipped_columns_move_match_and_sign_only(pair):
    estimate, truth = pair
    result = factor_recovery(estimate, truth)
    order = np.random.default_rng(3).permutation(estimate.shape[1])
    changed = factor_recovery(-estimate[:, order], truth)
    np.testing.assert_allclose(changed.score, result.score, atol=1e-12)
    np.testing.assert_array_equal(changed.sign, -result.sign)
    np.testing.assert_array_equal(np.where(changed.match < 0, -1, order[changed.match]), result.match)


def test_loadings_follow_the_match_of_the_factors():
    rng = np.random.default_rng(4)
    truth, true_loadings = rng.normal(size=(80, 3)), rng.normal(size=(30, 3))
    # The components' loadings are those of other factors: matched on their own they would look perfect.
    result = factor_recovery(truth[:, [2, 0, 1]], truth, loadings=true_loadings, true_loadings=true_loadings)
    expected = [oracle.pearson(true_loadings[:, k], true_loadings[:, c]) for k, c in enumerate(result.match)]
    np.testing.assert_allclose(result.loading_correlation, expected, atol=1e-12)
    assert result.loading_correlation.max() < 0.9


def test_flipping_factor_and_loading_together_keeps_the_loading_correlation():
    rng = np.random.default_rng(6)
    truth, weights = rng.normal(size=(80, 2)), rng.normal(size=(30, 2))
    noisy = weights + 0.3 * rng.normal(size=weights.shape)
    plain = factor_recovery(truth, truth, loadings=noisy, true_loadings=weights)
    flipped = factor_recovery(-truth, truth, loadings=-noisy, true_loadings=weights)
    np.testing.assert_allclose(flipped.loading_correlation, plain.loading_correlation, atol=1e-12)
    inconsistent = factor_recovery(-truth, truth, loadings=noisy, true_loadings=weights)
    np.testing.assert_allclose(inconsistent.loading_correlation, -plain.loading_correlation, atol=1e-12)


def test_constant_components_score_zero_and_constant_factors_nothing():
    truth = np.column_stack([np.arange(10.0), np.full(10, 0.1)])
    estimate = np.column_stack([np.full(10, 1 / 3), np.arange(10.0) ** 2])
    result = factor_recovery(estimate, truth, loadings=np.ones((4, 2)), true_loadings=np.eye(4)[:, :2])
    np.testing.assert_array_equal(result.constant_truth, [False, True])
    np.testing.assert_array_equal(result.constant_estimate, [True, False])
    np.testing.assert_array_equal(result.match, [1, -1])
    assert result.unmatched.tolist() == [0] and result.sign[1] == 0
    assert np.isnan([result.score[1], result.one_sided[1]]).all()
    assert result.minimum == result.mean == result.score[0] > 0.9
    np.testing.assert_array_equal(result.loading_correlation, [0, np.nan])  # the estimated ones are constant
    assert result.constant_loadings[0]
    assert np.isfinite(result.correlation).all()
    none = factor_recovery(truth[:, :1], truth[:, 1:], loadings=np.eye(4)[:, :1], true_loadings=np.zeros((4, 1)))
    assert np.isnan([none.minimum, none.mean, *none.loading_correlation]).all() and none.match.tolist() == [-1]


def test_too_few_components_leave_a_factor_unmatched():
    truth = np.random.default_rng(7).normal(size=(40, 3))
    result = factor_recovery(truth[:, [1]], truth, loadings=truth[:, [1]], true_loadings=truth)
    np.testing.assert_array_equal(result.match, [-1, 0, -1])
    np.testing.assert_allclose(result.score, [0, 1, 0], atol=1e-12)
    np.testing.assert_allclose(result.loading_correlation, [0, 1, 0], atol=1e-12)
    assert not result.constant_loadings.any()


def test_integers_booleans_and_float32_are_taken_as_numbers():
    truth = np.eye(6)[:, :2]
    for estimate in (truth.astype(bool), truth.astype(np.int8), truth.astype(np.float32)):
        assert factor_recovery(estimate, truth).minimum == pytest.approx(1)


GOOD = np.arange(12.0).reshape(6, 2) ** 2


@pytest.mark.parametrize(
    ("estimate", "truth", "options", "error", "message"),
    [
        (GOOD[:5], GOOD, {}, ValueError, "estimate and truth must have the same number of rows, got 5 and 6"),
        (GOOD[:, 0], GOOD, {}, ValueError, r"estimate must be a non-empty matrix \(rows x columns\), got shape \(6,\)"),
        (GOOD, GOOD[:, :0], {}, ValueError, r"truth must be a non-empty matrix .* got shape \(6, 0\)"),
        (GOOD[:0], GOOD[:0], {}, ValueError, r"estimate must be a non-empty matrix .* got shape \(0, 2\)"),
        (np.where(GOOD > 99, np.nan, GOOD), GOOD, {}, ValueError, "estimate must be finite, got 2 NaN or infinite"),
        (GOOD.astype(str), GOOD, {}, TypeError, "estimate must hold real numbers, got dtype <U"),
        (GOOD, GOOD, {"loadings": GOOD}, ValueError, "loadings and true_loadings must be given together"),
        (GOOD, GOOD, {"loadings": GOOD, "true_loadings": GOOD[:3]}, ValueError, "same number of rows, got 6 and 3"),
        (
            GOOD,
            GOOD,
            {"loadings": GOOD, "true_loadings": GOOD[:, :1]},
            ValueError,
            "true_loadings and loadings must have 2 and 2 columns like truth and estimate, got 1 and 2",
        ),
    ],
)
def test_bad_input_is_refused(estimate, truth, options, error, message):
    with pytest.raises(error, match=message):
        factor_recovery(estimate, truth, **options)


def test_sparse_input_is_refused_by_name():
    from scipy.sparse import csr_matrix

    with pytest.raises(TypeError, match=r"estimate must be a dense array, got a sparse csr_matrix; call its .toarray"):
        factor_recovery(csr_matrix(GOOD), GOOD)
