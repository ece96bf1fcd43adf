"""The page on difficulty says of ``slices()`` what the baselines find, and the rule holds on seeds that nothing saw."""

from __future__ import annotations

import pytest

import difficulty_page
from benchmarks import slices
from benchmarks.difficulty import gaps, is_informative
from difficulty_page import assert_claims, assert_scores


@pytest.mark.slow
def test_the_default_is_informative_and_the_page_says_how() -> None:
    found = slices.difficulty()
    print(gaps(found, slices.INFORMED).to_string())
    assert is_informative(found, slices.INFORMED)
    assert set(found) == set(slices.BASELINES)
    # Other versions of scikit-learn may cluster a little differently.
    assert_scores("slices", found, within=0.05, spread_within=0.15)


@pytest.mark.slow
def test_worlds_of_one_tissue_are_saturated() -> None:
    found = slices.saturated()
    assert min(found.values()) > slices.SATURATED
    for name, score in found.items():
        assert f"{score:.2f} on `{name}`" in " ".join(difficulty_page.PAGE.split())


@pytest.mark.slow
def test_the_page_says_which_claims_hold() -> None:
    """Other versions of scikit-learn may move a difference a little, and with it a verdict that is hardly decided."""
    assert_claims("slices", slices.claims(), within=0.05, may_be_undecided=True)
