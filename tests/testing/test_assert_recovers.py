"""Thresholds for factors: each holds up to its value, and a failure says what failed."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.spatial import cKDTree
from sklearn.decomposition import NMF

import spsim as sps
from spsim.testing import assert_recovers
from spsim.testing._recipes import fresh

pytest_plugins = ["pytester", "spsim.testing"]
ROUNDING = 1e-9
KEYS = ("at_least", "above_chance", "of_ceiling")


@pytest.fixture
def estimated(spsim_multiomics):
    """Noisy factors of all modalities at the top, and of RNA (which does not show block_2) in the modality."""
    noisy = spsim_multiomics.obsm["spatial_factors"] + np.random.default_rng(0).normal(0, 0.3, (1296, 4))
    spsim_multiomics.obsm["X_mine"] = noisy[:, ::-1]
    spsim_multiomics["rna"].obsm["X_mine"] = noisy[:, [0, 2, 3]]
    return spsim_multiomics


def reached(mdata, key, columns):
    """What the worst factor reaches per threshold, by the metrics alone."""
    modality, _, own_key = key.rpartition(":")
    estimate = (mdata[modality] if modality else mdata).obsm[own_key]
    truth = mdata.obsm["spatial_factors"]
    score = sps.metrics.factor_recovery(estimate, truth).score
    chance = sps.metrics.factor_chance(estimate, truth, mdata.obsm["spatial"]).p95
    return {
        "at_least": score.min(),
        "above_chance": (score - chance)[columns].min(),
        "of_ceiling": score[columns].min(),
    }


@pytest.mark.parametrize("name", KEYS)
def test_a_threshold_holds_up_to_its_value(estimated, name) -> None:
    value = reached(estimated, "X_mine", [0, 1, 2, 3])[name]
    assert_recovers(estimated, "X_mine", **{name: value - ROUNDING})
    with pytest.raises(AssertionError, match=f"{name}=.* is missed by block_"):
        assert_recovers(estimated, "X_mine", **{name: value + ROUNDING})


@pytest.mark.parametrize("name", ["above_chance", "of_ceiling"])
def test_what_a_modality_does_not_show_is_not_asked_of_it(estimated, name) -> None:
    value = reached(estimated, "rna:X_mine", [0, 2, 3])[name]
    assert value > 0.3
    assert_recovers(estimated, "rna:X_mine", **{name: value - ROUNDING})
    assert_recovers(estimated["rna"], "X_mine", **{name: value - ROUNDING})
    with pytest.raises(
        AssertionError, match=r"missed by block_[134] \(.*\n  not visible in what it was made from: block_2"
    ):
        assert_recovers(estimated, "rna:X_mine", **{name: value + ROUNDING})


def test_at_least_is_for_all_factors(estimated) -> None:
    assert_recovers(estimated, "X_mine", at_least=0.7)
    message = r"at_least=0.7 is missed by block_2 \(0.000\)\n  not visible in what it was made from: block_2"
    with pytest.raises(AssertionError, match=message):
        assert_recovers(estimated, "rna:X_mine", at_least=0.7)


def test_all_that_is_given_must_hold(estimated) -> None:
    assert_recovers(estimated, "X_mine", at_least=0.7, above_chance=0.1, of_ceiling=0.7)
    with pytest.raises(AssertionError) as caught:
        assert_recovers(estimated, "X_mine", at_least=0.99, above_chance=0.1, of_ceiling=0.98)
    message = str(caught.value)
    assert "at_least=0.99 is missed by block_1 (0." in message and "of_ceiling=0.98 is missed by block_1" in message
    assert "above_chance=" not in message and "not visible" not in message


def test_a_failure_shows_the_table(estimated) -> None:
    with pytest.raises(AssertionError) as caught:
        assert_recovers(estimated, "X_mine", at_least=1)
    table = sps.tl.factor_recovery(estimated, "X_mine", copy=True)
    lines = str(caught.value).splitlines()
    assert lines[0] == "'X_mine' recovers too little of the truth (1296 spots)"
    assert lines[3].split() == ["score", "one_sided", "match", "variance_recovered", "chance_p95", "ceiling"]
    for line, (factor, row) in zip(lines[4:], table.iterrows(), strict=True):
        assert line.split()[:2] == [factor, f"{row['score']:.3f}"]


@pytest.mark.parametrize("truth_is_given", [True, False])
def test_nothing_is_written(estimated, truth_is_given) -> None:
    before = set(estimated.uns), set(estimated["rna"].uns)
    assert_recovers(estimated, "rna:X_mine", truth=estimated if truth_is_given else None, of_ceiling=0.5)
    assert (set(estimated.uns), set(estimated["rna"].uns)) == before


def test_truth_of_another_object_is_aligned_by_name(estimated) -> None:
    blind = sps.get.without_truth(estimated["rna"])[::-1].copy()
    blind.obsm["X_mine"] = estimated["rna"].obsm["X_mine"][::-1]
    assert_recovers(blind, "X_mine", truth=estimated["rna"], of_ceiling=0.7)
    blind.obs_names = blind.obs_names[::-1]
    with pytest.raises(AssertionError, match="recovers too little"):
        assert_recovers(blind, "X_mine", truth=estimated["rna"], of_ceiling=0.7)


@cache
def factors_of(n_neighbors):
    """Non-negative factors of the hard quilt's counts, averaged over the nearest spots."""
    adata = fresh("spsim_quilt_hard")["rna"]
    _, neighbors = cKDTree(adata.obsm["spatial"]).query(adata.obsm["spatial"], range(1, n_neighbors + 1))
    counts = adata.X[neighbors].mean(axis=1)
    return NMF(4, init="nndsvda", max_iter=500, tol=1e-3, random_state=0).fit_transform(counts)


