"""Point processes: how close their spots are to each other, against theory and a wrong variant."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.stats import chisquare, kstest

from spsim._random import seed_sequence, stream
from spsim.patterns import Clustered, HardCore, Layered, Uniform

SEEDS = [stream(seed_sequence(seed), "layout") for seed in range(8)]
SIDE, N, R = 100.0, 2000, 2.0


def close_pairs(layout) -> float:
    """Share of pairs closer than R on the torus, mean over seeds."""
    shares = []
    for source in SEEDS:
        tree = cKDTree(layout.sites(source).coordinates, boxsize=[SIDE, SIDE])
        shares.append(2 * len(tree.query_pairs(R)) / (layout.n_spots * (layout.n_spots - 1)))
    return float(np.mean(shares))


def expected(n_clusters: int, sd: float) -> float:
    """The pair correlation of the docstring, integrated over a disc of radius R."""
    return (1 - 1 / n_clusters) * np.pi * R**2 / SIDE**2 + (1 - np.exp(-(R**2) / (4 * sd**2))) / n_clusters


@pytest.mark.parametrize(("n_clusters", "sd"), [(40, 2.0), (150, 1.0), (60, 4.0)])
def test_clustered_spots_have_the_pair_correlation_of_a_thomas_process(n_clusters, sd) -> None:
    """Centres that happen to be close move the share by about 3 % over 8 seeds; 15 % allowed."""
    share = close_pairs(Clustered(n_spots=N, width=SIDE, height=SIDE, n_clusters=n_clusters, sd=sd))
    assert abs(share / expected(n_clusters, sd) - 1) < 0.15
    wrong = close_pairs(Clustered(n_spots=N, width=SIDE, height=SIDE, n_clusters=n_clusters, sd=1.5 * sd))
    assert wrong / expected(n_clusters, sd) < 0.85


def test_uniform_spots_have_no_pair_correlation() -> None:
    """2,000 spots have 2,500 close pairs; 5 standard errors over 8 seeds are 3.5 %."""
    assert abs(close_pairs(Uniform(n_spots=N, width=SIDE, height=SIDE)) / (np.pi * R**2 / SIDE**2) - 1) < 0.035


def test_many_clusters_are_uniform_and_one_is_a_normal_distribution() -> None:
    many = Clustered(n_spots=5000, width=30, height=70, n_clusters=10**6).sites(SEEDS[0]).coordinates
    for values, size in zip(many.T, (30, 70), strict=True):
        assert kstest(values, "uniform", (0, size)).pvalue > 1e-4
    one = Clustered(n_spots=2000, width=1000, height=1000, n_clusters=1, sd=3).sites(SEEDS[1]).coordinates
    assert abs(one.std(axis=0) / 3 - 1).max() < 5 / np.sqrt(4000) < 0.1


@pytest.mark.parametrize(("n_spots", "distance"), [(1000, None), (1000, 1.0), (300, 4.6), (1, None), (7, 20.0)])
def test_no_two_spots_are_closer_than_the_distance(n_spots, distance) -> None:
    layout = HardCore(n_spots=n_spots, width=SIDE, height=SIDE, distance=distance)
    least = 0.75 * layout.spacing if distance is None else distance
    coordinates = layout.sites(SEEDS[2]).coordinates
    assert len(coordinates) == n_spots and len(cKDTree(coordinates).query_pairs(0.999 * least)) == 0
    if n_spots >= 300:
        assert len(cKDTree(coordinates).query_pairs(1.05 * least)) > 0
        plain = Uniform(n_spots=n_spots, width=SIDE, height=SIDE).sites(SEEDS[2]).coordinates
        assert len(cKDTree(plain).query_pairs(0.999 * least)) > 0  # a wrong variant


def test_spots_that_keep_a_distance_are_as_dense_everywhere() -> None:
    """25 tiles with 80 spots each vary less than independent ones would; the borders hold a few more."""
    coordinates = HardCore(n_spots=N, width=SIDE, height=SIDE).sites(SEEDS[3]).coordinates
    counts = np.histogram2d(*coordinates.T, bins=5, range=[[0, SIDE], [0, SIDE]])[0].ravel()
    assert counts.sum() == N and chisquare(counts).pvalue > 0.5


def loop(candidates: np.ndarray, distance: float) -> list[int]:
    kept: list[int] = []
    for i, point in enumerate(candidates):
        if all(np.hypot(*(point - candidates[j])) > distance for j in kept):
            kept.append(i)
    return kept


def test_the_sequential_rule_is_that_of_a_plain_loop() -> None:
    from spsim._random import Purpose, uniforms
    from spsim.patterns._hard_core import FEWEST, NEAR

    layout = HardCore(n_spots=60, width=10, height=10, distance=0.9)
    size = int(max(FEWEST, NEAR * 100 / (np.pi * 0.81)))
    candidates = np.concatenate([uniforms(SEEDS[4], Purpose.LAYOUT, (size, 2), tile=t) * 10 for t in range(3)])
    assert np.array_equal(layout.sites(SEEDS[4]).coordinates, candidates[loop(candidates, 0.9)[:60]])


@pytest.mark.parametrize("axis", ["x", "y"])
def test_layers_hold_spots_by_density_and_thickness(axis) -> None:
    layout = Layered(n_spots=6000, width=50, height=80, densities=[1, 0, 4, 2], thicknesses=[2, 1, 1, 1], axis=axis)
    coordinates = layout.sites(SEEDS[5]).coordinates
    along, across = coordinates.T[::-1] if axis == "y" else coordinates.T
    length, other = (80, 50) if axis == "y" else (50, 80)
    counts = np.histogram(along, bins=np.array([0, 2, 3, 4, 5]) * length / 5)[0]
    assert counts[1] == 0
    assert chisquare(counts[[0, 2, 3]], 6000 * np.array([2, 4, 2]) / 8).pvalue > 1e-4
    assert chisquare(counts[[0, 2, 3]], 6000 * np.array([1, 4, 2]) / 7).pvalue < 1e-4  # thickness forgotten
    assert kstest(across, "uniform", (0, other)).pvalue > 1e-4
    third = along[(along > 3 * length / 5) & (along < 4 * length / 5)]
    assert kstest(third, "uniform", (3 * length / 5, length / 5)).pvalue > 1e-4


@pytest.mark.parametrize(
    "make",
    [
        lambda n: Clustered(n_spots=n, n_clusters=7),
        lambda n: HardCore(n_spots=n, distance=0.3),
        lambda n: Layered(n_spots=n),
    ],
)
def test_fewer_spots_are_the_first_part(make) -> None:
    many, few = (make(n).sites(SEEDS[6]).coordinates for n in (900, 77))
    assert np.array_equal(many[:77], few)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Clustered(n_clusters=0), "n_clusters must be a whole number of at least 1, got 0"),
        (lambda: Clustered(sd=0), "sd must be a finite number above 0, got 0"),
        (lambda: HardCore(distance=0.9), "distance must be at most 0.797.*so that 1296 spots have room, got 0.9"),
        (lambda: HardCore(distance=-1), "distance must be a finite number above 0"),
        (lambda: Layered(densities=[]), "densities must hold at least one above 0"),
        (lambda: Layered(densities=[0, 0]), "densities must hold at least one above 0"),
        (lambda: Layered(thicknesses=[1]), r"thicknesses must hold one per layer \(3\), got 1"),
        (lambda: Layered(thicknesses=[1, 0, 1]), "thicknesses must be a finite number above 0, got 0"),
        (lambda: Layered(axis="z"), "axis must be one of 'x', 'y', got 'z'"),
    ],
)
def test_values_out_of_range_are_refused(make, message) -> None:
    with pytest.raises(ValueError, match=message):
        make()
