"""``ecotype_recovery`` of arrays against plain loops."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

import spsim as sps
from oracles import metrics_ecotypes as oracle

ECOTYPES, TYPES = ["a", "b", "c"], ["T", "B", "M"]
N = 90


def cells(seed, *, states, quality=0.5, n=N, levels=4):
    """Random truth, types, labels that are right with some probability, and confidence with ties."""
    draw = random.Random(seed)
    types = [draw.choice(TYPES) for _ in range(n)]
    truth = [draw.choice([*ECOTYPES, "outside"]) for _ in range(n)]
    # A type that lacks an ecotype, in the truth at least.
    truth = ["a" if (t, k) == ("M", "c") else k for t, k in zip(types, truth, strict=True)]
    right = dict(zip([*ECOTYPES, "outside"], states, strict=False))
    labels = [right.get(k, states[0]) if draw.random() < quality else draw.choice(states) for k in truth]
    confidence = [draw.randrange(levels) / levels for _ in range(n)]
    return labels, truth, types, confidence


def agree(found, expected):
    return any(all(found[key] == pytest.approx(row[key], nan_ok=True) for key in row) for row in expected)


WORDS = {
    "names": ["a", "b", "c", "outside"],
    "names without outside": ["a", "b", "c"],
    "numbers": ["2", "0", "1", "outside"],
    "extra states": ["2", "0", "1", "outside", "3", "4"],
    "too few": ["1", "0"],
    "names and others": ["a", "b", "c", "outside", "d"],
    "one": ["0"],
    "names of two": ["c", "a", "outside"],
}


@pytest.mark.parametrize("states", WORDS.values(), ids=WORDS)
@pytest.mark.parametrize("seed", range(6))
def test_scores_are_those_of_loops(states, seed) -> None:
    labels, truth, types, confidence = cells(seed, states=states)
    for given in (None, confidence):
        expected = oracle.scores(labels, truth, types, confidence=given)
        result = sps.metrics.ecotype_recovery(labels, truth, types, confidence=given, n_draws=0)
        assert agree(result.overall, expected)
        assert result.overall["f1_matched"] >= result.overall["f1"] - 1e-12
        assert result.n == N


@pytest.mark.parametrize("seed", range(6))
def test_the_table_is_that_of_loops(seed) -> None:
    labels, truth, types, _ = cells(seed, states=WORDS["names"])
    result = sps.metrics.ecotype_recovery(labels, truth, types, n_draws=0)
    expected = oracle.one_against_rest(labels, truth, types, result.ecotypes)
    order = [list(dict.fromkeys(types)).index(t) for t in result.types]
    assert result.f1 == pytest.approx(np.array(expected)[order], nan_ok=True)
    assert np.isnan(result.f1[result.types.index("M"), result.ecotypes.index("c")])
    assert np.isnan(result.f1_matched).tolist() == np.isnan(result.f1).tolist()
    assert np.nanmean(result.f1_matched) == pytest.approx(result.overall["f1_matched"])


@pytest.mark.parametrize("seed", range(3))
def test_small_samples_with_tied_assignments(seed) -> None:
    n_tied = 0
    for k in range(20):
        labels, truth, types, confidence = cells(1000 * seed + k, states=WORDS["extra states"], n=9, levels=2)
        if set(truth) == {"outside"}:
            continue
        expected = oracle.scores(labels, truth, types, confidence=confidence)
        n_tied += len({round(row["f1"], 9) for row in expected}) > 1
        found = sps.metrics.ecotype_recovery(labels, truth, types, confidence=confidence, n_draws=0).overall
        assert agree(found, expected)
        assert found["f1"] == pytest.approx(max(row["f1"] for row in expected))
    assert n_tied > 0


@pytest.mark.parametrize("seed", range(3))
def test_order_of_cells_and_words_for_states_do_not_matter(seed) -> None:
    labels, truth, types, confidence = cells(seed, states=WORDS["numbers"])
    shuffled = random.Random(seed).sample(range(N), N)
    other = [{"0": "z", "1": "y", "2": "x"}.get(label, label) for label in labels]
    found = [
        sps.metrics.ecotype_recovery(
            [own[i] for i in rows],
            [truth[i] for i in rows],
            [types[i] for i in rows],
            confidence=[confidence[i] for i in rows],
            n_draws=0,
        ).overall
        for own, rows in ((labels, range(N)), (labels, shuffled), (other, shuffled))
    ]
    assert found[1] == pytest.approx(found[0])
    assert found[2] == pytest.approx(found[0])


@pytest.mark.parametrize("seed", range(3))
def test_the_truth_under_other_names_is_perfect(seed) -> None:
    _, truth, types, _ = cells(seed, states=WORDS["names"])
    numbers = [{"a": 2, "b": 0, "c": 1}.get(k, "outside") for k in truth]
    for labels in (truth, numbers):
        found = sps.metrics.ecotype_recovery(labels, truth, types, n_draws=0).overall
        assert found == {"f1": 1.0, "f1_matched": 1.0, "accuracy": 1.0, "confidence_auroc": 1.0}
    # States that each type numbers on its own are right in the second reading only.
    turned = [
        {"T": "abc", "B": "bca", "M": "cab"}[t]["abc".index(k)] if k in "abc" else k
        for k, t in zip(truth, types, strict=True)
    ]
    found = sps.metrics.ecotype_recovery(turned, truth, types, n_draws=0).overall
    assert found["f1_matched"] == 1.0
    assert found["f1"] < 0.6


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("states", [WORDS["names"], WORDS["numbers"]], ids=["names", "numbers"])
def test_chance_is_that_of_labels_permuted_within_types(states, seed) -> None:
    labels, truth, types, confidence = cells(seed, states=states, quality=0.8)
    result = sps.metrics.ecotype_recovery(labels, truth, types, confidence=confidence, n_draws=300, rng=seed)
    draw = random.Random(seed)
    drawn = []
    for _ in range(100):
        at = list(range(N))
        for t in TYPES:
            own = [i for i in range(N) if types[i] == t]
            for i, j in zip(own, draw.sample(own, len(own)), strict=True):
                at[i] = j
        sure = [confidence[i] for i in at]
        drawn.append(oracle.scores([labels[i] for i in at], truth, types, confidence=sure)[0])
    # Two means of independent draws: beyond 5 standard errors with probability 6e-7 for each of 24.
    for key in drawn[0]:
        values = [row[key] for row in drawn]
        error = np.std(values, ddof=1) * math.sqrt(1 / 100 + 1 / 300)
        assert abs(result.chance[key] - np.mean(values)) < 5 * error
        assert result.chance[key] < result.chance_p95[key]
        assert result.overall["f1"] > result.chance_p95["f1"]


@pytest.mark.parametrize("seed", range(3))
def test_chance_keeps_what_types_say(seed) -> None:
    # Ecotypes that are types under another name: labels permuted within types are still right, others are not.
    draw = random.Random(seed)
    types = [draw.choice("TB") for _ in range(N)]
    truth = [{"T": "a", "B": "b"}[t] for t in types]
    result = sps.metrics.ecotype_recovery(truth, truth, types, n_draws=20, rng=seed)
    assert result.chance["f1"] == result.chance["accuracy"] == 1.0
    assert oracle.accuracy(draw.sample(truth, N), truth) < 0.8


def test_order_of_rows_does_not_break_ties() -> None:
    labels, truth, types = ["1", "1", "1"], ["a", "b", "outside"], ["T", "B", "T"]
    found = [
        sps.metrics.ecotype_recovery(labels, truth[::step], types[::step], n_draws=0).overall["f1"] for step in (1, -1)
    ]
    assert found[0] == found[1]


def test_names_of_ecotypes_without_cells_are_wrong() -> None:
    labels, truth, types = ["b", "b", "c"], ["a", "a", "c"], ["T"] * 3
    given = {
        ecotypes: sps.metrics.ecotype_recovery(labels, truth, types, ecotypes=ecotypes, n_draws=0)
        for ecotypes in (None, ("a", "b", "c"))
    }
    assert [result.overall["accuracy"] for result in given.values()] == [1.0, pytest.approx(1 / 3)]
    for ecotypes, result in given.items():
        expected = oracle.scores(labels, truth, types, ecotypes=ecotypes)
        assert agree(result.overall, expected)
    assert given["a", "b", "c"].ecotypes == ["a", "b", "c"]
    assert np.isnan(given["a", "b", "c"].f1).tolist() == [[False, True, False]]
    with pytest.raises(ValueError, match="truth must be one of 'a', 'b', got 'c'"):
        sps.metrics.ecotype_recovery(labels, truth, types, ecotypes=["a", "b", "outside"])
    with pytest.raises(ValueError, match="ecotypes"):
        sps.metrics.ecotype_recovery(labels, truth, types, ecotypes=["a", "a", "c"])


@pytest.mark.parametrize("missing", [None, math.nan])
def test_missing_labels_and_confidence_are_refused(missing) -> None:
    labels, truth, types, confidence = cells(0, states=WORDS["names"])
    for at in range(3):
        own = [labels, truth, types]
        own[at] = [missing, *own[at][1:]]
        with pytest.raises(ValueError):
            sps.metrics.ecotype_recovery(*own)
    with pytest.raises(ValueError):
        sps.metrics.ecotype_recovery(labels, truth, types, confidence=[math.nan, *confidence[1:]])
    with pytest.raises(ValueError):
        sps.metrics.ecotype_recovery(labels[1:], truth, types)
    with pytest.raises(ValueError):
        sps.metrics.ecotype_recovery(labels, ["outside"] * N, types)


def test_no_cells_outside_and_no_confidence_are_nan() -> None:
    found = sps.metrics.ecotype_recovery(["a", "b", "b"], ["a", "b", "a"], ["T"] * 3, n_draws=0)
    assert math.isnan(found.overall["confidence_auroc"])
    found = sps.metrics.ecotype_recovery(["a", "b", "b"], ["a", "b", "outside"], ["T"] * 3, n_draws=0)
    assert math.isnan(found.overall["confidence_auroc"])
    found = sps.metrics.ecotype_recovery(
        ["a", "b", "b"], ["a", "b", "outside"], ["T"] * 3, confidence=[0.4, 0.2, 0.2], n_draws=0
    )
    assert found.overall["confidence_auroc"] == 0.75


def test_a_state_found_in_one_of_two_types_keeps_the_plain_mean() -> None:
    # Trap of the published average: a cell of the matrix that is empty in the estimate is skipped there.
    truth, types = ["a", "a", "b", "b"] * 2, ["T"] * 4 + ["B"] * 4
    labels = ["a", "a", "b", "b", "b", "b", "b", "b"]
    found = sps.metrics.ecotype_recovery(labels, truth, types, n_draws=0)
    assert found.f1 == pytest.approx(np.array([[1, 1], [0, 2 / 3]]))
    assert found.overall["f1"] == pytest.approx((1 + 1 + 0 + 2 / 3) / 4)
