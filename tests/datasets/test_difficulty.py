"""The rule of difficulty and verdicts on claims can fail, each for its own reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.difficulty import gaps, interval, intervals, is_informative, verdict

NAMES = ("first", "second", "third")


def scores(*means: float, sd: float = 0.01) -> pd.DataFrame:
    wave = sd * np.array([[1, -1, 0], [-1, 1, 0], [0, 0, 1], [0, 0, -1], [0, 0, 0]])
    return pd.DataFrame(np.array(means) + wave, columns=list(NAMES))


@pytest.mark.parametrize("means", [(0.1, 0.4, 0.7), (0.2, 0.5, 0.7)])
def test_the_rule_can_hold(means) -> None:
    assert is_informative(scores(*means), NAMES)
    assert gaps(scores(*means), NAMES)["gap"].to_numpy() == pytest.approx(
        [means[1] - means[0], means[2] - means[0], means[2] - means[1]]
    )


@pytest.mark.parametrize(
    "means",
    [
        (0.1, 0.4, 0.9),  # too easy
        (0.0, 0.1, 0.2),  # too hard
        (0.0, 0.05, 0.2),
        (0.3, 0.4, 0.7),  # two alike
        (0.7, 0.4, 0.1),  # the other way round
    ],
)
def test_the_rule_can_fail(means) -> None:
    assert not is_informative(scores(*means), NAMES)


@pytest.mark.parametrize("means", [(0.1, 0.4, 0.7), (0.2, 0.5, 0.7)])
def test_gaps_must_stand_out_of_the_noise(means) -> None:
    assert not is_informative(scores(*means, sd=0.15), NAMES)


def test_verdicts_can_differ() -> None:
    assert verdict(np.array([0.1, 0.2, 0.15])) == "reproduced"
    for undecided in ([-0.1, -0.2], [0.1, -0.2, 0.1], [0.1, -0.2, 0.15]):
        assert verdict(np.array(undecided)) == "undecided here"
    for refuted in ([-0.1, -0.2, -0.15], [-0.1, -0.12, -0.11]):
        assert verdict(np.array(refuted)) == "not reproduced here"


def test_intervals_are_those_of_a_t_test() -> None:
    from scipy.stats import ttest_1samp

    values = np.array([0.1, 0.3, 0.2, 0.25, 0.4])
    expected = ttest_1samp(values, 0).confidence_interval(0.95)
    assert interval(values) == pytest.approx(tuple(expected))
    row = intervals(pd.DataFrame({"x": values})).loc["x"]
    assert row[["low", "high"]].tolist() == pytest.approx(list(expected), abs=0.0005)
