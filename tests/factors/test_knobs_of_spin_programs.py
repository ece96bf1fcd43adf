"""Knobs of spin programs that moments of one network do not see: what is drawn, and from numbers of whose own.

Bounds are 5 standard errors unless said, a false-alarm rate of 6e-7 each.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

from effect_worlds import source
from spsim.factors import SpinPrograms
from spsim.factors._spin_network import modules_of
from spsim.factors._spin_states import gibbs_states, spin_states
from spsim.truth import Label, Observations

N = 20_000
LEVELS = np.array([0.1, 1.0, 3.0])


def cells(n: int = N, **labels) -> Observations:
    return Observations(name="cell", n=n, labels=labels)


def gammas(drawn) -> np.ndarray:
    """What activities are multiplied with."""
    return drawn.values / LEVELS[drawn.arrays["states"].astype(int) + 1]


def correlated(first: np.ndarray, second: np.ndarray) -> bool:
    return abs(np.corrcoef(first, second)[0, 1]) > 5 / np.sqrt(len(first))


def mean_of_a_spin(h: np.ndarray) -> np.ndarray:
    return 2 * np.sinh(h) / (1 + 2 * np.cosh(h))


def test_couplings_are_uniform_of_either_sign_as_often() -> None:
    """3 × 197 sizes of sd 0.115, their mean to 0.024; 0.3 to 1, 0.6 to 2 or 0.6 alone are far."""
    drawn = [SpinPrograms(200, n_modules=3).couplings(source(seed)) for seed in range(3)]
    weights = np.concatenate([own[np.triu_indices(200, 1)][own[np.triu_indices(200, 1)] != 0] for own in drawn])
    sizes = np.abs(weights)
    assert len(sizes) == 3 * 197 and 0.6 <= sizes.min() < 0.61 and 0.99 < sizes.max() <= 1.0
    assert abs(sizes.mean() - 0.8) < 0.024 and abs(sizes.std() - 0.4 / np.sqrt(12)) < 0.01
    # As many of either sign, up to the one more and the three programs without a cause.
    for own in drawn:
        assert abs((own > 0).sum() - (own < 0).sum()) / 2 <= 4
    # Who is whose neighbour is drawn.
    assert len({(own != 0).tobytes() for own in drawn}) == 3
    assert all((np.flatnonzero(own[0]) > 3).any() for own in drawn)


@pytest.mark.parametrize("n_modules", [1, 3, 5])
def test_modules_are_as_many_as_said_chains_and_common_causes_in_turn(n_modules) -> None:
    for seed in range(3):
        couplings = SpinPrograms(20, n_modules=n_modules).couplings(source(seed))
        modules = np.array(modules_of(couplings))
        assert len(set(modules)) == n_modules
        degrees = sorted(np.count_nonzero(couplings, axis=1)[modules == name].max() for name in set(modules))
        sizes = [len(part) for part in np.array_split(np.arange(20), n_modules)]
        assert degrees == sorted(2 if k % 2 == 0 else size - 1 for k, size in enumerate(sizes))


def test_a_given_network_is_the_one_that_states_follow() -> None:
    """s_a s_b has the mean of two coupled spins, with J or without it; the table holds J both ways."""
    edges = [("a", "b", -0.8), ("c", "c", 1.0)]
    drawn = SpinPrograms(3, network=edges, field_sd=0, names=["a", "b", "c"]).factors(cells(), source())
    table = np.column_stack(list(drawn.own_tables["network"].columns.values()))
    assert table.tolist() == [[0, -0.8, 0], [-0.8, 0, 0], [0, 0, 1.0]]
    states = drawn.arrays["states"]
    weight = {s: 2 * np.exp(-0.8 * s) for s in (-1, 1)}
    assert abs((states[:, 0] * states[:, 1]).mean() - (weight[1] - weight[-1]) / (5 + sum(weight.values()))) < 0.035
    assert abs((states[:, 2] ** 2).mean() - 2 * np.e / (1 + 2 * np.e)) < 0.018
    assert not correlated(states[:, 0], states[:, 2])
    assert modules_of(table) == ("module_1", "module_1", "module_2")


@pytest.mark.parametrize("field_sd", [0.2, 1.0])
def test_rest_fields_are_normal_and_as_large_as_said(field_sd) -> None:
    """3 × 1,000 deviates: standard error 1.3 % of the sd, 0.18 of the fourth moment, which is 1.8 if uniform."""
    drawn = [
        SpinPrograms(1000, network=[], field_sd=field_sd, n_sweeps=1).factors(cells(1), source(seed))
        for seed in range(3)
    ]
    fields = np.concatenate([own.own_tables["network_modules"].columns["field"] for own in drawn])
    assert abs(fields.std() / field_sd - 1) < 0.065 and abs(fields.mean()) < 5 * field_sd / np.sqrt(3000)
    assert abs(np.mean((fields / field_sd) ** 4) - 3) < 0.9


def test_states_follow_the_rest_fields() -> None:
    drawn = SpinPrograms(5, network=[], field_sd=1.0).factors(cells(), source())
    fields = drawn.own_tables["network_modules"].columns["field"]
    found, expected = drawn.arrays["states"].mean(axis=0), mean_of_a_spin(np.array(fields, float))
    assert np.abs(found - expected).max() < 5 / np.sqrt(N) < np.abs(expected).max() / 2


@pytest.mark.parametrize("effect", [0.5, 2.0])
def test_drawn_responses_shift_one_to_three_programs_by_the_effect(effect) -> None:
    """3 × 600 conditions."""
    names = [f"c{k}" for k in range(600)]
    drawn = np.vstack([SpinPrograms(6, effect=effect).responses(names, source(seed)) for seed in range(3)])
    n = len(drawn)
    assert set(np.unique(drawn)) == {-effect, 0.0, effect}
    many = np.bincount(np.count_nonzero(drawn, axis=1), minlength=7) / n
    assert many[[0, 4, 5, 6]].sum() == 0 and np.abs(many[1:4] - 1 / 3).max() < 5 * np.sqrt(2 / 9 / n)
    assert abs((drawn[drawn != 0] > 0).mean() - 0.5) < 5 * 0.5 / np.sqrt(2 * n)
    assert np.abs((drawn != 0).mean(axis=0) - 1 / 3).max() < 5 * np.sqrt(2 / 9 / n)


def test_conditions_take_responses_in_turn() -> None:
    names = [f"c{k}" for k in range(7)]
    for seed in range(3):
        three, every = (SpinPrograms(8, n_groups=n).responses(names, source(seed)) for n in (3, None))
        assert np.array_equal(three, every[np.arange(7) % 3])
        assert np.array_equal(SpinPrograms(8, n_groups=99).responses(names, source(seed)), every)


@pytest.mark.parametrize("n_programs", [1, 9])
def test_the_control_may_be_called_otherwise_also_where_states_are_not_listed(n_programs) -> None:
    label = Label(codes=np.arange(N) % 2, names=("a", "untreated"))
    response = {"a": {"program_1": 2.0}}
    recipe = SpinPrograms(
        n_programs, by="p", control="untreated", field_sd=0, network=[], response=response, n_sweeps=1
    )
    drawn = recipe.factors(cells(p=label), source())
    assert drawn.own_tables["response"].rows == ("a",)
    means = [drawn.arrays["states"][label.codes == code, 0].mean() for code in (0, 1)]
    assert np.abs(means - mean_of_a_spin(np.array([2.0, 0.0]))).max() < 5 / np.sqrt(N / 2)


def test_programs_without_conditions_are_of_no_niche() -> None:
    assert not SpinPrograms().is_spatial and SpinPrograms(by="domain").is_spatial


def test_more_sweeps_let_chains_meet() -> None:
    chain = [(f"program_{k}", f"program_{k + 1}", 0.7) for k in range(1, 9)]
    with pytest.warns(UserWarning, match="after n_sweeps=2: raise n_sweeps"):
        SpinPrograms(9, network=chain, n_sweeps=2).factors(cells(500), source())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        SpinPrograms(9, network=chain).factors(cells(500), source())


def test_the_warning_says_in_how_many_observations_chains_differ() -> None:
    fields, couplings = np.zeros((200, 10)), SpinPrograms(10).couplings(source())
    chains = [gibbs_states(fields, couplings, source(1), starts=(start, start), n_sweeps=3)[0] for start in (-1, 1)]
    share = (chains[0] != chains[1]).any(axis=1).mean()
    assert 0.02 < share < 0.98
    with pytest.warns(UserWarning, match=f"began in {share:.1%} of the observations"):
        spin_states(fields[:1], np.zeros(200, np.intp), couplings, source(1), n_sweeps=3)


@pytest.mark.parametrize("n_programs", [4, 9])
def test_activities_have_numbers_of_their_own_for_each_program(n_programs) -> None:
    """10 to 45 pairs of programs and one of states: false-alarm rate 6e-7 for each."""
    n = N if n_programs == 4 else 2000
    drawn = SpinPrograms(n_programs, field_sd=0, network=[], n_sweeps=2).factors(cells(n), source())
    own, states = gammas(drawn), drawn.arrays["states"]
    assert not any(correlated(own[:, a], own[:, b]) for a in range(n_programs) for b in range(a))
    # Where states and activities met the same words, the first of either would rise together.
    assert not any(correlated(own.ravel()[:n], states[:, k]) for k in range(n_programs))


@pytest.mark.parametrize("n_programs", [4, 9])
def test_another_set_of_cells_has_the_same_network_and_numbers_of_its_own(n_programs) -> None:
    n = N if n_programs == 4 else 2000
    recipe = SpinPrograms(n_programs, field_sd=0, network=[], n_sweeps=2)
    first, second = (recipe.factors(replace(cells(n), position=k), source()) for k in (0, 1))
    for k in range(n_programs):
        assert not correlated(first.arrays["states"][:, k], second.arrays["states"][:, k])
        assert not correlated(gammas(first)[:, k], gammas(second)[:, k])
    one, other = (SpinPrograms(6).factors(replace(cells(2), position=k), source()).own_tables for k in (0, 1))
    for name in ("network", "network_modules"):
        assert all(np.array_equal(one[name].columns[key], other[name].columns[key]) for key in one[name].columns)
