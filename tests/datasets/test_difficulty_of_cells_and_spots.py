"""The rule of difficulty, and claims of papers about mixtures, on the seeds of docs/difficulty.md."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import cells_and_spots as bench

PAGE = Path(__file__).parents[2] / "docs" / "difficulty.md"
# What a claim came out as when its setting was run for the first time; a change is news, not necessarily a fault.
FOUND = dict.fromkeys(("two truths", "platform", "missing type", "rare type"), "reproduced")


@pytest.fixture(scope="module")
def scores():
    return bench.difficulty()


@pytest.mark.slow
def test_light_baselines_lie_between_chance_and_ceiling_and_apart(scores) -> None:
    assert bench.is_informative(scores)


def test_the_rule_can_fail() -> None:
    wave = np.array([[1, -1, 0], [-1, 1, 0], [0, 0, 1], [0, 0, -1], [0, 0, 0]])

    def made(*means: float, sd: float = 0.01) -> pd.DataFrame:
        return pd.DataFrame(np.array(means) + sd * wave, columns=list(bench.INFORMED))

    assert bench.is_informative(made(0.1, 0.4, 0.7))
    for means in ((0.1, 0.4, 0.9), (0.0, 0.1, 0.2), (0.3, 0.4, 0.7), (0.7, 0.4, 0.1)):
        assert not bench.is_informative(made(*means))
    assert not bench.is_informative(made(0.1, 0.4, 0.7, sd=0.15))


def test_verdicts_can_differ() -> None:
    words = [bench.verdict(np.array(differences)) for differences in ([0.1, 0.2, 0.15], [-0.1, -0.2], [0.1, -0.2, 0.1])]
    assert words == ["reproduced", "undecided here", "undecided here"]
    assert bench.verdict(np.array([-0.1, -0.12, -0.11])) == "not reproduced here"


@pytest.mark.slow
def test_the_page_states_what_is_measured(scores) -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## cells_and_spots")[2]
    for name, row in bench.intervals(scores).iterrows():
        line = next(line for line in section.splitlines() if line.startswith(f"| `{name}`:"))
        *_, mean, sd, interval, _ = (cell.strip() for cell in line.split("|"))
        stated = [float(mean), float(sd), *map(float, interval.split(" to "))]
        assert np.abs(np.array(stated) - row.to_numpy()).max() < 0.0101


@pytest.mark.slow
def test_claims_come_out_as_stated() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## cells_and_spots")[2]
    for claim, (statement, differences) in bench.claims().items():
        found = bench.verdict(differences)
        print(f"{claim}: {found} {bench.interval(differences)}; {statement}")
        line = next(line for line in section.splitlines() if line.startswith(f"| `{claim}`:"))
        assert line.split("|")[2].strip() == found == FOUND[claim]


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