BAD = {
    "spots out of order": lambda: np.random.default_rng(0).permutation(factors_of(5)),
    "coordinates": lambda: fresh("spsim_quilt_hard").obsm["spatial"],
    "white noise": lambda: np.random.default_rng(0).normal(size=(1296, 50)),
    "a constant": lambda: np.ones((1296, 4)),
    "one factor lost": lambda: factors_of(5)[:, :3],
    "one factor for all": lambda: factors_of(5)[:, [0, 0, 0, 0]],
    "neighbours left out": lambda: factors_of(1),
}


def test_a_good_method_passes_on_hard_data(spsim_quilt_hard, spsim_quilt_hard_blind) -> None:
    spsim_quilt_hard_blind.obsm["X_mine"] = factors_of(5)
    assert_recovers(spsim_quilt_hard_blind, "X_mine", truth=spsim_quilt_hard, at_least=0.73, above_chance=0.1)


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_method_fails_on_hard_data(spsim_quilt_hard, spsim_quilt_hard_blind, name) -> None:
    spsim_quilt_hard_blind.obsm["X_mine"] = BAD[name]()
    with pytest.raises(AssertionError, match="at_least=0.73 is missed by"):
        assert_recovers(spsim_quilt_hard_blind, "X_mine", truth=spsim_quilt_hard, at_least=0.73)


@pytest.mark.parametrize(
    "name", ["spots out of order", "coordinates", "white noise", "a constant", "one factor for all"]
)
def test_a_method_that_knows_nothing_is_not_above_chance(spsim_quilt_hard, spsim_quilt_hard_blind, name) -> None:
    spsim_quilt_hard_blind.obsm["X_mine"] = BAD[name]()
    with pytest.raises(AssertionError, match="above_chance=0 is missed by"):
        assert_recovers(spsim_quilt_hard_blind, "X_mine", truth=spsim_quilt_hard, above_chance=0)


def test_default_data_hide_what_hard_data_show(spsim_quilt) -> None:
    neighbors_left_out = NMF(4, init="nndsvda", max_iter=500, tol=1e-3, random_state=0).fit_transform(
        spsim_quilt["rna"].X
    )
    spsim_quilt.obsm["X_mine"] = neighbors_left_out
    assert_recovers(spsim_quilt, "X_mine", at_least=0.73)


def test_where_there_is_nothing_to_recover(spsim_null) -> None:
    spsim_null.obsm["X_mine"] = spsim_null.obsm["spatial_factors"]
    assert_recovers(spsim_null, "X_mine", at_least=0.9)
    for name in ("above_chance", "of_ceiling"):
        with pytest.raises(ValueError, match="no factor is visible in what 'X_mine' was made from"):
            assert_recovers(spsim_null, "X_mine", at_least=0.9, **{name: 0.9})


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (
            {},
            ValueError,
            "give at least one of at_least, above_chance, of_ceiling: without a threshold nothing is tested",
        ),
        ({"at_least": 0}, ValueError, "at_least must be a finite number above 0, got 0"),
        ({"of_ceiling": -0.1}, ValueError, "of_ceiling must be a finite number above 0, got -0.1"),
        ({"above_chance": -0.1}, ValueError, "above_chance must be a finite number of at least 0, got -0.1"),
        ({"at_least": np.nan}, ValueError, "at_least must be a finite number above 0, got nan"),
        ({"at_least": "high"}, TypeError, "at_least must be a finite number above 0, got 'high'"),
        ({"at_least": True}, TypeError, "at_least must be a finite number above 0, got True"),
    ],
)
def test_thresholds_that_test_nothing_are_refused(estimated, given, error, message) -> None:
    with pytest.raises(error, match=message):
        assert_recovers(estimated, "X_mine", **given)


def test_an_unknown_key_is_no_failed_assertion(estimated) -> None:
    with pytest.raises(KeyError, match=r"no 'X_min'; there are 'X_mine', 'rna:X_mine'"):
        assert_recovers(estimated, "X_min", at_least=0.1)


def test_a_users_failing_test_shows_their_line_and_the_table(pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["spsim.testing"]')
    pytester.makepyfile(
        """
        from spsim.testing import assert_recovers

        def test_mine(spsim_quilt, spsim_quilt_blind):
            spsim_quilt_blind.obsm["X_mine"] = spsim_quilt_blind["rna"].X[:, :4]
            assert_recovers(spsim_quilt_blind, "X_mine", truth=spsim_quilt, at_least=0.9)
        """
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '> *assert_recovers(spsim_quilt_blind, "X_mine", truth=spsim_quilt, at_least=0.9)',
            "E *AssertionError: 'X_mine' recovers too little of the truth (1296 spots)",
            "E *at_least=0.9 is missed by squares (0.*",
            "E *score *ceiling",
            "E *squares *0.*",
        ]
    )
    result.stdout.no_fnmatch_line("*_assert_recovers.py*")
