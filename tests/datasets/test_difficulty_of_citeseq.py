"""The page on difficulty says of ``citeseq()`` what the baselines find, and the rule holds on seeds that nothing saw."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import citeseq as bench

PAGE = (Path(__file__).parents[2] / "docs" / "difficulty.md").read_text(encoding="utf-8")
SECTION = PAGE.split("## citeseq\n")[1].split("\n## ")[0]


@pytest.fixture(scope="module")
def scores() -> pd.DataFrame:
    return bench.difficulty()


def made(*means: float, sd: float = 0.01) -> pd.DataFrame:
    """Baselines with these means, in the order of INFORMED."""
    wave = sd * np.array([[1, -1, 0], [-1, 1, 0], [0, 0, 1], [0, 0, -1], [0, 0, 0]])
    return pd.DataFrame(np.array(means) + wave, columns=list(bench.INFORMED))


def test_the_rule_can_fail() -> None:
    assert bench.is_informative(made(0.2, 0.5, 0.7))
    for means in ((0.1, 0.4, 0.9), (0.0, 0.1, 0.2), (0.3, 0.4, 0.7), (0.7, 0.4, 0.1)):
        assert not bench.is_informative(made(*means))
    assert not bench.is_informative(made(0.2, 0.5, 0.7, sd=0.15))


@pytest.mark.slow
def test_the_default_is_informative_and_the_page_says_how(scores) -> None:
    print(bench.intervals(scores).to_string(), bench.gaps(scores).to_string(), sep="\n")
    assert bench.is_informative(scores)
    stated = dict(re.findall(r"^\| `(\w+)`: [^|]*\| ([\d.]+) \| [\d.]+ \|", SECTION, re.MULTILINE))
    assert set(stated) == set(bench.BASELINES)
    # Other versions of scikit-learn may cluster a little differently.
    assert {name: float(score) for name, score in stated.items()} == pytest.approx(scores.mean().to_dict(), abs=0.05)


@pytest.mark.slow
def test_both_modalities_know_more_than_the_better_one() -> None:
    found = bench.gains()
    assert (found["gain"] > bench.LEAST_GAIN).all()
    text = " ".join(SECTION.split())
    means = found.mean().round(2)
    said = re.search(r"is ([\d.]+) on `rna`, ([\d.]+) on `protein` and ([\d.]+) on both: a gain of ([\d.]+)", text)
    assert said is not None
    assert [float(value) for value in said.groups()] == pytest.approx(
        [means[name] for name in ("rna", "protein", "both", "gain")], abs=0.02
    )


@pytest.mark.slow
def test_claims_come_out_as_stated() -> None:
    rows = re.findall(r"^\| `([\w ,]+)`: [^|]*\| ([a-z ]+) \| (-?[\d.]+) \(", SECTION, re.MULTILINE)
    found = bench.claims()
    assert {claim for claim, _, _ in rows} == set(found)
    for claim, word, mean in rows:
        statement, differences = found[claim]
        print(f"{claim}: {bench.verdict(differences)} {bench.shown(differences)}; {statement}")
        assert differences.mean() == pytest.approx(float(mean), abs=0.05) and bench.verdict(differences) == word


def test_the_truth_scores_one_and_noise_nothing() -> None:
    import spsim as sps

    mdata = sps.datasets.citeseq(n_cells=400, rng=1)
    blind = sps.get.without_truth(mdata)
    types = pd.get_dummies(mdata.obs["cell_type"]).to_numpy(float)
    noise = np.random.default_rng(0).normal(size=(400, 3))
    assert bench.position(mdata, blind, 10 * types + 0.1 * np.random.default_rng(1).normal(size=types.shape)) > 0.95
    assert abs(bench.position(mdata, blind, noise)) < 0.05
