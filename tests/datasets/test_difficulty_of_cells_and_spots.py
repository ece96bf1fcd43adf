"""The rule of difficulty, and claims of papers about mixtures, on the seeds of docs/difficulty.md."""

from __future__ import annotations

import pytest

from benchmarks import cells_and_spots as bench
from benchmarks.difficulty import is_informative, verdict
from difficulty_page import assert_claims, assert_scores

# What a claim came out as when its setting was run for the first time; a change is news, not necessarily a fault.
FOUND = dict.fromkeys(("two truths", "platform", "missing type", "rare type"), "reproduced")


@pytest.fixture(scope="module")
def scores():
    return bench.difficulty()


@pytest.mark.slow
def test_light_baselines_lie_between_chance_and_ceiling_and_apart(scores) -> None:
    assert is_informative(scores, bench.INFORMED)


@pytest.mark.slow
def test_the_page_states_what_is_measured(scores) -> None:
    assert_scores("cells_and_spots", scores, within=0.0101)


@pytest.mark.slow
def test_claims_come_out_as_stated() -> None:
    claims = bench.claims()
    assert {claim: verdict(differences) for claim, (_, differences) in claims.items()} == FOUND
    assert_claims("cells_and_spots", claims, within=0.0101)


def test_the_truth_scores_one_and_the_mean_composition_nothing() -> None:
    import spsim as sps

    mdata = sps.datasets.cells_and_spots(n_reference=50, rng=1)
    blind = sps.get.without_truth(mdata)
    truth = sps.get.proportions(mdata).fillna(0)
    held = truth.sum(axis=1) > 0
    assert bench.position(mdata, blind, truth) == 1
    mean = truth.copy()
    mean.loc[:] = truth[held].mean().to_numpy()
    assert bench.position(mdata, blind, mean) == pytest.approx(0, abs=1e-12)
