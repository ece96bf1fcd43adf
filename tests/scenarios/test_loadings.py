"""Loadings: what each kind of feature loads on."""

from __future__ import annotations

import numpy as np
import pytest

from spsim._random import seed_sequence, stream
from spsim.scenarios._loadings import feature_kinds, nonspatial_loadings, spatial_loadings
from spsim.scenarios._nonspatial import nonspatial_factors

SOURCE = stream(seed_sequence(0), "rna")
WEIGHTS = {"full_weight": 20.0, "spatial_fraction": 0.55, "source": SOURCE}


def test_weights_by_kind() -> None:
    kinds = feature_kinds(30, 40, 50)
    spatial = spatial_loadings(kinds, range(4), 4, **WEIGHTS)
    nonspatial = nonspatial_loadings(kinds, 3, **WEIGHTS)
    assert set(spatial[:30].max(axis=1)) == {20} and not nonspatial[:30].any()
    assert set(spatial[30:70].max(axis=1)) == {np.float32(11)} and set(nonspatial[30:70].max(axis=1)) == {np.float32(9)}
    assert not spatial[70:].any() and set(nonspatial[70:].max(axis=1)) == {20}
    assert ((spatial > 0).sum(axis=1) <= 1).all() and ((nonspatial > 0).sum(axis=1) <= 1).all()


def test_inactive_factors_have_zero_columns() -> None:
    loadings = spatial_loadings(feature_kinds(500, 0, 0), [0, 2], 4, **WEIGHTS)
    assert (loadings > 0).any(axis=0).tolist() == [True, False, True, False]


def test_choice_is_uniform() -> None:
    counts = (spatial_loadings(feature_kinds(40_000, 0, 0), range(4), 4, **WEIGHTS) > 0).sum(axis=0)
    # Chi-square with 3 degrees of freedom: 23.0 is the 4e-5 quantile; a choice that is 5 percent off gives 50.
    assert ((counts - 10_000) ** 2 / 10_000).sum() < 23
    assert (((counts * [1.05, 0.95, 1.05, 0.95]) - 10_000) ** 2 / 10_000).sum() > 23


def test_spatial_and_nonspatial_choice_are_independent() -> None:
    kinds = feature_kinds(0, 20_000, 0)
    table = np.histogram2d(
        spatial_loadings(kinds, range(4), 4, **WEIGHTS).argmax(axis=1),
        nonspatial_loadings(kinds, 3, **WEIGHTS).argmax(axis=1),
        bins=(4, 3),
    )[0]
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    # Chi-square with 6 degrees of freedom: 29.9 is the 4e-5 quantile.
    assert ((table - expected) ** 2 / expected).sum() < 29.9


@pytest.mark.parametrize("probability", [0.0, 0.2, 1.0])
def test_probability_of_a_nonspatial_factor(probability) -> None:
    factors = nonspatial_factors(10_000, 3, probability, SOURCE)
    error = np.sqrt(probability * (1 - probability) / factors.size)
    assert abs(factors.mean() - probability) <= 4.5 * error  # false-alarm rate 7e-6


def test_nonspatial_factors_do_not_follow_the_loadings() -> None:
    """Townes & Engelhardt's simulator seeds both alike: there a feature's factor predicts U. Here nothing does."""
    loadings = nonspatial_loadings(feature_kinds(0, 0, 9_000), 3, **WEIGHTS).argmax(axis=1)
    switches = nonspatial_factors(3_000, 3, 0.2, SOURCE).ravel()
    # Correlation of 9,000 pairs: 4.5 standard errors.
    assert abs(np.corrcoef(loadings, switches)[0, 1]) < 4.5 / np.sqrt(9_000)


def test_more_rows_and_features_extend() -> None:
    few = spatial_loadings(np.zeros(50, int), range(4), 4, **WEIGHTS)
    many = spatial_loadings(np.zeros(80, int), range(4), 4, **WEIGHTS)
    assert np.array_equal(few, many[:50])
    assert np.array_equal(nonspatial_factors(20, 3, 0.2, SOURCE), nonspatial_factors(30, 3, 0.2, SOURCE)[:20])
