"""Thresholds for labels: each holds up to its value, and a failure says what failed."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

import spsim as sps
from spsim.testing import assert_agrees

pytest_plugins = ["pytester", "spsim.testing"]
ROUNDING = 1e-9


@pytest.fixture
def labelled(spsim_multiomics):
    """Domains with a share of wrong labels at the top, and those that RNA shows in the modality."""
    domains = spsim_multiomics.obs["domain"].astype(str).to_numpy()
    wrong = np.random.default_rng(0).random(1296) < 0.2
    spsim_multiomics.obs["mine"] = np.where(wrong, "wrong", domains)
    spsim_multiomics["rna"].obs["mine"] = np.where(domains == "block_2", "background", domains)
    return spsim_multiomics


def reached(mdata, score):
    labels, truth = mdata.obs["mine"], mdata.obs["domain"]
    value = sps.metrics.domain_agreement(labels, truth)[score]
    chance = sps.metrics.domain_chance(labels, truth, mdata.obsm["spatial"])[score]
    best = sps.metrics.domain_agreement(truth, truth)[score]
    return {"at_least": value, "above_chance": value - chance, "of_ceiling": value / best}


@pytest.mark.parametrize("score", ["ari", "mi"])
@pytest.mark.parametrize("name", ["at_least", "above_chance", "of_ceiling"])
def test_a_threshold_holds_up_to_its_value(labelled, name, score) -> None:
    value = reached(labelled, score)[name]
    assert_agrees(labelled, "mine", score=score, **{name: value - ROUNDING})
    with pytest.raises(AssertionError, match=f"{name}=.* is missed by {score} "):
        assert_agrees(labelled, "mine", score=score, **{name: value + ROUNDING})


def test_the_score_is_that_of_scikit_learn(labelled) -> None:
    value = adjusted_rand_score(labelled.obs["domain"], labelled.obs["mine"])
    assert_agrees(labelled, "mine", at_least=value - ROUNDING)
    with pytest.raises(AssertionError, match=f"missed by ari .{value:.3f}"):
        assert_agrees(labelled, "mine", at_least=value + ROUNDING)


def test_a_perfect_method_reaches_its_modalitys_ceiling(labelled) -> None:
    for data, key in ((labelled, "rna:mine"), (labelled["rna"], "mine")):
        assert_agrees(data, key, of_ceiling=1)
        with pytest.raises(AssertionError, match="at_least=0.9 is missed by ari"):
            assert_agrees(data, key, at_least=0.9)


def test_a_failure_shows_the_table_without_the_number_of_spots(labelled) -> None:
    with pytest.raises(AssertionError) as caught:
        assert_agrees(labelled, "mine", at_least=1)
    lines = str(caught.value).splitlines()
    table = sps.tl.domain_agreement(labelled, "mine", copy=True)
    assert lines[0] == "'mine' agrees too little with the true domains (1296 spots)"
    assert lines[3].split() == list(table.columns)
    assert {"score", "ceiling", "chance"} <= set(table.columns)
    assert [line.split()[0] for line in lines[4:]] == [name for name in table.index if name != "n"]
    assert lines[4].split()[1] == f"{table.loc['ari', 'score']:.3f}"


def test_truth_of_another_object_is_aligned_by_name_and_nothing_is_written(labelled) -> None:
    blind = sps.get.without_truth(labelled["rna"])[::-1].copy()
    assert_agrees(blind, "mine", truth=labelled["rna"], of_ceiling=1)
    assert list(blind.uns) == ["spsim_fingerprint"] and list(labelled.uns) == ["spsim"]


def test_a_good_method_passes_and_bad_ones_fail_on_hard_data(spsim_quilt_hard) -> None:
    # A method that has the factors up to noise; how to get them is for the tests of assert_recovers.
    random = np.random.default_rng(0)
    factors = spsim_quilt_hard.obsm["spatial_factors"] + random.normal(0, 0.2, (1296, 4))
    good = KMeans(11, n_init=3, random_state=0).fit_predict(factors)
    spsim_quilt_hard.obs["good"] = good
    spsim_quilt_hard.obs["shuffled"] = random.permutation(good)
    spsim_quilt_hard.obs["stripes"] = (spsim_quilt_hard.obs["x"] // 3).astype(int)
    spsim_quilt_hard.obs["one"] = "all"
    assert_agrees(spsim_quilt_hard, "good", at_least=0.6, above_chance=0.4, of_ceiling=0.6)
    for bad in ("shuffled", "stripes", "one"):
        with pytest.raises(AssertionError, match=r"at_least=.*\n  above_chance=.*\n  of_ceiling=.* is missed by ari"):
            assert_agrees(spsim_quilt_hard, bad, at_least=0.6, above_chance=0.1, of_ceiling=0.6)


def test_one_cluster_is_not_above_chance(spsim_quilt_hard) -> None:
    spsim_quilt_hard.obs["one"] = "all"
    with pytest.raises(AssertionError, match=r"above_chance=0 is missed by ari \(0.000\)"):
        assert_agrees(spsim_quilt_hard, "one", above_chance=0)


def test_where_there_is_nothing_to_see(spsim_null) -> None:
    spsim_null.obs["mine"] = spsim_null.obs["domain"]
    assert_agrees(spsim_null, "mine", at_least=1, above_chance=0.5)
    with pytest.raises(ValueError, match="the ceiling of 'ari' is 0: nobody could agree"):
        assert_agrees(spsim_null, "mine", of_ceiling=0.5)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "give at least one of at_least, above_chance, of_ceiling"),
        ({"at_least": 0}, "at_least must be a finite number above 0, got 0"),
        ({"at_least": 0.5, "score": "arri"}, r"score must be one of 'ari'.*, got 'arri' \(did you mean 'ari'\?\)"),
        ({"at_least": 0.5, "score": "n"}, "score must be one of 'ari'.*, got 'n'"),
    ],
)
def test_what_tests_nothing_is_refused(labelled, given, message) -> None:
    with pytest.raises(ValueError, match=message):
        assert_agrees(labelled, "mine", **given)


def test_a_users_failing_test_shows_their_line_and_the_table(pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["spsim.testing"]')
    pytester.makepyfile(
        """
        from spsim.testing import assert_agrees

        def test_mine(spsim_quilt, spsim_quilt_blind):
            spsim_quilt_blind.obs["mine"] = (spsim_quilt_blind.obs["x"] > 17).astype(str)
            assert_agrees(spsim_quilt_blind, "mine", truth=spsim_quilt, of_ceiling=0.9)
        """
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '> *assert_agrees(spsim_quilt_blind, "mine", truth=spsim_quilt, of_ceiling=0.9)',
            "E *AssertionError: 'mine' agrees too little with the true domains (1296 spots)",
            "E *of_ceiling=0.9 is missed by ari (*)",
            "E *score *ceiling *chance*",
            "E *ari *1.000*",
        ]
    )
    result.stdout.no_fnmatch_line("*_assert_agrees.py*")
