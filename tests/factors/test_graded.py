"""Graded loadings: their mean, their spread, and features of two factors."""

from __future__ import annotations

import math

import numpy as np
import pytest

import spsim as sps
from effect_worlds import made, source
from spsim.factors import Graded

ERRORS = 4.5  # of a normal estimate: false-alarm rate 7e-6
N = 4000


def drawn(rule, *, n_columns=4) -> np.ndarray:
    """Loadings of 3 seeds after each other."""
    return np.vstack([rule.loadings(N, n_columns, source(seed)) for seed in range(3)]).astype(float)


@pytest.mark.parametrize(("weight", "concentration"), [(1.0, 3.0), (5.0, 0.7), (2.0, 50.0)])
def test_weights_have_their_mean_and_spread(weight, concentration) -> None:
    """12,000 Gamma deviates of variance 1 / a; that of a variance is (2 + 6 / a) / n relative to it."""
    values = drawn(Graded(weight=weight, concentration=concentration)).max(axis=1)
    n = len(values)
    error = ERRORS * np.sqrt(1 / (concentration * n))
    assert abs(values.mean() / weight - 1) < error
    spread = ERRORS * np.sqrt((2 + 6 / concentration) / n)
    variance = (values / weight).var() * concentration
    assert abs(variance - 1) < spread < abs(1.5 * variance - 1)  # 1.5 times the variance fails


def test_weights_of_gamma_are_not_normal() -> None:
    """The skewness of a Gamma distribution is 2 / sqrt(a); standard error below 0.1 for a = 1."""
    values = drawn(Graded(concentration=1.0)).max(axis=1)
    skewness = ((values - values.mean()) ** 3).mean() / values.std() ** 3
    assert 1.6 < skewness < 2.4


@pytest.mark.parametrize("overlap", [0.0, 0.3, 1.0])
def test_a_share_of_the_features_responds_to_a_second_factor(overlap) -> None:
    loadings = drawn(Graded(overlap=overlap))
    n_on = (loadings > 0).sum(axis=1)
    assert set(n_on) <= {1, 2}
    error = ERRORS * np.sqrt(overlap * (1 - overlap) / len(n_on)) + 1e-12
    assert abs((n_on == 2).mean() - overlap) < error
    if 0 < overlap < 1:
        assert abs((n_on == 2).mean() - 0.75 * overlap) > error  # a wrong variant: the second may be the first


def test_first_and_second_factors_are_uniform() -> None:
    loadings = drawn(Graded(concentration=math.inf, overlap=1.0, weight=2.0))
    assert set(np.unique(loadings)) == {0.0, 2.0}
    pairs = np.triu((loadings > 0).T.astype(float) @ (loadings > 0), 1)
    shares = pairs[np.triu_indices(4, 1)] / len(loadings)
    assert np.abs(shares - 1 / 6).max() < ERRORS * np.sqrt(5 / 36 / len(loadings))


def test_no_weight_no_factor_and_a_single_one() -> None:
    assert not drawn(Graded(weight=0, overlap=0.5)).any()
    assert drawn(Graded(overlap=0.5), n_columns=0).shape == (3 * N, 0)
    one = drawn(Graded(overlap=1.0), n_columns=1)
    assert (one > 0).all() and abs(one.mean() - 1) < ERRORS / np.sqrt(3 * len(one))


def test_fewer_features_are_a_prefix_and_overlap_changes_no_first_factor() -> None:
    few, many = (Graded(overlap=0.3).loadings(n, 4, source()) for n in (10, 90))
    assert np.array_equal(few, many[:10])
    none, some = (Graded(overlap=o).loadings(90, 4, source()) for o in (0.0, 0.3))
    assert np.array_equal(none[none > 0], some[none > 0])


def test_under_spatial_it_scales_what_the_kind_says() -> None:
    rule = {"loadings": {"spatial": Graded(concentration=math.inf)}}
    adata = made(n_spatial=30, n_mixed=20, n_nonspatial=10, expression_mean=20, spatial_fraction=0.25, **rule)["rna"]
    weights = adata.varm["spatial_loadings"].max(axis=1)
    assert np.array_equal(weights, np.repeat(np.float32([20, 5, 0, 0]), [30, 20, 10, 10]))
    assert "spatial_factor" not in adata.var  # a feature may respond to two
    assert np.array_equal(
        made(n_spatial=30)["rna"].varm["nonspatial_loadings"],
        made(n_spatial=30, **rule)["rna"].varm["nonspatial_loadings"],
    )


def test_only_active_factors_are_loaded_on() -> None:
    rule = {"loadings": {"spatial": Graded(overlap=0.9)}}
    loadings = made(n_spatial=200, active_factors=["block_1", "block_4"], **rule)["rna"].varm["spatial_loadings"]
    assert (loadings != 0).any(axis=0).tolist() == [True, False, False, True]


def test_under_the_logarithm_it_goes_up_and_down() -> None:
    fields = {"n_spatial": 200, "n_mixed": 0, "n_flat": 0, "link": "log", "loadings": {"spatial": Graded(overlap=0.5)}}
    loadings = made(**fields)["rna"].varm["spatial_loadings"]
    signs = [set(np.sign(row[row != 0])) for row in loadings]
    assert all(len(own) == 1 for own in signs) and {-1.0, 1.0} == set().union(*signs)


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"weight": -1}, ValueError, "weight must be a finite number of at least 0"),
        ({"concentration": 0}, ValueError, "concentration must be"),
        ({"concentration": "a"}, (TypeError, ValueError), "concentration must be"),
        ({"overlap": 1.5}, ValueError, "overlap must be a probability"),
        ({"confuse": "ab"}, TypeError, "confuse must be a list of pairs of names"),
    ],
)
def test_bad_values_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Graded(**fields)


def test_infinity_goes_through_json() -> None:
    scenario = sps.Scenario(modalities=[{"name": "rna", "loadings": {"spatial": Graded(concentration=math.inf)}}])
    assert sps.Scenario.from_json(scenario.to_json()) == scenario
