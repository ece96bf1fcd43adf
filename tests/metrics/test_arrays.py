"""The edges of what metrics take: nothing, one entry, constants, huge and tiny numbers; through the metrics themselves."""

from __future__ import annotations

import numpy as np
import pytest

from spsim import metrics

ONE = np.array([[1.0], [2.0]])


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: metrics.spatial_importance_distance([], []), "estimate"),
        (lambda: metrics.spatial_importance_distance([0.5], []), "truth"),
        (lambda: metrics.precision_recall_curve([], [True]), "scores"),
        (lambda: metrics.svg_detection([], [True, False]), "scores"),
        (lambda: metrics.svg_calibration([], [True]), "p_values"),
        (lambda: metrics.precision_recall_curve(np.ones((2, 1)), [True, False]), "scores"),
    ],
)
def test_a_vector_holds_at_least_one_number(call, name) -> None:
    with pytest.raises(ValueError, match=rf"{name} must be a non-empty vector, got shape \("):
        call()


def test_a_vector_of_one_number_is_enough() -> None:
    assert metrics.spatial_importance_distance([0.5], [0.25]) == 0.25
    assert metrics.precision_recall_curve([0.5], [True])["recall"].tolist() == [1]


@pytest.mark.parametrize("shape", [(0, 2), (2, 0), (0, 0), (3,), ()])
def test_a_matrix_holds_at_least_one_row_and_one_column(shape) -> None:
    for estimate, truth, name in ((np.ones(shape), ONE, "estimate"), (ONE, np.ones(shape), "truth")):
        message = rf"{name} must be a non-empty matrix \(rows x columns\), got shape \("
        with pytest.raises(ValueError, match=message):
            metrics.variance_recovered(estimate, truth)


def test_loadings_may_have_no_column_but_must_have_a_row() -> None:
    """Spatial importance takes factors and loadings of no column: a method without non-spatial factors."""
    nothing = np.ones((2, 0))
    assert metrics.spatial_importance(ONE, np.array([[3.0]]), nothing, np.ones((1, 0))).tolist() == [1]
    with pytest.raises(ValueError, match=r"nonspatial_loadings must be a non-empty matrix .* got shape \(0, 0\)"):
        metrics.spatial_importance(ONE, np.array([[3.0]]), nothing, np.ones((0, 0)))


@pytest.mark.parametrize("value", [-1e-300, -1.0])
def test_no_negative_entry_is_too_small_to_be_refused(value) -> None:
    with pytest.raises(ValueError, match="spatial_factors must not be negative, got -"):
        metrics.spatial_importance(np.array([[value], [5.0]]), [[1.0]], ONE, [[1.0]])
    assert metrics.spatial_importance([[0.0], [5.0]], [[1.0]], ONE, [[0.0]]).tolist() == [1]


def test_a_mask_keeps_one_row_at_least_and_has_one_entry_per_row() -> None:
    labels = ["a", "b", "b"]
    assert metrics.domain_agreement(labels, labels, foreground=[False, False, True])["n"] == 1
    with pytest.raises(ValueError, match="foreground must keep at least one of the 3 rows, got none"):
        metrics.domain_agreement(labels, labels, foreground=[False] * 3)
    for entries in ([True], [True] * 4, [[True] * 3]):
        with pytest.raises(ValueError, match=r"foreground must have shape \(3,\), got"):
            metrics.domain_agreement(labels, labels, foreground=entries)
    with pytest.raises(TypeError, match="foreground must be a boolean mask, got dtype int64"):
        metrics.domain_agreement(labels, labels, foreground=np.ones(3, np.int64))


def test_rows_and_columns_must_agree_in_number() -> None:
    with pytest.raises(ValueError, match="estimate and truth must have the same number of rows, got 2 and 3"):
        metrics.variance_recovered(ONE, np.ones((3, 1)))
    message = "spatial_factors and spatial_loadings must have the same number of columns, got 1 and 2"
    with pytest.raises(ValueError, match=message):
        metrics.spatial_importance(ONE, [[1.0, 2.0]], ONE, [[1.0]])


@pytest.mark.parametrize("unit", [1e-300, 1e-9, 1.0, 1e9, 1e140])
def test_the_scale_of_a_column_decides_nothing(unit) -> None:
    """Rounding about a constant is no signal; a tiny column is one."""
    rng = np.random.default_rng(0)
    truth = rng.normal(size=(40, 2))
    estimate = np.column_stack([truth[:, 0] * unit, np.full(40, unit) * (1 + 1e-15 * rng.choice([-1, 1], 40))])
    result = metrics.factor_recovery(estimate, truth)
    assert result.score[0] == pytest.approx(1) and result.constant_estimate.tolist() == [False, True]
    # One part in a million is above rounding.
    estimate[:, 1] = unit * (1 + 1e-6 * truth[:, 1])
    result = metrics.factor_recovery(estimate, truth)
    assert result.score == pytest.approx([1, 1], abs=1e-6) and not result.constant_estimate.any()


def test_zero_columns_are_constant() -> None:
    result = metrics.factor_recovery(np.zeros((5, 1)), np.arange(5.0)[:, None])
    assert result.constant_estimate.all() and not result.score.any()


def test_sparse_arrays_and_text_are_refused_by_name() -> None:
    from scipy import sparse

    with pytest.raises(
        TypeError, match=r"estimate must be a dense array, got a sparse csr_matrix; call its .toarray\(\)"
    ):
        metrics.variance_recovered(sparse.csr_matrix(ONE), ONE)
    with pytest.raises(TypeError, match="truth must hold real numbers, got dtype <U1"):
        metrics.variance_recovered(ONE, [["a"], ["b"]])
    with pytest.raises(TypeError, match="estimate must hold real numbers, got dtype complex128"):
        metrics.variance_recovered(ONE * 1j, ONE)
