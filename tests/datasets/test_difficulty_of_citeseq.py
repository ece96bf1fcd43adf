"""The page on difficulty says of ``citeseq()`` what the baselines find, and the rule holds on seeds that nothing saw."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import difficulty_page
from benchmarks import citeseq as bench
from benchmarks.difficulty import gaps, is_informative
from difficulty_page import assert_claims, assert_scores


@pytest.fixture(scope="module")
def scores() -> pd.DataFrame:
    return bench.difficulty()


@pytest.mark.slow
def test_the_default_is_informative_and_the_page_says_how(scores) -> None:
    print(gaps(scores, bench.INFORMED).to_string())
    assert is_informative(scores, bench.INFORMED)
    assert set(scores) == set(bench.BASELINES)
    # Other versions of scikit-learn may cluster a little differently.
    assert_scores("citeseq", scores, within=0.05, spread_within=0.15)


@pytest.mark.slow
def test_both_modalities_know_more_than_the_better_one() -> None:
    found = bench.gains()
    assert (found["gain"] > bench.LEAST_GAIN).all()
    text = " ".join(difficulty_page.section("citeseq").split())
    means = found.mean().round(2)
    said = re.search(r"is ([\d.]+) on `rna`, ([\d.]+) on `protein` and ([\d.]+) on both: a gain of ([\d.]+)", text)
    assert said is not None
    assert [float(value) for value in said.groups()] == pytest.approx(
        [means[name] for name in ("rna", "protein", "both", "gain")], abs=0.02
    )


@pytest.mark.slow
def test_claims_come_out_as_stated() -> None:
    assert_claims("citeseq", bench.claims(), within=0.05)


def test_the_truth_scores_one_and_noise_nothing() -> None:
    import spsim as sps

    mdata = sps.datasets.citeseq(n_cells=400, rng=1)
    blind = sps.get.without_truth(mdata)
    types = pd.get_dummies(mdata.obs["cell_type"]).to_numpy(float)
    noise = np.random.default_rng(0).normal(size=(400, 3))
    assert bench.position(mdata, blind, 10 * types + 0.1 * np.random.default_rng(1).normal(size=types.shape)) > 0.95
    assert abs(bench.position(mdata, blind, noise)) < 0.05
