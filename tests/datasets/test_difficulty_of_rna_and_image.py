"""The page on difficulty says of ``rna_and_image()`` what the baselines find, and the rule holds on seeds that nothing saw."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import rna_and_image as bench

PAGE = (Path(__file__).parents[2] / "docs" / "difficulty.md").read_text(encoding="utf-8")
SECTION = PAGE.split("## rna_and_image\n")[1].split("\n## ")[0]


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
def test_claims_come_out_as_stated(scores) -> None:
    rows = re.findall(r"^\| `([\w ,]+)`: [^|]*\| ([a-z ]+) \| (-?[\d.]+) \(", SECTION, re.MULTILINE)
    found = bench.claims(scores)
    assert {claim for claim, _, _ in rows} == set(found)
    for claim, word, mean in rows:
        statement, differences = found[claim]
        print(f"{claim}: {bench.verdict(differences)} {bench.shown(differences)}; {statement}")
        assert differences.mean() == pytest.approx(float(mean), abs=0.05) and bench.verdict(differences) == word


def test_the_truth_scores_one_and_noise_nothing() -> None:
    import spsim as sps

    mdata = sps.datasets.rna_and_image(10, n_side=18, rng=1)
    blind = sps.get.without_truth(mdata)
    rng = np.random.default_rng(0)
    domains = pd.get_dummies(mdata.obs["domain"]).to_numpy(float)
    assert bench.position(mdata, blind, 10 * domains + 0.1 * rng.normal(size=domains.shape)) > 0.95
    assert bench.position(mdata, blind, rng.normal(size=(mdata.n_obs, 3))) < 0.05
