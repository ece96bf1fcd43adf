"""Dropout and foreground detection against plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from spsim.metrics import dropout_detection, foreground_detection

RNG = np.random.default_rng(0)
MASK = RNG.random((30, 20)) < 0.3
ESTIMATE = np.clip(0.3 * MASK + RNG.random((30, 20)) * 0.7, 0, 1).round(2)  # rounded: ties occur
for array in (MASK, ESTIMATE):
    array.flags.writeable = False


def plain(estimate: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """AUROC as the share of pairs in order (ties half), the Brier score, and the shares."""
    on, off = estimate[truth], estimate[~truth]
    wins = sum((a > b) + 0.5 * (a == b) for a in on for b in off)
    return {
        "auroc": wins / (len(on) * len(off)),
        "brier": sum((p - t) ** 2 for p, t in zip(estimate, truth, strict=True)) / len(truth),
        "share": sum(truth) / len(truth),
        "estimated_share": sum(estimate) / len(estimate),
        "n": len(truth),
    }


@pytest.mark.parametrize("function", [dropout_detection, foreground_detection])
def test_scores_are_the_plain_ones(function) -> None:
    scores, expected = function(ESTIMATE, MASK), plain(ESTIMATE.ravel(), MASK.ravel())
    assert {name: scores[name] for name in expected} == pytest.approx(expected, abs=1e-12)
    thresholds = np.unique(ESTIMATE)[::-1]
    precision = [MASK[ESTIMATE >= t].mean() for t in thresholds]
    recall = [MASK[ESTIMATE >= t].sum() / MASK.sum() for t in thresholds]
    assert scores["average_precision"] == pytest.approx(np.diff([0, *recall]) @ precision, abs=1e-12)


def test_only_zeros_are_scored_with_counts() -> None:
    counts = np.where(MASK, 0, RNG.poisson(1, MASK.shape))
    zero = counts == 0
    expected = plain(ESTIMATE[zero], MASK[zero])
    scores = dropout_detection(ESTIMATE, MASK, counts=counts)
    assert {name: scores[name] for name in expected} == pytest.approx(expected, abs=1e-12)


def test_perfect_constant_and_reversed_estimates() -> None:
    assert dropout_detection(MASK.astype(float), MASK)["auroc"] == 1
    assert dropout_detection(MASK.astype(float), MASK)["brier"] == 0
    assert dropout_detection(np.full(MASK.shape, 0.3), MASK)["auroc"] == 0.5
    assert dropout_detection(1 - ESTIMATE, MASK)["auroc"] == pytest.approx(
        1 - dropout_detection(ESTIMATE, MASK)["auroc"]
    )


@pytest.mark.parametrize(
    ("estimate", "mask", "message"),
    [
        (ESTIMATE[:5], MASK, r"probability must have the shape of dropout, \(30, 20\), got \(5, 20\)"),
        (ESTIMATE * 2, MASK, r"probability must lie in \[0, 1\]"),
        (np.where(MASK, np.nan, 0.5), MASK, "probability must be finite"),
        (ESTIMATE, MASK.astype(int), "dropout must be a boolean mask, got dtype int"),
        (ESTIMATE[:0], MASK[:0], "dropout must hold at least one entry to score, got none"),
    ],
)
def test_bad_input_is_refused_by_name(estimate, mask, message) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        dropout_detection(estimate, mask)


def test_counts_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"counts must have the shape of dropout, \(30, 20\), got \(30,\)"):
        dropout_detection(ESTIMATE, MASK, counts=np.zeros(30))


@pytest.mark.parametrize("kind", [True, False])
def test_entries_of_one_kind_have_nothing_to_tell_apart(kind) -> None:
    scores = dropout_detection(ESTIMATE, np.full_like(MASK, kind))
    assert np.isnan([scores["auroc"], scores["average_precision"]]).all()
    assert scores["brier"] == pytest.approx(np.mean((ESTIMATE - kind) ** 2)) and scores["share"] == kind
