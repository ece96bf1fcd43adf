"""Chance and ceiling of factor recovery."""

from __future__ import annotations

import numpy as np
import pytest

from spsim.metrics import (
    chance_level,
    factor_ceiling,
    factor_chance,
    factor_recovery,
    smooth_null,
    toroidal_shift_null,
    variance_recovered,
)

GRID = np.indices((36, 36)).reshape(2, -1).T / 36.0


def smooth(n_columns: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    waves, phases = rng.normal(size=(n_columns, 200, 2)) / 0.12, rng.uniform(0, 7, size=(n_columns, 200, 1))
    return np.cos(waves @ GRID.T + phases).sum(axis=1).T


def test_factor_chance_is_the_score_of_the_nulls():
    estimate, truth = smooth(4, 1), smooth(3, 2)
    for points in (GRID, np.delete(GRID, 0, axis=0)):
        rows = slice(-len(points), None)
        chance = factor_chance(estimate[rows], truth[rows], points, n_draws=7, rng=5)
        nulls = smooth_null(estimate[rows], points, n_draws=7, rng=5)
        scores = np.array([factor_recovery(null, truth[rows]).score for null in nulls])
        np.testing.assert_allclose(chance.draws, scores, atol=1e-12)
        np.testing.assert_allclose(chance.mean, scores.mean(axis=0), atol=1e-12)
        np.testing.assert_allclose(chance.p95, np.quantile(scores, 0.95, axis=0), atol=1e-12)
        assert chance.n_draws == 7


def test_defaults_are_a_hundred_draws_of_seed_0():
    estimate, truth = smooth(2, 1), smooth(2, 2)
    chance = factor_chance(estimate, truth, GRID)
    assert chance.n_draws == len(chance.draws) == 100
    np.testing.assert_array_equal(chance.draws, factor_chance(estimate, truth, GRID, n_draws=100, rng=0).draws)
    assert (chance.draws != factor_chance(estimate, truth, GRID, n_draws=100, rng=1).draws).any()


def test_percentiles_are_the_95th_and_draws_are_counted():
    chance = chance_level(lambda null: null, range(201))
    assert (chance.mean, chance.p95, chance.n_draws) == (100, 190, 201)
    one = chance_level(lambda null: null, [3.0])
    assert (one.mean, one.p95, one.n_draws) == (3, 3, 1)


def test_an_unrelated_estimate_scores_at_its_chance_and_white_noise_would_not_tell():
    """Of 8 unrelated estimates with 3 factors each, 24 scores: above their 95th percentile 1.2 are expected.

    More than 5 happens once in 400 runs were they independent. A white null puts nearly all of them above it.
    """
    truth, n_above, n_above_white = smooth(3, 3), 0, 0
    rng = np.random.default_rng(4)
    for seed in range(10, 18):
        estimate = smooth(3, seed)
        score = factor_recovery(estimate, truth).score
        n_above += (score > factor_chance(estimate, truth, GRID, n_draws=60).p95).sum()
        white = chance_level(
            lambda null: factor_recovery(null, truth).score, (rng.permuted(estimate, axis=0) for _ in range(60))
        )
        n_above_white += (score > white.p95).sum()
    assert n_above <= 5
    assert n_above_white >= 14


def test_chance_of_smooth_fields_is_far_above_that_of_white_noise():
    # 9 factors on 1,296 spots: about 0.27 for smooth fields, 0.045 for white noise.
    truth = smooth(9, 5)
    noise = np.random.default_rng(6).normal(size=(1296, 9))
    assert factor_chance(smooth(9, 7), truth, GRID, n_draws=20).mean.mean() > 0.15
    assert factor_chance(noise, truth, GRID, n_draws=20).mean.mean() == pytest.approx(0.045, abs=0.015)


def test_more_components_raise_the_chance():
    truth = smooth(3, 8)
    few, many = (factor_chance(smooth(k, 9), truth, GRID, n_draws=30).mean.mean() for k in (3, 15))
    assert many > few + 0.05


def test_constant_components_have_no_chance():
    chance = factor_chance(np.ones((1296, 2)), smooth(2, 11), GRID, n_draws=3)
    np.testing.assert_array_equal(chance.draws, 0)


def test_chance_level_takes_any_score():
    estimate, truth = smooth(2, 12), smooth(2, 13)
    nulls = list(toroidal_shift_null(estimate, GRID, n_draws=5))
    chance = chance_level(lambda null: variance_recovered(null, truth), nulls)
    np.testing.assert_allclose(chance.mean, np.mean([variance_recovered(null, truth) for null in nulls], axis=0))
    single = chance_level(lambda null: factor_recovery(null, truth).minimum, nulls)
    assert single.mean.shape == ()
    assert single.draws.shape == (5,)


def test_ceiling_is_one_for_what_is_seen_and_chance_for_the_rest():
    np.testing.assert_array_equal(factor_ceiling([True, False]), [1, 0])
    np.testing.assert_array_equal(factor_ceiling(np.array([True, False]), chance=0.3), [1, 0.3])
    np.testing.assert_array_equal(factor_ceiling([False, True], chance=[0.1, 0.2]), [0.1, 1])


def test_bad_input_is_refused():
    truth = smooth(2, 14)
    with pytest.raises(ValueError, match="estimate and truth and coordinates must have the same number of rows"):
        factor_chance(truth[1:], truth, GRID)
    with pytest.raises(ValueError, match="nulls must hold at least one draw, got none"):
        chance_level(lambda null: 0, [])
    with pytest.raises(TypeError, match="visible must be a boolean vector, got dtype int64"):
        factor_ceiling([1, 0])
    with pytest.raises(ValueError, match=r"chance must be one number or have shape \(2,\) like visible, got \(3,\)"):
        factor_ceiling([True, False], chance=[0.1, 0.2, 0.3])
