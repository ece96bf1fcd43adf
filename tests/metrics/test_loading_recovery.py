"""Program recovery against scikit-learn and plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, average_precision_score, roc_auc_score

from spsim.metrics import loading_recovery


@pytest.fixture
def pair() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(40)
    truth = 20 * np.eye(3)[rng.integers(3, size=60)]
    truth[:5] = 0
    estimate = truth[:, [2, 0, 1]] + rng.gamma(2, 5, size=(60, 3))
    for array in (estimate, truth):
        array.flags.writeable = False
    return estimate, truth


MATCH = np.array([1, 2, 0])


def expected_precision(scores, support) -> float:
    """Mean over many random orders of the ties, program by program."""
    rng, n_top, hits = np.random.default_rng(41), int(sum(support)), []
    for _ in range(4000):
        order = np.lexsort([rng.random(len(scores)), -np.asarray(scores)])
        hits.append(np.asarray(support)[order[:n_top]].mean())
    return float(np.mean(hits))


def test_agrees_with_scikit_learn(pair):
    estimate, truth = pair
    result = loading_recovery(estimate, truth, match=MATCH)
    for k, column in enumerate(MATCH):
        support, scores = truth[:, k] > 0, estimate[:, column]
        assert result.auroc[k] == pytest.approx(roc_auc_score(support, scores), abs=1e-12)
        assert result.average_precision[k] == pytest.approx(average_precision_score(support, scores), abs=1e-12)
        top = np.argsort(-scores)[: support.sum()]
        assert result.precision_at_support[k] == pytest.approx(support[top].mean())
    kept = truth.any(axis=1)
    main, largest = truth[kept].argmax(axis=1), estimate[kept].argmax(axis=1)
    assert result.assignment_accuracy == pytest.approx(np.mean(MATCH[main] == largest))
    assert result.assignment_ari == pytest.approx(adjusted_rand_score(main, largest))
    np.testing.assert_array_equal(result.support_size, (truth > 0).sum(axis=0))
    assert (result.n, result.n_assigned) == (60, 55)


def test_auroc_counts_pairs(pair):
    estimate, truth = pair
    result = loading_recovery(np.round(estimate, -1), truth, match=MATCH)
    scores, support = np.round(estimate, -1)[:, MATCH[0]], truth[:, 0] > 0
    wins = [(a > b) + (a == b) / 2 for a in scores[support] for b in scores[~support]]
    assert result.auroc[0] == pytest.approx(np.mean(wins), abs=1e-12)


def test_ties_at_the_cut_count_by_their_share(pair):
    estimate, truth = pair
    coarse = np.where(estimate > 25, 1.0, 0.0)
    result = loading_recovery(coarse, truth, match=MATCH)
    for k, column in enumerate(MATCH):
        # 4,000 random orders: standard error below 0.001, so 0.005 fails once in a million runs
        assert result.precision_at_support[k] == pytest.approx(
            expected_precision(coarse[:, column], truth[:, k] > 0), abs=0.005
        )


def test_truth_against_itself_and_scale_of_one_column(pair):
    estimate, truth = pair
    own = loading_recovery(truth * [1, 5, 0.1], truth, match=[0, 1, 2])
    for scores in (own.auroc, own.average_precision, own.precision_at_support):
        np.testing.assert_array_equal(scores, 1)
    assert own.assignment_accuracy == own.assignment_ari == 1
    np.testing.assert_array_equal(
        loading_recovery(estimate * [9, 1, 1], truth, match=MATCH).auroc,
        loading_recovery(estimate, truth, match=MATCH).auroc,
    )


def test_a_wrong_match_is_not_made_good(pair):
    _, truth = pair
    result = loading_recovery(truth, truth, match=[1, 2, 0])
    assert result.auroc.max() < 0.5
    assert (result.assignment_accuracy, result.assignment_ari) == (0, 1)


def test_a_lost_program_scores_as_equal_loadings_do(pair):
    estimate, truth = pair
    result = loading_recovery(estimate, truth, match=[-1, 2, 0])
    share = (truth[:, 0] > 0).mean()
    assert (result.auroc[0], result.average_precision[0]) == (0.5, pytest.approx(share))
    assert result.precision_at_support[0] == pytest.approx(share)
    assert result.scored.all()


def test_empty_and_full_programs_are_flagged():
    truth = np.column_stack([np.zeros(6), np.ones(6), [1, 1, 0, 0, 0, 0]])
    result = loading_recovery(truth, truth, match=[0, 1, 2])
    np.testing.assert_array_equal(result.scored, [False, False, True])
    for scores in (result.auroc, result.average_precision, result.precision_at_support):
        np.testing.assert_array_equal(scores, [np.nan, np.nan, 1])
    assert (
        np.isnan(result.assignment_ari) and result.assignment_accuracy == 1
    )  # ones come before others of the same size
    nothing = loading_recovery(truth, np.zeros((6, 3)), match=[0, 1, 2])
    assert np.isnan([nothing.assignment_ari, nothing.assignment_accuracy]).all() and nothing.n_assigned == 0


def test_a_flipped_component_is_turned_by_its_sign(pair):
    estimate, truth = pair
    flipped = estimate * np.array([1, -1, 1])
    plain = loading_recovery(estimate, truth, match=MATCH)
    turned = loading_recovery(flipped, truth, match=MATCH, sign=[-1, 1, 1])
    np.testing.assert_allclose(turned.auroc, plain.auroc)
    assert turned.assignment_accuracy == plain.assignment_accuracy
    assert loading_recovery(flipped, truth, match=MATCH).auroc[0] == pytest.approx(1 - plain.auroc[0])


def test_a_program_of_both_signs_is_ranked_by_absolute_value():
    truth = np.array([[2.0], [-2.0], [0.0], [0.0]])
    assert loading_recovery([[3.0], [-3.0], [0.5], [-1.0]], truth, match=[0]).auroc[0] == 1
    assert loading_recovery([[3.0], [0.1], [0.5], [-1.0]], truth, match=[0]).auroc[0] == 0.5


def test_bad_input_is_refused(pair):
    estimate, truth = pair
    for match in ([0, 1], [0, 1, 3], [0.0, 1.0, 2.0], [-2, 0, 1]):
        with pytest.raises(ValueError, match="match must hold 3 whole numbers from -1 to 2, got"):
            loading_recovery(estimate, truth, match=match)
    with pytest.raises(ValueError, match="sign must hold 3 whole numbers from -1 to 1, got"):
        loading_recovery(estimate, truth, match=MATCH, sign=[2, 1, 1])
    with pytest.raises(ValueError, match="estimate and truth must have the same number of rows, got 59 and 60"):
        loading_recovery(estimate[1:], truth, match=MATCH)
