"""Gaussian fields: marginals and variograms against theory, the interpolation error against what is stated.

False alarms: variograms are averaged over 16 independent fields; a mean farther than 6 standard errors from theory (t
with 15 degrees of freedom) has probability 2.4e-5 for each of at most 6 lags. Seeds are fixed.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import scipy.stats
from scipy.special import ndtri

from spsim._random import seed_sequence, stream
from spsim.patterns import Coordinates, GaussianProcess, Grid, Hexagonal, Uniform, _gaussian_field
from spsim.patterns._lattice import Lattice, own_lattice
from spsim.patterns._matern import REACH, Matern

SOURCE = stream(seed_sequence(3), "pattern")
SMOOTHNESS = (0.5, 1.5, 2.5, math.inf)
N_FIELDS = 16
# Largest errors of a correlation by interpolation, as _gaussian_field states them.
STATED = {0.5: 0.022, 1.5: 0.003, 2.5: 0.002, math.inf: 0.001}


def normal_fields(layout, **fields) -> np.ndarray:
    pattern = GaussianProcess(n_factors=N_FIELDS, **fields)
    return ndtri(np.clip(pattern.factors(layout.sites(SOURCE), SOURCE).astype(float), 2**-24, 1 - 2**-24))


def departures(variograms, expected) -> list[int]:
    """Lags, by number, at which the mean over fields is not what theory says; variograms are fields × lags."""
    error = variograms.std(axis=0, ddof=1) / np.sqrt(len(variograms))
    return np.flatnonzero(np.abs(variograms.mean(axis=0) - expected) > 6 * error).tolist()


def bessel(distance, smoothness) -> np.ndarray:
    """Matérn correlation from its definition; the squared exponential is its limit."""
    if smoothness == math.inf:
        return np.exp(-(distance**2) / 2)
    scaled = np.sqrt(2 * smoothness) * distance
    return 2 ** (1 - smoothness) / math.gamma(smoothness) * scaled**smoothness * scipy.special.kv(smoothness, scaled)


@pytest.mark.parametrize("smoothness", SMOOTHNESS)
def test_correlations_are_materns(smoothness) -> None:
    matern, distance = Matern(length_scale=2.5, smoothness=smoothness), np.geomspace(0.01, 40, 60)
    assert np.allclose(matern.correlation(distance), bessel(distance / 2.5, smoothness), atol=1e-12)
    assert matern.correlation(np.zeros(1)) == 1
    assert 0.8e-4 < matern.correlation(np.array(matern.reach)) < 1e-4


@pytest.mark.parametrize("smoothness", SMOOTHNESS)
@pytest.mark.parametrize(
    "layout", [Grid(n_rows=40, n_columns=25), Hexagonal(n_rows=30, n_columns=20, spacing=2, spot_diameter=1)]
)
def test_the_torus_has_the_correlations_of_the_plane(smoothness, layout) -> None:
    """Exactly, for all lags in the box: no draw enters."""
    sites, matern = layout.sites(SOURCE), Matern(length_scale=4, smoothness=smoothness)
    lattice = own_lattice(sites.coordinates, sites.lower, sites.upper, matern.reach)
    places = lattice.index(sites.coordinates)
    assert np.allclose(places, np.rint(places)) and places.min() >= 0
    spectrum = _gaussian_field._amplitude(lattice, matern) ** 2
    torus = np.fft.irfftn(spectrum, s=lattice.shape, axes=(0, 1))
    inside = np.rint(places.max(axis=0)).astype(int) + 1
    lags = np.hypot(*(np.indices(inside) * lattice.steps[:, None, None]))
    error = np.abs(torus[: inside[0], : inside[1]] - matern.correlation(lags))
    assert error.max() < 2.5e-4 and error[0, 0] < 1e-4
    wrong = Matern(length_scale=8, smoothness=smoothness).correlation(lags)
    assert np.abs(torus[: inside[0], : inside[1]] - wrong).max() > 0.1


@pytest.mark.parametrize("smoothness", SMOOTHNESS)
def test_variograms_on_a_lattice_are_as_asked(smoothness) -> None:
    shape, length_scale = (150, 130), 4.0
    fields = normal_fields(Grid(n_rows=150, n_columns=130), length_scale=length_scale, smoothness=smoothness)
    maps = fields.T.reshape(N_FIELDS, *shape)
    lags = [(0, 1), (2, 0), (3, 3), (0, 6), (10, 0)]
    variograms = np.array(
        [[np.mean((m[i:, j:] - m[: shape[0] - i, : shape[1] - j]) ** 2) / 2 for i, j in lags] for m in maps]
    )
    distances = np.hypot(*np.transpose(lags))
    assert departures(variograms, 1 - bessel(distances / length_scale, smoothness)) == []
    assert departures(variograms, 1 - bessel(distances / (2 * length_scale), smoothness)) != []
    other = 1.5 if smoothness == 0.5 else 0.5
    assert departures(variograms, 1 - bessel(distances / length_scale, other)) != []


@pytest.mark.parametrize("smoothness", SMOOTHNESS)
def test_variograms_of_scattered_spots_are_as_asked(smoothness) -> None:
    """Pairs of spots at chosen distances in random directions, within the stated error of interpolation."""
    rng, length_scale = np.random.default_rng(1), 30.0
    distances = np.array([2.0, 10.0, 30.0, 75.0])
    start, turn = rng.uniform(100, 800, (4000, 2)), rng.uniform(0, 2 * np.pi, 4000)
    lag = np.tile(distances, 1000)
    other = start + lag[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])
    layout = Coordinates(coordinates=np.vstack([start, other]))
    fields = normal_fields(layout, length_scale=length_scale, smoothness=smoothness)
    squares = (fields[:4000] - fields[4000:]) ** 2 / 2
    variograms = squares.reshape(1000, 4, N_FIELDS).mean(axis=0).T
    error = variograms.std(axis=0, ddof=1) / np.sqrt(N_FIELDS)

    def fits(scale) -> bool:
        difference = np.abs(variograms.mean(axis=0) - (1 - bessel(distances / scale, smoothness)))
        return bool((difference < 6 * error + STATED[smoothness]).all())

    assert fits(length_scale) and not fits(2 * length_scale)


def interpolated_correlation(first, second, matern) -> np.ndarray:
    """Correlation of two linearly interpolated and scaled values, from the corners of their cells."""
    corners = np.array(list(itertools.product((0, 1), repeat=2)))

    def covariance(left, right) -> np.ndarray:
        total = 0.0
        for a, b in itertools.product(corners, repeat=2):
            (i, u), (j, v) = ((np.floor(x / matern.step), x / matern.step % 1) for x in (left, right))
            weight = np.where(a, u, 1 - u).prod(axis=1) * np.where(b, v, 1 - v).prod(axis=1)
            total = total + weight * matern.correlation(np.hypot(*((i + a - j - b) * matern.step).T))
        return total

    return covariance(first, second) / np.sqrt(covariance(first, first) * covariance(second, second))


@pytest.mark.parametrize("smoothness", SMOOTHNESS)
def test_the_error_of_interpolation_is_the_stated_one(smoothness) -> None:
    rng, matern = np.random.default_rng(0), Matern(length_scale=1, smoothness=smoothness)
    first, turn, lag = rng.random((60_000, 2)), rng.uniform(0, 2 * np.pi, 60_000), rng.exponential(0.5, 60_000)
    second = first + lag[:, None] * np.column_stack([np.cos(turn), np.sin(turn)]) + 5
    error = np.abs(interpolated_correlation(first + 5, second, matern) - matern.correlation(lag)).max()
    assert STATED[smoothness] / 2 < error <= STATED[smoothness] * 1.05


@pytest.mark.parametrize("smoothness", SMOOTHNESS)
def test_interpolated_values_are_scaled_by_their_standard_deviation(smoothness) -> None:
    """On a coarse lattice, where it matters: sqrt(w' C w) over the corners of a cell, one place after the other."""
    matern = Matern(length_scale=1.3, smoothness=smoothness)
    lattice = Lattice(start=np.zeros(2), steps=np.array([0.7, 1.1]), shape=(8, 8))
    places = np.random.default_rng(0).uniform(0, 6, (50, 2))
    corners = list(itertools.product((0, 1), repeat=2))
    between = [[np.hypot(*(np.subtract(a, b) * lattice.steps)) for a in corners] for b in corners]
    expected = []
    for x, y in places % 1:
        weight = np.array([(x if i else 1 - x) * (y if j else 1 - y) for i, j in corners])
        expected.append(np.sqrt(weight @ matern.correlation(np.array(between)) @ weight))
    deviation = _gaussian_field._deviation(lattice, matern, places)
    assert np.allclose(deviation, expected) and deviation.min() < 0.9


@pytest.mark.slow
def test_scattered_values_have_variance_1() -> None:
    """At smoothness 0.5, where linear interpolation alone leaves 0.983, and a product in place of the quotient 0.947.

    The mean square of 16 independent fields, each over some 2,000 independent places: farther than 6 standard errors
    from 1 with probability 2.4e-5 (t with 15 degrees of freedom).
    """
    fields = normal_fields(Uniform(n_spots=20_000, width=300, height=300), length_scale=5, smoothness=0.5)
    squares = (fields**2).mean(axis=0)
    error = squares.std(ddof=1) / np.sqrt(N_FIELDS)
    assert abs(squares.mean() - 1) < 6 * error < 1 - 0.947


@pytest.mark.parametrize("smoothness", SMOOTHNESS)
def test_a_scattered_value_is_interpolated_between_corners_and_divided_by_its_deviation(smoothness) -> None:
    """Exactly, no draw enters: places and the corners of their cells in one call; corners are not interpolated."""
    lower, upper, matern = np.zeros(2), np.full(2, 20.0), Matern(length_scale=4, smoothness=smoothness)
    step = matern.step
    places = np.random.default_rng(2).uniform(0, 19, (60, 2))
    cell, share = np.divmod(places / step, 1)
    corners = [np.array(corner) for corner in itertools.product((0, 1), repeat=2)]
    positions = np.vstack([places, *((cell + corner) * step for corner in corners)])
    fields = _gaussian_field.gaussian_fields(positions, lower, upper, matern=matern, n_fields=2, source=SOURCE)
    values, *at_corners = fields.reshape(5, 60, 2)
    weights = [np.where(corner, share, 1 - share).prod(axis=1) for corner in corners]
    mixed = sum(weight[:, None] * value for weight, value in zip(weights, at_corners, strict=True))
    variance = sum(
        first * second * matern.correlation(np.hypot(*((a - b) * step)))
        for (a, first), (b, second) in itertools.product(zip(corners, weights, strict=True), repeat=2)
    )
    assert np.allclose(values, mixed / np.sqrt(variance)[:, None], atol=1e-9)
    assert variance.min() < (0.99 if smoothness == 0.5 else 1)


def test_a_factor_is_uniform_and_half_of_it_is_on() -> None:
    """Spots ten length scales apart are independent: Kolmogorov-Smirnov at 1e-4 for each of 4 fields."""
    pattern = GaussianProcess(length_scale=1, n_factors=4)
    factors = pattern.factors(Grid(n_rows=60, spacing=10).sites(SOURCE), SOURCE)
    assert all(scipy.stats.kstest(factor, "uniform").pvalue > 1e-4 for factor in factors.T)
    assert all(scipy.stats.kstest(factor**1.25, "uniform").pvalue < 1e-4 for factor in factors.T)
    assert np.allclose((factors > factors.max(axis=0) / 2).mean(axis=0), 0.5, atol=5 * 0.5 / 60)
    assert np.abs(np.corrcoef(factors.T) - np.eye(4)).max() < 5 / 60


def test_the_correlation_of_factors_is_the_documented_one() -> None:
    """6/π arcsin(ρ/2) at one length scale; 16 fields, 6 standard errors."""
    pattern = GaussianProcess(length_scale=4, n_factors=N_FIELDS)
    maps = pattern.factors(Grid(n_rows=150).sites(SOURCE), SOURCE).astype(float).T.reshape(N_FIELDS, 150, 150)
    products = np.array([[np.mean((m[4:] - 0.5) * (m[:-4] - 0.5)) * 12] for m in maps])
    correlation = bessel(np.ones(1), 1.5)
    assert departures(products, 6 / np.pi * np.arcsin(correlation / 2)) == []
    assert departures(products, 6 / np.pi * np.arcsin(correlation / 4)) != []


def test_long_scales_are_interpolated_also_on_a_lattice_and_become_constant() -> None:
    factors = GaussianProcess(length_scale=1e5).factors(Grid(n_rows=36).sites(SOURCE), SOURCE)
    assert np.ptp(factors, axis=0).max() < 0.001 < np.ptp(factors.mean(axis=0))


def test_a_lattice_that_does_not_fit_is_interpolated(monkeypatch) -> None:
    """The fallback is the same distribution: a variogram at one length scale."""
    monkeypatch.setattr(_gaussian_field, "MOST", 2**18)
    fields = normal_fields(Grid(n_rows=500, n_columns=400), length_scale=40)
    maps = fields.T.reshape(N_FIELDS, 500, 400)
    variograms = np.array([[np.mean((m[40:] - m[:-40]) ** 2) / 2] for m in maps])
    assert departures(variograms, 1 - bessel(np.ones(1), 1.5)) == []
    assert departures(variograms, 1 - bessel(np.ones(1) / 2, 1.5)) != []


def test_too_short_a_scale_is_refused_with_one_that_works(monkeypatch) -> None:
    monkeypatch.setattr(_gaussian_field, "MOST", 2**18)
    for height in (1e3, 5e3, 1e4):
        sites = Uniform(n_spots=50, width=1e4, height=height).sites(SOURCE)
        with pytest.raises(ValueError, match=r"length_scale must be at least about \d+ for spots .* got 1$") as refusal:
            GaussianProcess(length_scale=1).factors(sites, SOURCE)
        least = float(str(refusal.value).split()[6])
        assert GaussianProcess(length_scale=least, n_factors=1).factors(sites, SOURCE).shape == (50, 1)
        with pytest.raises(ValueError, match="length_scale"):
            GaussianProcess(length_scale=0.8 * least).factors(sites, SOURCE)
    grid = Grid(n_rows=100, spacing=100)
    assert GaussianProcess(length_scale=1).factors(grid.sites(SOURCE), SOURCE).shape == (10_000, 3)


def test_lattices_are_found_with_gaps_and_no_other() -> None:
    lower, upper = np.array([-5.0, -5.0]), np.array([35.0, 35.0])
    rows = np.array([[0, 0], [30, 10], [10, 20], [20, 0]], float)
    lattice = own_lattice(rows, lower, upper, 0.0)
    assert lattice.steps.tolist() == [10, 10] and lattice.start.tolist() == [0, 0]
    assert own_lattice(rows[1:], lower, upper, 0.0).start.tolist() == [0, 0]
    assert own_lattice(rows + [[0, 0], [0.01, 0], [0, 0], [0, 0]], lower, upper, 0.0) is None
    assert set(REACH) == set(SMOOTHNESS)
