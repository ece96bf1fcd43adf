"""The Potts model against exact probabilities, Onsager's energy and estimates of its interaction."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import scipy.stats
from scipy.optimize import brentq
from scipy.spatial import ConvexHull
from scipy.special import ellipk

from spsim._random import seed_sequence, stream
from spsim.patterns import Coordinates, Grid, Hexagonal, Jittered, Mask, Potts, Uniform
from spsim.patterns._neighbours import neighbour_pairs
from spsim.patterns._swendsen_wang import potts_states

LAYOUT = stream(seed_sequence(0), "layout")
SOURCE = stream(seed_sequence(4), "pattern")
KITE = np.array([[0, 1], [1, 2], [2, 3], [0, 3], [0, 2], [3, 4]])


def kite_states(interaction, *, n_copies=20_000, n_states=3) -> np.ndarray:
    """States of many separate copies of one small graph, in one draw."""
    pairs = (KITE + 5 * np.arange(n_copies)[:, None, None]).reshape(-1, 2)
    states = potts_states(pairs, 5 * n_copies, n_states=n_states, interaction=interaction, n_sweeps=30, source=SOURCE)
    return states.reshape(n_copies, 5)


def kite_probabilities(interaction, *, n_states=3) -> np.ndarray:
    every = np.array(list(itertools.product(range(n_states), repeat=5)))
    weight = np.exp(interaction * (every[:, KITE[:, 0]] == every[:, KITE[:, 1]]).sum(axis=1))
    return weight / weight.sum()


def agreement_with(counts, interaction) -> float:
    """p-value of chi-square; states that are expected less than five times count as one."""
    expected = counts.sum() * kite_probabilities(interaction)
    rare = expected < 5
    pooled = [np.append(values[~rare], values[rare].sum() if rare.any() else []) for values in (counts, expected)]
    return float(scipy.stats.chisquare(*pooled).pvalue)


@pytest.mark.parametrize("interaction", [0.0, 0.5, 1.0, 2.0])
def test_every_state_of_a_small_graph_has_its_exact_probability(interaction) -> None:
    """Chi-square over all 243 states of 20,000 copies, false alarm 1e-4 in each of 4 cases."""
    codes = kite_states(interaction) @ 3 ** np.arange(5)[::-1]
    counts = np.bincount(codes, minlength=243)
    assert agreement_with(counts, interaction) > 1e-4
    for wrong in (interaction + 0.1, interaction / 2 if interaction else 0.2):
        assert agreement_with(counts, wrong) < 1e-4


def onsager(coupling) -> float:
    """Mean of the product of neighbouring spins: Onsager (1944), Physical Review 65, 117."""
    modulus = 2 * np.sinh(2 * coupling) / np.cosh(2 * coupling) ** 2
    bracket = 1 + 2 / np.pi * (2 * np.tanh(2 * coupling) ** 2 - 1) * ellipk(modulus**2)
    return float(bracket / np.tanh(2 * coupling) / 2)


@pytest.mark.parametrize("interaction", [0.3, 0.6, 0.8])
def test_two_states_on_a_grid_have_onsagers_energy(interaction) -> None:
    """The share of equal neighbours is (1 + e) / 2; the mean over n bonds of the product of spins has variance e' / n.

    Five standard errors, two-sided 6e-7 each. Bonds closer to the border than 25, about three correlation lengths at 0.8,
    are left out.
    """
    factors = Potts(interaction=interaction, n_states=2).factors(Grid(n_rows=300).sites(LAYOUT), SOURCE)
    inner = factors[:, 0].reshape(300, 300)[25:-25, 25:-25]
    equal = np.concatenate([(inner[1:] == inner[:-1]).ravel(), (inner[:, 1:] == inner[:, :-1]).ravel()])

    def deviates(value) -> float:
        slope = (onsager(value / 2 + 1e-4) - onsager(value / 2 - 1e-4)) / 2e-4
        return abs(equal.mean() - (1 + onsager(value / 2)) / 2) / (np.sqrt(slope / equal.size) / 2)

    assert deviates(interaction) < 5
    assert deviates(interaction + 0.05) > 5 and deviates(interaction / 2) > 5


def estimated(factors, pairs) -> float:
    """Interaction that maximises the pseudolikelihood (Besag 1975), from the whole field."""
    n_equal = np.zeros(factors.shape)
    for left, right in (pairs.T, pairs.T[::-1]):
        np.add.at(n_equal, left, factors[right])
    own = (n_equal * factors).sum()

    def score(value) -> float:
        weight = np.exp(value * n_equal)
        return float(own - (n_equal * weight).sum(axis=1) @ (1 / weight.sum(axis=1)))

    return float(brentq(score, -1, 4))


@pytest.mark.parametrize(
    ("layout", "interaction", "n_states"),
    [
        (Grid(n_rows=70), 0.9, 3),
        (Hexagonal(n_rows=70, n_columns=60), 0.5, 4),
        (Uniform(n_spots=4000), 0.4, 3),
        (Jittered(n_rows=60), 0.5, 2),
    ],
)
def test_the_interaction_can_be_estimated_back(layout, interaction, n_states) -> None:
    """Eight seeds; six standard errors of their mean, t with 7 degrees of freedom: 5e-4 in each of 4 cases."""
    sites = layout.sites(LAYOUT)
    order = np.lexsort(sites.coordinates.T[::-1])
    pairs = order[neighbour_pairs(sites.coordinates[order])]
    pattern = Potts(interaction=interaction, n_states=n_states, n_sweeps=60)
    found = [estimated(pattern.factors(sites, stream(seed_sequence(seed), "pattern")), pairs) for seed in range(8)]
    error = np.std(found, ddof=1) / np.sqrt(8)
    assert abs(np.mean(found) - interaction) < 6 * error < 0.1
    assert abs(np.mean(found) - 2 * interaction) > 6 * error


def test_states_are_disjoint_equally_likely_and_independent_without_interaction() -> None:
    """Four sigmas of a binomial share for each of 4 states (6e-5), of the share of equal neighbours once."""
    factors = Potts(interaction=0, n_states=4).factors(Grid(n_rows=100).sites(LAYOUT), SOURCE)
    assert set(np.unique(factors)) == {0, 1} and (factors.sum(axis=1) == 1).all()
    assert np.allclose(factors.mean(axis=0), 0.25, atol=4 * np.sqrt(0.25 * 0.75 / 10_000))
    state = factors.argmax(axis=1).reshape(100, 100)
    assert np.mean(state[1:] == state[:-1]) == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / 9900))


def agreement(**fields) -> float:
    state = Potts(**fields).factors(Grid(n_rows=80).sites(LAYOUT), SOURCE).argmax(axis=1).reshape(80, 80)
    return float(np.mean(state[1:] == state[:-1]))


def test_more_sweeps_come_closer_and_then_stay() -> None:
    few, default, more = (agreement(interaction=0.95, n_sweeps=n) for n in (2, 100, 300))
    assert few < default - 0.05 and default == pytest.approx(more, abs=0.03)


def test_beyond_the_critical_value_one_state_takes_most_of_the_tissue() -> None:
    for layout, critical in ((Grid(n_rows=70), np.log(1 + np.sqrt(3))), (Hexagonal(n_rows=70, n_columns=60), 0.63)):
        sites = layout.sites(LAYOUT)
        below, above = (
            Potts(interaction=critical * share).factors(sites, SOURCE).mean(axis=0).max() for share in (0.85, 1.15)
        )
        assert below < 0.5 < 0.85 < above


def test_neighbours_on_a_grid_are_the_rooks() -> None:
    rows = Grid(n_rows=7, n_columns=5, spacing=0.1).sites(LAYOUT).coordinates
    index = np.arange(35).reshape(7, 5)
    expected = np.vstack(
        [np.column_stack([a.ravel(), b.ravel()]) for a, b in ((index[1:], index[:-1]), (index[:, 1:], index[:, :-1]))]
    )
    assert set(map(frozenset, neighbour_pairs(rows).tolist())) == set(map(frozenset, expected.tolist()))


def degrees(layout) -> np.ndarray:
    coordinates = layout.sites(LAYOUT).coordinates
    return np.bincount(neighbour_pairs(coordinates).ravel(), minlength=len(coordinates))


def test_neighbours_on_other_layouts() -> None:
    assert np.bincount(degrees(Hexagonal(n_rows=20, n_columns=20)))[6] == 18 * 18
    hole = np.ones((9, 9))
    hole[4, 4] = 0
    assert np.bincount(degrees(Mask(mask=hole))).tolist() == [0, 0, 4, 32, 44]
    for layout in (Uniform(n_spots=300), Jittered(n_rows=15)):
        # A triangulation of n points, h of them on the hull, has 3 n - 3 - h edges.
        n_hull = len(ConvexHull(layout.sites(LAYOUT).coordinates).vertices)
        assert degrees(layout).sum() // 2 == 3 * layout.n_spots - 3 - n_hull


def test_neighbours_on_a_line_are_the_next_ones() -> None:
    chain = [[0, 1], [1, 2], [2, 3]]
    for line in ([0, 1, 2, 3], [0, 1, 3, 7]):
        assert neighbour_pairs(np.column_stack([line, np.multiply(line, 0.7)]).astype(float)).tolist() == chain
    for n_spots in (0, 1):
        assert neighbour_pairs(np.zeros((n_spots, 2))).shape == (0, 2)
    assert neighbour_pairs(np.array([[0.0, 0], [1, 5]])).tolist() == [[0, 1]]


@pytest.mark.parametrize("n_spots", [4, 5, 6, 7])
def test_few_scattered_spots_are_triangulated(n_spots) -> None:
    """Two close pairs far apart and more spots around: no lattice, no line, so every triangle has its three sides."""
    spots = np.array([[0.0, 0], [1, 0.1], [7, 5], [9, 7.3], [3, 9], [12, 1], [5, 2.5]])[:n_spots]
    hull = ConvexHull(spots).vertices
    pairs = neighbour_pairs(spots)
    assert len(pairs) == 3 * n_spots - 3 - len(hull)
    sides = {frozenset(side) for side in zip(hull.tolist(), np.roll(hull, 1).tolist(), strict=True)}
    assert sides <= set(map(frozenset, pairs.tolist()))
    assert (pairs[:, 0] < pairs[:, 1]).all()


def test_three_spots_always_have_a_least_distance() -> None:
    """Two of the three are nearest to each other, which is what a lattice is known by: the third joins if it is near."""
    assert neighbour_pairs(np.array([[0.0, 0], [1, 0], [5, 5]])).tolist() == [[0, 1]]
    assert neighbour_pairs(np.array([[0.0, 0], [1, 0], [0, 1.19]])).tolist() == [[0, 1], [0, 2]]
    assert neighbour_pairs(np.array([[0.0, 0], [1, 0], [0, 1.21]])).tolist() == [[0, 1]]


def test_nearest_distances_that_agree_to_a_percent_are_a_lattice() -> None:
    """Four spots in two pairs of 1 and 1.02 (median 1.01): a lattice at the edge of what counts as one, or none."""
    near = np.array([[0.0, 0], [1, 0], [10, 3], [11.019, 3]])
    assert neighbour_pairs(near).tolist() == [[0, 1], [2, 3]]
    far = near + [[0, 0], [0, 0], [0, 0], [0.003, 0]]
    assert len(neighbour_pairs(far)) == 5


def test_spots_at_one_place_share_the_state() -> None:
    tissue = np.random.default_rng(0).normal(size=(200, 2))
    factors = Potts(interaction=0.2).factors(
        Coordinates(coordinates=np.vstack([tissue, tissue[::-1]])).sites(LAYOUT), SOURCE
    )
    assert np.array_equal(factors[:200], factors[200:][::-1])
