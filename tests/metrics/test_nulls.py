"""Smooth nulls: what they keep, and that they are as smooth as what they stand in for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from spsim.metrics import matched_variogram_null, null_of, permutation_null, smooth_null, toroidal_shift_null

GRID = np.indices((12, 15)).reshape(2, -1).T.astype(float)
GRID.flags.writeable = False
SCATTERED = np.random.default_rng(98).random((180, 2))
NULLS = [toroidal_shift_null, matched_variogram_null, smooth_null]


def smooth_fields(points: np.ndarray, n_fields: int, *, rng: np.random.Generator, reach: float = 0.12) -> np.ndarray:
    """Independent Gaussian fields with a squared exponential covariance, as sums of random waves."""
    waves = rng.normal(size=(n_fields, 200, points.shape[1])) / reach
    phases = rng.uniform(0, 2 * np.pi, size=(n_fields, 200, 1))
    return np.cos(waves @ points.T + phases).sum(axis=1).T


@pytest.fixture
def values() -> np.ndarray:
    fields = smooth_fields(GRID / 15, 3, rng=np.random.default_rng(90))
    fields[:, 2] = fields[:, 2] > 0
    fields.flags.writeable = False
    return fields


@pytest.mark.parametrize("null", NULLS)
def test_draws_rearrange_each_columns_values(null, values):
    draws = list(null(values, GRID, n_draws=3))
    assert len(draws) == 3
    for draw in draws:
        np.testing.assert_array_equal(np.sort(draw, axis=0), np.sort(values, axis=0))
        assert all((draw[:, column] != values[:, column]).any() for column in range(3))
    assert (draws[0] != draws[1]).any()


@pytest.mark.parametrize("null", NULLS)
def test_draws_are_seeded(null, values):
    first, again, other = (next(null(values, GRID, n_draws=1, rng=seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize("null", NULLS)
def test_constants_stay_constant(null):
    np.testing.assert_array_equal(next(null(np.full((180, 1), 3.0), GRID)), 3)


def test_shift_is_a_roll_of_the_picture(values):
    draws = list(toroidal_shift_null(values, GRID * 2 - 7, n_draws=5))
    assert len(draws) == 5
    for draw in draws:
        for before, after in zip(values.T.reshape(3, 12, 15), draw.T.reshape(3, 12, 15), strict=True):
            rolls = [np.roll(before, (dy, dx), axis=(0, 1)) for dy in range(12) for dx in range(15)]
            hits = [i for i, roll in enumerate(rolls) if (roll == after).all()]
            assert hits
            assert hits != [0]


def test_shift_does_not_depend_on_row_order(values):
    rows = np.random.default_rng(91).permutation(180)
    plain = next(toroidal_shift_null(values, GRID))
    np.testing.assert_array_equal(next(toroidal_shift_null(values[rows], GRID[rows])), plain[rows])


def test_every_offset_but_none_is_used():
    line = np.arange(5.0)[:, None]
    firsts = {int(draw[0, 0]) for draw in toroidal_shift_null(line, line, n_draws=200)}
    assert firsts == {1, 2, 3, 4}


def mean_chance(fields: np.ndarray, others: np.ndarray) -> float:
    fields, others = ((x - x.mean(axis=0)) / x.std(axis=0) for x in (fields, others))
    return float(np.abs(fields.T @ others / len(fields)).mean())


@pytest.mark.parametrize("where", ["scattered", "lattice"])
@pytest.mark.parametrize("kind", ["graded", "yes-or-no"])
def test_matched_variogram_gives_the_chance_of_independent_smooth_fields(where, kind):
    """Ratio to the true chance was 0.83 to 0.99 with a standard deviation near 0.04 over seeds.

    Bounds 0.7 and 1.2 are more than three of those away: under 1 seed in 300 fails. White noise must fall far below.
    """
    rng = np.random.default_rng(92)
    points = rng.random((500, 2)) if where == "scattered" else np.indices((22, 22)).reshape(2, -1).T / 22
    fields = smooth_fields(points, 30, rng=rng)
    if kind == "yes-or-no":
        fields = (fields > np.quantile(fields, 0.8, axis=0)).astype(float)
    own, others = fields[:, :10], fields[:, 10:]
    true = mean_chance(own, others)
    draws = np.column_stack(list(matched_variogram_null(own, points, n_draws=10)))
    assert 0.7 < mean_chance(draws, others) / true < 1.2
    white = rng.permuted(np.tile(own, 10), axis=0)
    assert mean_chance(white, others) / true < 0.5


def test_matched_variogram_keeps_the_autocorrelation_of_a_smooth_field():
    rng = np.random.default_rng(93)
    grid = np.indices((30, 30)).reshape(2, -1).T / 30
    field = smooth_fields(grid, 1, rng=rng, reach=0.08)

    def neighbours(column) -> float:
        picture = column.reshape(30, 30)
        return float(np.corrcoef(picture[1:].ravel(), picture[:-1].ravel())[0, 1])

    drawn = np.mean([neighbours(draw) for draw in matched_variogram_null(field, grid, n_draws=20)])
    assert drawn == pytest.approx(neighbours(field), abs=0.1)
    assert abs(neighbours(rng.permutation(field))) < 0.2


def test_matched_variogram_of_white_noise_is_white():
    """The mean of 2,000 absolute correlations has a relative standard error near 3 %: 20 % is six of those."""
    rng = np.random.default_rng(94)
    points, noise = rng.random((400, 2)), rng.normal(size=(400, 40))
    draws = np.column_stack(list(matched_variogram_null(noise[:, :10], points, n_draws=10)))
    assert mean_chance(draws, noise[:, 10:]) == pytest.approx(np.sqrt(2 / np.pi / 400), rel=0.2)


def test_fields_in_one_and_three_dimensions_and_with_coinciding_spots():
    rng = np.random.default_rng(95)
    for points in (rng.random((40, 1)), rng.random((60, 3)), np.repeat(rng.random((20, 2)), 3, axis=0)):
        values = smooth_fields(points, 2, rng=rng, reach=0.5)
        draws = list(matched_variogram_null(values, points, n_draws=40))
        np.testing.assert_array_equal(np.sort(draws[0], axis=0), np.sort(values, axis=0))
        rough = [rng.permuted(values, axis=0) for _ in draws]
        assert np.mean([likeness(draw, points) for draw in draws]) > 0.3
        assert abs(np.mean([likeness(draw, points) for draw in rough])) < 0.15


def likeness(values, points) -> float:
    """Correlation of each spot's values with those of the nearest other spot, columns centred."""
    values = values - values.mean(axis=0)
    near = cKDTree(points).query(points, k=2)[1]
    other = np.where(near[:, 0] == np.arange(len(points)), near[:, 1], near[:, 0])
    return float(np.corrcoef(values.ravel(), values[other].ravel())[0, 1])


