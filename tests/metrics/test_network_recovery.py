"""Couplings and responses against plain loops: missed programs, ties, signs, what knows nothing."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from spsim.metrics import network_recovery, response_recovery

RNG = np.random.default_rng(0)
K = 7


def truth() -> np.ndarray:
    weights = np.where(RNG.random((K, K)) < 0.3, RNG.normal(size=(K, K)), 0.0)
    upper = np.triu(weights, 1)
    return upper + upper.T + np.diag(RNG.random(K))


TRUTH = truth()
PAIRS = [(i, j) for i in range(K) for j in range(i + 1, K)]


def by_hand(estimate, true, missed=()) -> dict[str, float]:
    """Average precision and early precision by plain loops; estimates must differ from each other."""
    result = {}
    for kind, of in (("", abs), ("_positive", lambda v: v), ("_negative", lambda v: -v)):
        edges = {pair for pair in PAIRS if of(true[pair]) > 0}
        ranked = sorted(
            (pair for pair in PAIRS if not set(pair) & set(missed)), key=lambda pair: of(estimate[pair]), reverse=True
        )
        hits, total = 0, 0.0
        for place, pair in enumerate(ranked, 1):
            if pair in edges:
                hits += 1
                total += hits / place
        density = len(edges) / len(PAIRS)
        result[f"aupr_ratio{kind}"] = total / len(edges) / density
        early = sum(pair in edges for pair in ranked[: len(edges)]) / len(edges)
        result[f"early_precision_ratio{kind}"] = early / density
    return result


def noisy(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(K, K))
    return TRUTH + 0.7 * (noise + noise.T)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_that_of_plain_loops(seed) -> None:
    estimate = noisy(seed)
    found = network_recovery(estimate, TRUTH, n_draws=0)
    expected = by_hand(estimate, TRUTH)
    assert {name: pytest.approx(score) for name, score in found.scores.items()} == expected
    match = np.arange(K)
    match[[1, 4]] = -1
    missed = network_recovery(estimate, TRUTH, match=match, n_draws=0)
    assert {name: pytest.approx(score) for name, score in missed.scores.items()} == by_hand(estimate, TRUTH, (1, 4))
    assert missed.n_missed == 11 and missed.n_pairs == 21


def test_average_precision_is_that_of_scikit_learn_also_with_ties() -> None:
    estimate = np.round(noisy(3), 0)
    upper = np.triu_indices(K, 1)
    is_edge = TRUTH[upper] != 0
    found = network_recovery(estimate, TRUTH, n_draws=0)
    expected = average_precision_score(is_edge, np.abs(estimate[upper])) / is_edge.mean()
    assert found.scores["aupr_ratio"] == pytest.approx(expected)


def test_programs_may_come_in_any_order_and_turned_around() -> None:
    order, signs = RNG.permutation(K), np.where(RNG.random(K) < 0.5, -1, 1)
    estimate = noisy(1)
    turned = (estimate * signs[:, None] * signs)[np.ix_(order, order)]
    match = np.argsort(order)
    plain = network_recovery(estimate, TRUTH, n_draws=0).scores
    assert network_recovery(turned, TRUTH, match=match, sign=signs, n_draws=0).scores == pytest.approx(plain)
    assert network_recovery(turned, TRUTH, match=match, n_draws=0).scores != pytest.approx(plain)


def test_truth_scores_at_its_ceiling_and_permuted_edges_at_chance() -> None:
    found = network_recovery(TRUTH, TRUTH)
    assert found.scores == found.ceiling
    for name, ceiling in found.ceiling.items():
        assert ceiling == pytest.approx(1 / found.density[name])
    # Early precision over random edges is 1 of the ratio; 400 draws of a mean.
    random = network_recovery(noisy(0), TRUTH, n_draws=400).chance
    early = list(found.scores).index("early_precision_ratio")
    assert abs(random.mean[early] - 1) < 5 * random.draws[:, early].std() / 20


def test_chance_is_over_all_places_of_the_true_edges() -> None:
    """By listing all 120 orders of 6 pairs, of which 3 have a program that was not found; 5 standard errors of a mean.

    Edges may come to lie where no ranking finds them, and keep their signs.
    """
    true = np.array([[0, 0.8, 0, -0.6], [0.8, 0, 0.9, 0], [0, 0.9, 0, 0], [-0.6, 0, 0, 0]])
    noise = np.random.default_rng(5).normal(size=(3, 3))
    match, pairs = [0, 1, 2, -1], np.triu_indices(4, 1)
    every = []
    for order in set(permutations(true[pairs])):
        moved = np.zeros((4, 4))
        moved[pairs] = order
        every.append(list(network_recovery(noise, moved + moved.T, match=match, n_draws=0).scores.values()))
    chance = network_recovery(noise, true, match=match, n_draws=3000, rng=1).chance
    expected, error = np.mean(every, axis=0), 5 * np.std(every, axis=0) / np.sqrt(3000)
    assert (np.abs(chance.mean - expected) < error).all() and np.isfinite(expected).all()


def test_of_two_directions_the_larger_in_size_counts() -> None:
    directed = np.random.default_rng(3).normal(size=(K, K))
    larger = directed.copy()
    for i, j in PAIRS:
        larger[i, j] = larger[j, i] = max(directed[i, j], directed[j, i], key=abs)
    assert network_recovery(directed, TRUTH, n_draws=0).scores == by_hand(larger, TRUTH)


def test_self_edges_and_directions_do_not_count() -> None:
    estimate = noisy(2)
    other = estimate + np.diag(np.full(K, 99.0))
    assert network_recovery(other, TRUTH, n_draws=0).scores == network_recovery(estimate, TRUTH, n_draws=0).scores
    directed = np.triu(estimate)
    assert network_recovery(directed, TRUTH, n_draws=0).scores == network_recovery(estimate, TRUTH, n_draws=0).scores


def test_an_empty_network_is_worth_what_a_random_one_is() -> None:
    scores = network_recovery(np.zeros((K, K)), TRUTH, n_draws=0).scores
    assert scores == pytest.approx(dict.fromkeys(scores, 1.0))


def test_without_negative_edges_their_scores_are_not_defined() -> None:
    scores = network_recovery(np.abs(TRUTH), np.abs(TRUTH), n_draws=2).scores
    assert np.isnan(scores["aupr_ratio_negative"]) and scores["aupr_ratio"] == scores["aupr_ratio_positive"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: network_recovery(np.ones((3, 2)), TRUTH), "estimate must be square"),
        (lambda: network_recovery(TRUTH, np.triu(TRUTH)), "truth must be symmetric"),
        (lambda: network_recovery(TRUTH, np.eye(K)), "truth must have at least one edge"),
        (lambda: network_recovery(np.ones((3, 3)), TRUTH), "match must be given"),
        (lambda: network_recovery(TRUTH, TRUTH, match=[0, 1]), "match must have one entry per true program"),
        (lambda: network_recovery(TRUTH, TRUTH, match=[7, *range(6)]), "match must hold positions"),
        (lambda: network_recovery(TRUTH, TRUTH, match=[0, 0, *range(2, 7)]), "match must be unique"),
        (lambda: network_recovery(TRUTH, TRUTH, sign=[2] * 7), "sign must hold -1, 0 and 1"),
        (lambda: response_recovery(np.ones((3, 2)), np.ones((4, 2))), "same number"),
    ],
)
def test_what_does_not_fit_is_refused(call, message) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_responses_are_those_of_plain_loops() -> None:
    true, estimate = RNG.normal(size=(9, 4)) + 1, RNG.normal(size=(9, 5))
    match, sign = np.array([4, 0, -1, 2]), np.array([1, -1, 1, 1])
    own = np.zeros((9, 4))
    for k in range(4):
        if match[k] >= 0:
            own[:, k] = sign[k] * estimate[:, match[k]]

    def r(a, b) -> float:
        return float(np.corrcoef(np.ravel(a), np.ravel(b))[0, 1])

    found = response_recovery(estimate, true, match=match, sign=sign, n_draws=3)
    assert found.scores["pearson"] == pytest.approx(r(own, true))
    assert found.scores["pearson_centred"] == pytest.approx(r(own - own.mean(0), true - true.mean(0)))
    assert found.mean_effect["pearson"] == pytest.approx(r(np.tile(true.mean(0), (9, 1)), true))
    assert abs(found.mean_effect["pearson_centred"]) < 1e-12 and found.per_program[2] == 0
    for k in (0, 1, 3):
        assert found.per_program[k] == pytest.approx(r(own[:, k], true[:, k]))
    assert found.n == 9
    # Of whole numbers the mean response does not vary at all, and knows nothing of the perturbations.
    assert response_recovery(np.eye(3), np.diag([1, 2, 3]), n_draws=0).mean_effect["pearson_centred"] == 0
    other = response_recovery(estimate, true, match=match, n_draws=0).scores["pearson"]
    assert other != pytest.approx(found.scores["pearson"])


def test_chance_of_responses_is_over_orders_of_the_perturbations() -> None:
    """By listing all 120 of them; 5 standard errors of a mean over 2,000 draws."""
    true, estimate = RNG.normal(size=(5, 3)) + 1, RNG.normal(size=(5, 3)) + 0.5
    every = [
        list(response_recovery(estimate[list(order)], true, n_draws=0).scores.values())
        for order in permutations(range(5))
    ]
    chance = response_recovery(estimate, true, n_draws=2000, rng=1).chance
    assert (np.abs(chance.mean - np.mean(every, axis=0)) < 5 * np.std(every, axis=0) / np.sqrt(2000)).all()
    assert chance.p95 == pytest.approx(np.quantile(every, 0.95, axis=0), abs=0.15)


def test_the_mean_effect_helps_one_score_and_not_the_other() -> None:
    """What all perturbations share is most of the response; who knows only that knows nothing of the perturbations."""
    true = RNG.normal(size=(12, 6)) * 0.3 + RNG.normal(size=6) * 3
    mean = np.tile(true.mean(0), (12, 1)) + 1e-3 * RNG.normal(size=true.shape)
    scores = response_recovery(mean, true, n_draws=0).scores
    assert scores["pearson"] > 0.95 > 0.4 > abs(scores["pearson_centred"])
    perfect = response_recovery(true, true)
    assert perfect.scores == pytest.approx({"pearson": 1.0, "pearson_centred": 1.0})
    assert perfect.chance.mean[0] > 0.9 and abs(perfect.chance.mean[1]) < 0.2
    assert np.isnan(response_recovery(np.ones((3, 2)), np.ones((3, 2)), n_draws=0).scores["pearson"])
