"""What docs/difficulty.md states of a world, against what its benchmark finds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.difficulty import intervals, shown, verdict

PAGE = (Path(__file__).parents[1] / "docs" / "difficulty.md").read_text(encoding="utf-8")


def section(world: str) -> str:
    return PAGE.split(f"## {world}\n")[1].split("\n## ")[0]


def assert_scores(world: str, scores: pd.DataFrame, *, within: float, spread_within: float | None = None) -> None:
    """The page has every baseline, with its mean, and with standard deviation and interval, which may vary more."""
    tolerance = np.array([within, *[within if spread_within is None else spread_within] * 3])
    row = re.compile(r"^\| `(\w+)`: [^|]*\| (-?[\d.]+) \| ([\d.]+) \| (-?[\d.]+) to (-?[\d.]+) \|$", re.MULTILINE)
    stated = {name: [float(value) for value in values] for name, *values in row.findall(section(world))}
    found = intervals(scores)
    assert set(stated) == set(scores)
    for name, values in stated.items():
        differences = np.abs(np.array(values) - found.loc[name].to_numpy())
        assert (differences < tolerance).all(), (name, found.loc[name].to_dict())


def assert_claims(
    world: str, claims: Mapping[str, tuple[str, np.ndarray]], *, within: float, may_be_undecided: bool = False
) -> None:
    """The page has every claim, with its verdict and difference.

    Not reproduced is an allowed outcome; what is not allowed is another one than the page's.
    """
    rows = re.findall(r"^\| `([^`]+)`: [^|]*\| ([a-z ]+) \| (-?[\d.]+) \(", section(world), re.MULTILINE)
    assert {claim for claim, _, _ in rows} == set(claims)
    for claim, word, mean in rows:
        statement, differences = claims[claim]
        print(f"{claim}: {verdict(differences)} {shown(differences)}; {statement}")
        assert differences.mean() == pytest.approx(float(mean), abs=within)
        found = verdict(differences)
        assert found == word or (may_be_undecided and "undecided here" in {word, found})
