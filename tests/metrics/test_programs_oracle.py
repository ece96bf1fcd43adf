"""Scores of networks and responses against plain loops, on estimates with ties, lost programs and flipped signs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import spsim as sps
from oracles import metrics_programs as oracle


def a_truth(rng, n):
    """Symmetric couplings, some of programs with themselves; at least one edge."""
    truth = np.triu(rng.choice([0, 0, 0, 0.8, -0.6], size=(n, n)))
    truth[0, 1] = 0.7
    return truth + np.triu(truth, 1).T


def an_estimate(rng, n, *, tied, directed):
    estimate = rng.integers(-2, 3, size=(n, n)).astype(float)
    if not tied:
        estimate += rng.normal(size=(n, n))
    return estimate if directed else np.triu(estimate) + np.triu(estimate, 1).T


def a_match(rng, n_true, n_estimated):
    order = rng.permutation(max(n_true, n_estimated))[:n_true]
    return np.where(order < n_estimated, order, -1), rng.choice([-1, -1, 0, 1, 1], n_true)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("tied", "directed"), list(itertools.product([False, True], repeat=2)))
def test_network(tied, directed, seed) -> None:
    rng = np.random.default_rng(seed)
    for n_true, n_estimated in itertools.product((3, 5, 7), (2, 5, 8)):
        truth, estimate = a_truth(rng, n_true), an_estimate(rng, n_estimated, tied=tied, directed=directed)
        match, sign = a_match(rng, n_true, n_estimated)
        found = sps.metrics.network_recovery(estimate, truth, match=match, sign=sign, n_draws=0)
        scores, ceiling, missed = oracle.network(estimate.tolist(), truth.tolist(), match.tolist(), sign.tolist())
        assert found.scores == pytest.approx(scores, nan_ok=True)
        assert found.n_missed == missed
        for suffix, value in ceiling.items():
            assert found.ceiling[f"aupr_ratio{suffix}"] == pytest.approx(value)
            assert found.ceiling[f"early_precision_ratio{suffix}"] == pytest.approx(value)


@pytest.mark.parametrize("match", [None, [2, 0, -1, 1]])
def test_chance_of_a_network(match) -> None:
    truth = np.zeros((4, 4))
    truth[0, 1] = truth[1, 2] = 0.8
    truth[0, 3] = -0.5
    truth += truth.T
    estimate = an_estimate(np.random.default_rng(0), 4, tied=True, directed=False)
    found = sps.metrics.network_recovery(estimate, truth, match=match, n_draws=2000)
    pairs = list(itertools.combinations(range(4), 2))
    every = []
    # All ways to deal the edges out to the pairs.
    for edges in set(itertools.permutations([truth[pair] for pair in pairs])):
        dealt = np.zeros((4, 4))
        for (i, j), weight in zip(pairs, edges, strict=True):
            dealt[i, j] = dealt[j, i] = weight
        every.append(list(oracle.network(estimate.tolist(), dealt.tolist(), match)[0].values()))
    names = list(oracle.network(estimate.tolist(), truth.tolist(), match)[0])
    order = [names.index(name) for name in found.scores]
    exact, spread = np.mean(every, axis=0)[order], np.std(every, axis=0)[order]
    # Six scores within 5 standard errors: a false alarm once in 290,000.
    assert (abs(found.chance.mean - exact) <= 5 * spread / np.sqrt(2000) + 1e-9).all()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("tied", [False, True])
def test_response(tied, seed) -> None:
    rng = np.random.default_rng(seed)
    for n, n_true, n_estimated in itertools.product((2, 6), (1, 5), (1, 4, 8)):
        truth = rng.choice([0.0, 0.0, 1.0, -1.0], size=(n, n_true))
        truth[0, 0], truth[1, 0] = 1.0, 0.0
        estimate = rng.integers(-1, 2, size=(n, n_estimated)).astype(float) + 0.3
        if not tied:
            estimate += rng.normal(size=estimate.shape)
        match, sign = a_match(rng, n_true, n_estimated)
        found = sps.metrics.response_recovery(estimate, truth, match=match, sign=sign, n_draws=0)
        expected = oracle.response(estimate.tolist(), truth.tolist(), match.tolist(), sign.tolist())
        assert found.scores == pytest.approx(expected, abs=1e-9, nan_ok=True)
        assert found.mean_effect == pytest.approx(oracle.mean_effect(truth.tolist()), abs=1e-9, nan_ok=True)
        own = np.array(oracle.in_true_order(estimate.tolist(), n_true, match.tolist(), sign.tolist()))
        for k, value in enumerate(found.per_program):
            if np.ptp(truth[:, k]) > 0:
                assert value == pytest.approx(oracle.pearson(own[:, k].tolist(), truth[:, k].tolist()), abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_programs_does_not_matter(seed) -> None:
    # Signs alone, as a Boolean network has them: directions contradict each other without one being larger.
    rng = np.random.default_rng(seed)
    truth, estimate, order = a_truth(rng, 6), rng.choice([-1.0, 0.0, 1.0], size=(6, 6)), rng.permutation(6)
    plain = sps.metrics.network_recovery(estimate, truth, n_draws=0).scores
    moved = sps.metrics.network_recovery(estimate[order][:, order], truth[order][:, order], n_draws=0).scores
    assert moved == pytest.approx(plain, nan_ok=True)
    assert sps.metrics.network_recovery(estimate.T, truth, n_draws=0).scores == pytest.approx(plain, nan_ok=True)


@pytest.mark.parametrize("effect", [0.1, 0.7, 1.0])
def test_one_response_leaves_nothing_to_tell_apart(effect) -> None:
    mdata = sps.datasets.perturbseq(7, n_cells=20, n_groups=1, effect=effect)
    mdata.uns["R"] = sps.get.table(mdata, "response")
    score = sps.tl.response_recovery(mdata, "R", n_chance=2)["score"]
    assert score["pearson"] == pytest.approx(1) and np.isnan(score["pearson_centred"])


def test_nothing_to_recover() -> None:
    noise = np.random.default_rng(0).normal(size=(4, 3))
    assert oracle.response(noise.tolist(), np.ones((4, 3)).tolist()) == pytest.approx(
        sps.metrics.response_recovery(noise, np.ones((4, 3)), n_draws=0).scores, nan_ok=True
    )
    flat = sps.metrics.response_recovery(np.ones((4, 3)), noise, n_draws=0).scores
    assert flat == pytest.approx({"pearson": 0.0, "pearson_centred": 0.0}, abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_chance_of_a_response(seed) -> None:
    rng = np.random.default_rng(seed)
    truth, estimate = rng.choice([0.0, 1.0, -1.0], size=(4, 3)), rng.normal(size=(4, 3))
    found = sps.metrics.response_recovery(estimate, truth, n_draws=2000)
    every = [
        list(oracle.response([estimate[i].tolist() for i in order], truth.tolist()).values())
        for order in itertools.permutations(range(4))
    ]
    # Two scores within 5 standard errors, in each of three worlds.
    assert (abs(found.chance.mean - np.mean(every, axis=0)) <= 5 * np.std(every, axis=0) / np.sqrt(2000)).all()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("by", ["loadings", "factors"])
@pytest.mark.parametrize("n_estimated", [3, 4, 5])
def test_programs_are_matched_first(n_estimated, by, seed) -> None:
    rng = np.random.default_rng(seed)
    mdata = sps.datasets.perturbseq(4, n_programs=4, n_cells=40, rng=seed)
    slot = mdata["rna"].obsm["program_factors"] if by == "factors" else mdata["rna"].varm["program_loadings"]
    # Mixed, turned around and noisy, so that which is which is a question.
    own = slot @ rng.normal(size=(4, n_estimated)) + 0.3 * slot.std() * rng.normal(size=(len(slot), n_estimated))
    (mdata["rna"].obsm if by == "factors" else mdata["rna"].varm)["X"] = own
    match, sign = oracle.matched(own.tolist(), slot.tolist())
    couplings = an_estimate(rng, n_estimated, tied=True, directed=False)
    responses = rng.normal(size=(4, n_estimated))
    mdata["rna"].uns.update(J=couplings, R=responses)
    key = {f"{by}_key": "rna:X"}
    network, response = sps.get.table(mdata, "network").to_numpy(), sps.get.table(mdata, "response").to_numpy()
    found = sps.tl.network_recovery(mdata, "rna:J", **key, n_chance=2)
    expected, _, missed = oracle.network(couplings.tolist(), network.tolist(), match, sign)
    assert found["score"].to_dict() == pytest.approx(expected, nan_ok=True)
    assert (found["missed"] == missed).all()
    programs = mdata.uns["rna:J_network_recovery_programs"]
    assert programs["match"].tolist() == match
    assert [s if m >= 0 else 1 for s, m in zip(programs["sign"], match, strict=True)] == sign
    table = sps.tl.response_recovery(mdata, "rna:R", **key, n_chance=2)
    assert table["score"].to_dict() == pytest.approx(
        oracle.response(responses.tolist(), response.tolist(), match, sign), nan_ok=True
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_loops_can_disagree(seed) -> None:
    rng = np.random.default_rng(seed)
    truth, estimate = a_truth(rng, 6), an_estimate(rng, 6, tied=False, directed=False)
    found = sps.metrics.network_recovery(estimate, truth, n_draws=0).scores
    turned = oracle.network(estimate.tolist(), truth.tolist(), sign=[-1, 1, 1, 1, 1, 1])[0]
    lost = oracle.network(estimate.tolist(), truth.tolist(), match=[-1, 1, 2, 3, 4, 5])[0]
    assert found != pytest.approx(turned, nan_ok=True)
    assert found != pytest.approx(lost, nan_ok=True)
