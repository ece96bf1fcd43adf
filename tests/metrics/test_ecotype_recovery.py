"""F1 of ecotypes type by type, against loops; labels, confidence, chance and bad input."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from spsim.metrics import ecotype_recovery
from spsim.metrics._sampling import generator

RNG = np.random.default_rng(7)
N = 400
TYPES = RNG.choice(["T", "B", "M"], N)
TRUTH = RNG.choice(["a", "b", "c", "outside"], N)
NOISY = np.where(RNG.random(N) < 0.6, TRUTH, RNG.choice(["a", "b", "c", "outside"], N))
CLUSTERS = np.array([{"a": "2", "b": "0", "c": "1", "outside": "outside"}[label] for label in NOISY])


def by_loop(labels) -> dict[tuple[str, str], float]:
    """F1 of each type and ecotype, one against the rest."""
    found = {}
    for kind in sorted(set(TYPES)):
        for ecotype in "abc":
            own = TYPES == kind
            hits = sum(t == ecotype and p == ecotype for t, p in zip(TRUTH[own], labels[own], strict=True))
            truly, said = (TRUTH[own] == ecotype).sum(), (labels[own] == ecotype).sum()
            found[kind, ecotype] = 2 * hits / (truly + said)
    return found


def test_f1_is_that_of_a_loop_and_of_scikit_learn() -> None:
    result = ecotype_recovery(NOISY, TRUTH, TYPES)
    expected = by_loop(NOISY)
    for row, kind in enumerate(result.types):
        for column, ecotype in enumerate(result.ecotypes):
            own = kind == TYPES
            assert result.f1[row, column] == pytest.approx(expected[kind, ecotype])
            assert result.f1[row, column] == pytest.approx(f1_score(TRUTH[own] == ecotype, NOISY[own] == ecotype))
    assert result.overall["f1"] == pytest.approx(np.mean(list(expected.values())))
    active = TRUTH != "outside"
    assert result.overall["accuracy"] == pytest.approx((NOISY == TRUTH)[active].mean())
    assert result.overall["confidence_auroc"] == pytest.approx(roc_auc_score(active, NOISY != "outside"))
    assert result.n == N and result.matched == result.ecotypes


def test_numbers_of_clusters_are_given_to_ecotypes_once_for_all_types() -> None:
    named, numbered = ecotype_recovery(NOISY, TRUTH, TYPES), ecotype_recovery(CLUSTERS, TRUTH, TYPES)
    assert numbered.overall == named.overall
    assert dict(zip(numbered.ecotypes, numbered.matched, strict=True)) == {"a": "2", "b": "0", "c": "1"}
    # Names that are exchanged are wrong: they say which ecotype they mean.
    exchanged = np.array([{"a": "b", "b": "a"}.get(label, label) for label in NOISY])
    assert ecotype_recovery(exchanged, TRUTH, TYPES).overall["f1"] < 0.6 * named.overall["f1"]


def test_the_other_reading_gives_labels_within_each_type() -> None:
    """By brute force over all assignments; states that each type numbers on its own score 1 here only."""
    own_names = np.array([f"{'abc'.index(t)}" if t != "outside" else t for t in TRUTH])
    for number, kind in enumerate(["T", "B", "M"]):
        rows = (kind == TYPES) & (TRUTH != "outside")
        own_names[rows] = [str((int(label) + number) % 3) for label in own_names[rows]]
    result = ecotype_recovery(own_names, TRUTH, TYPES)
    assert result.overall["f1_matched"] == 1 > result.overall["f1"] + 0.3
    result = ecotype_recovery(CLUSTERS, TRUTH, TYPES)
    for row, kind in enumerate(result.types):
        rows = kind == TYPES
        best = max(
            sum(f1_score(TRUTH[rows] == e, CLUSTERS[rows] == label) for e, label in zip("abc", order, strict=True))
            for order in permutations("012")
        )
        assert np.nansum(result.f1_matched[row]) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(5))
def test_both_assignments_are_the_best_of_all(seed) -> None:
    """By brute force, on labels that know little and ecotypes of unlike size: most cells for all types at once, and most F1
    within each; types of another number of cells want other assignments."""
    rng = np.random.default_rng(seed)
    types = rng.choice(["T", "B", "M"], N, p=[0.1, 0.3, 0.6])
    truth = rng.choice(["a", "b", "c", "outside"], N, p=[0.6, 0.2, 0.1, 0.1])
    given = np.where(rng.random(N) < 0.3, truth, rng.choice(["0", "1", "2", "3"], N, p=[0.4, 0.3, 0.2, 0.1]))
    given = np.array([{"a": "3", "b": "1", "c": "0", "outside": "1"}.get(label, label) for label in given])
    result = ecotype_recovery(given, truth, types, n_draws=0)
    orders = list(permutations("0123", 3))

    def shared(order) -> int:
        return sum(((truth == e) & (given == label)).sum() for e, label in zip(names, order, strict=True))

    names, at = result.ecotypes, [int(label) for label in result.matched]
    assert shared(result.matched) == max(shared(order) for order in orders)
    right = np.array([dict(zip(result.matched, names, strict=True)).get(label, "") for label in given])
    active = truth != "outside"
    assert result.overall["accuracy"] == pytest.approx((right == truth)[active].mean())
    for row, kind in enumerate(result.types):
        own = types == kind
        table = [[f1_score(truth[own] == e, given[own] == label, zero_division=0) for label in "0123"] for e in names]
        assert result.f1[row] == pytest.approx([table[k][at[k]] for k in range(3)])
        best = max(sum(table[k][int(order[k])] for k in range(3)) for order in orders)
        assert result.f1_matched[row].sum() == pytest.approx(best)
    assert result.overall["f1"] == pytest.approx(result.f1.mean())
    assert result.overall["f1_matched"] == pytest.approx(result.f1_matched.mean())


def test_chance_moves_labels_and_confidence_together_and_within_types_only() -> None:
    """Where a type is in one ecotype only, its labels stay what they are; the draws are those of a plain loop."""
    alone = np.array([{"T": "a", "B": "b", "M": "c"}[kind] for kind in TYPES])
    assert ecotype_recovery(alone, alone, TYPES).chance["f1"] == 1
    sure, random, drawn = (TRUTH != "outside") + RNG.random(N), generator(4), []
    for _ in range(25):
        order = np.arange(N)
        for kind in dict.fromkeys(TYPES):
            order[kind == TYPES] = random.permutation(np.flatnonzero(kind == TYPES))
        drawn.append(ecotype_recovery(NOISY[order], TRUTH, TYPES, confidence=sure[order], n_draws=0).overall)
    found = ecotype_recovery(NOISY, TRUTH, TYPES, confidence=sure, n_draws=25, rng=4)
    for name in found.overall:
        values = [scores[name] for scores in drawn]
        assert found.chance[name] == pytest.approx(np.mean(values))
        assert found.chance_p95[name] == pytest.approx(np.quantile(values, 0.95))


def test_perfect_labels_reach_the_ceiling_and_permuted_ones_chance() -> None:
    perfect = ecotype_recovery(TRUTH, TRUTH, TYPES)
    assert set(perfect.overall.values()) == {1.0}
    drawn = []
    for seed in range(20):
        rng, shuffled = np.random.default_rng(seed), TRUTH.copy()
        for kind in set(TYPES):
            shuffled[kind == TYPES] = rng.permutation(shuffled[kind == TYPES])
        drawn.append(ecotype_recovery(shuffled, TRUTH, TYPES, n_draws=0).overall["f1"])
    many = ecotype_recovery(TRUTH, TRUTH, TYPES, n_draws=200)
    assert np.mean(drawn) == pytest.approx(many.chance["f1"], abs=0.03)
    assert many.chance["f1"] < many.chance_p95["f1"] < 0.4
    assert ecotype_recovery(TRUTH, TRUTH, TYPES, n_draws=0).chance == {}


def test_confidence_is_asked_for_or_read_off_labels() -> None:
    active = TRUTH != "outside"
    always = np.where(TRUTH == "outside", "a", TRUTH)
    assert np.isnan(ecotype_recovery(always, TRUTH, TYPES).overall["confidence_auroc"])
    sure = active + 0.5 * RNG.random(N)
    assert ecotype_recovery(always, TRUTH, TYPES, confidence=sure).overall["confidence_auroc"] == 1
    assert ecotype_recovery(always, TRUTH, TYPES, confidence=-sure).overall["confidence_auroc"] == 0
    noise = RNG.random(N)
    found = ecotype_recovery(always, TRUTH, TYPES, confidence=noise).overall["confidence_auroc"]
    assert found == pytest.approx(roc_auc_score(active, noise))
    inside = active
    only = ecotype_recovery(TRUTH[inside], TRUTH[inside], TYPES[inside], confidence=noise[inside])
    assert np.isnan(only.overall["confidence_auroc"])
    # Cells outside that are said to be in an ecotype count as wrong there.
    assert ecotype_recovery(always, TRUTH, TYPES).overall["f1"] < 0.97
    assert ecotype_recovery(always, TRUTH, TYPES).overall["accuracy"] == 1


def test_a_state_without_cells_is_in_no_mean_and_one_never_found_is_zero() -> None:
    types, truth = np.array(list("TTTBB")), np.array(["a", "b", "b", "a", "a"])
    result = ecotype_recovery(["a", "a", "a", "a", "a"], truth, types)
    np.testing.assert_allclose(result.f1, [[0.5, 0.0], [1.0, np.nan]])
    assert result.overall["f1"] == pytest.approx(0.5)
    nothing = ecotype_recovery(["outside"] * 5, truth, types)
    assert nothing.overall["f1"] == nothing.overall["accuracy"] == 0 and nothing.matched == [None, None]
    named = ecotype_recovery(["x", "x", "x", "x", "x"], ["a", "none", "a", "a", "none"], types, none="none")
    assert named.ecotypes == ["a"] and named.matched == ["x"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"truth": ["outside"] * N}, "truth must hold a cell of an ecotype"),
        ({"labels": TRUTH[:9]}, "must have the same"),
        ({"labels": [None, *TRUTH[1:]]}, "labels must not be missing"),
        ({"confidence": np.full(N, np.nan)}, "confidence must be a vector of finite numbers"),
        ({"confidence": ["x"] * N}, "confidence must be a vector of finite numbers"),
        ({"n_draws": -1}, "n_draws must be a whole number"),
    ],
)
def test_bad_input_is_refused_by_name(fields, message) -> None:
    with pytest.raises(ValueError, match=message):
        ecotype_recovery(**({"labels": NOISY, "truth": TRUTH, "cell_types": TYPES} | fields))
