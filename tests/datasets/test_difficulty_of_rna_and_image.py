"""The page on difficulty says of ``rna_and_image()`` what the baselines find, and the rule holds on seeds that nothing saw."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks import rna_and_image as bench
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
    assert_scores("rna_and_image", scores, within=0.05, spread_within=0.15)


@pytest.mark.slow
def test_claims_come_out_as_stated(scores) -> None:
    assert_claims("rna_and_image", bench.claims(scores), within=0.05)


def test_the_truth_scores_one_and_noise_nothing() -> None:
    import spsim as sps

    mdata = sps.datasets.rna_and_image(10, n_side=18, rng=1)
    blind = sps.get.without_truth(mdata)
    rng = np.random.default_rng(0)
    domains = pd.get_dummies(mdata.obs["domain"]).to_numpy(float)
    assert bench.position(mdata, blind, 10 * domains + 0.1 * rng.normal(size=domains.shape)) > 0.95
    assert bench.position(mdata, blind, rng.normal(size=(mdata.n_obs, 3))) < 0.05
