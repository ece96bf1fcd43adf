"""Matches between slices: plain loops, hard and soft plans, and what a random one finds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import coo_matrix, csr_matrix

from oracles import metrics_slices as oracle
from spsim import metrics
from spsim.metrics._correspondence_accuracy import partners_within

GRID = np.indices((6, 5)).reshape(2, -1).T.astype(float)
# Some spots of the second slice have no partner, those of the third lie half a spacing off and have two.
PLACES = np.vstack([GRID, GRID[:20] + [0.2, 0], GRID[:25] + [0.5, 0]])
SLICES = np.repeat(list("stu"), [30, 20, 25])
CODES = np.repeat([0, 1, 2], [30, 20, 25])
PARTNERS = partners_within(PLACES, CODES, 0.5)
LABELS = np.where(PLACES[:, 1] > 2, "a", "b")


def test_partners_are_pairs_within_reach() -> None:
    expected = [
        [CODES[i] != CODES[j] and np.hypot(*(PLACES[i] - PLACES[j])) <= 0.5 for j in range(75)] for i in range(75)
    ]
    np.testing.assert_array_equal(PARTNERS.toarray() > 0, expected)


@pytest.mark.parametrize("kind", ["hard", "soft", "one way"])
def test_agrees_with_the_plain_loops(kind) -> None:
    random = np.random.default_rng(0)
    plan = random.random((75, 75)) * (random.random((75, 75)) < (0.05 if kind == "hard" else 0.4))
    if kind == "one way":
        plan = np.triu(plan * (CODES[:, None] != CODES))
    result = metrics.correspondence_accuracy(csr_matrix(plan), PARTNERS, SLICES)
    assert result.pairs == [("s", "t"), ("s", "u"), ("t", "s"), ("t", "u"), ("u", "s"), ("u", "t")]
    for row, pair in enumerate(result.pairs):
        score, ceiling, chance = oracle.correspondence(
            plan.tolist(), PARTNERS.toarray().tolist(), SLICES.tolist(), *pair
        )
        assert result.score[row] == pytest.approx(score, abs=1e-12)
        assert result.ceiling[row] == pytest.approx(ceiling, abs=1e-12)
        assert result.chance[row] == pytest.approx(chance, abs=1e-12)
    for other in (plan, coo_matrix(plan)):
        np.testing.assert_array_equal(metrics.correspondence_accuracy(other, PARTNERS, SLICES).score, result.score)


def test_the_partners_themselves_score_at_the_ceiling() -> None:
    result = metrics.correspondence_accuracy(PARTNERS, PARTNERS, SLICES, labels=LABELS)
    np.testing.assert_allclose(result.score, result.ceiling)
    assert result.ceiling.min() < 1 and (result.mass == 1).all()
    np.testing.assert_array_equal(result.n_matched, np.rint(result.ceiling * result.n))
    np.testing.assert_allclose(result.agreement, result.ceiling)


def test_places_match_the_nearest() -> None:
    plan = metrics.nearest_correspondence(PLACES, SLICES)
    assert (np.diff(plan.indptr) == 2).all()
    result = metrics.correspondence_accuracy(plan, PARTNERS, SLICES)
    np.testing.assert_allclose(result.score, result.ceiling)
    wide = np.column_stack([PLACES, *np.zeros((8, 75))])
    np.testing.assert_array_equal(metrics.nearest_correspondence(wide, SLICES)[:, :].sum(axis=1), 2)


def test_random_matches_score_at_chance() -> None:
    draws = [
        metrics.correspondence_accuracy(
            metrics.nearest_correspondence(np.random.default_rng(s).random((75, 2)), SLICES), PARTNERS, SLICES
        )
        for s in range(200)
    ]
    scores = np.array([draw.score for draw in draws])
    assert (np.abs(scores.mean(axis=0) - draws[0].chance) < 4 * scores.std(axis=0) / np.sqrt(200)).all()


def test_a_spot_that_is_not_matched_is_a_miss() -> None:
    plan = PARTNERS.toarray()
    plan[:10] = plan[:, :10] = 0
    result = metrics.correspondence_accuracy(plan, PARTNERS, SLICES)
    assert result.score[0] == pytest.approx(10 / 30) and result.mass[0] == 1 and result.n_matched[0] == 10
    nothing = metrics.correspondence_accuracy(np.zeros((75, 75)), PARTNERS, SLICES)
    assert (nothing.score == 0).all() and (nothing.mass == 0).all() and np.isnan(nothing.agreement).all()


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (np.ones((75, 74)), r"plan must have a row and a column for each of the 75 spots, got shape \(75, 74\)"),
        (-PARTNERS, "plan must not be negative, got -1"),
        (PARTNERS * np.inf, "plan must be finite"),
    ],
)
def test_what_is_no_plan_is_refused(plan, message) -> None:
    with pytest.raises(ValueError, match=message):
        metrics.correspondence_accuracy(plan, PARTNERS, SLICES)
    with pytest.raises(ValueError, match="slices must be at least 2, got 's' only"):
        metrics.correspondence_accuracy(PARTNERS, PARTNERS, ["s"] * 75)