@pytest.mark.parametrize(
    ("points", "name"), [(GRID, "toroidal_shift"), (GRID[1:], "toroidal_shift"), (SCATTERED, "matched_variogram")]
)
def test_smooth_null_takes_what_fits_the_coordinates(values, points, name):
    own = values[-len(points) :]
    null = {"toroidal_shift": toroidal_shift_null, "matched_variogram": matched_variogram_null}[name]
    assert null_of(points) == name
    np.testing.assert_array_equal(next(smooth_null(own, points)), next(null(own, points)))


def test_without_places_columns_are_shuffled(values):
    assert null_of(None) == "permutation"
    draw, other = smooth_null(values, None, n_draws=2, rng=3)
    np.testing.assert_array_equal(draw, next(permutation_null(values, rng=3)))
    np.testing.assert_array_equal(np.sort(draw, axis=0), np.sort(values, axis=0))
    assert (draw != other).any() and abs(likeness(draw, GRID)) < 0.2 < likeness(values, GRID)


def test_bad_input_is_refused_at_the_call(values):
    with pytest.raises(
        ValueError, match="coordinates must fill a rectangular or hexagonal lattice, with at most a quarter"
    ):
        toroidal_shift_null(values, SCATTERED)
    with pytest.raises(ValueError, match="values and coordinates must have the same number of rows, got 179 and 180"):
        matched_variogram_null(values[1:], GRID)
    with pytest.raises(ValueError, match="n_draws must be a whole number of at least 1, got 0"):
        toroidal_shift_null(values, GRID, n_draws=0)
    with pytest.raises(ValueError, match="coordinates must hold at least 2 spots, got 1"):
        toroidal_shift_null([[1.0]], [[0.0, 0.0]])
