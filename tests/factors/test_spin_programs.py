"""Programs of a spin network: exact where states can be listed, Gibbs where not, responses where something acts."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

import spsim as sps
from spsim._random import seed_sequence, stream
from spsim.factors import Perturbations, SpinPrograms
from spsim.factors._spin_network import groups_of, modules_of, random_network
from spsim.factors._spin_states import gibbs_states, listed_states, spin_states, state_probabilities
from spsim.truth import Label, Observations

N = 40_000


def source(seed: int = 0):
    return stream(seed_sequence(seed), "factors:program")


def cells(n: int = 2000, **labels) -> Observations:
    return Observations(name="cell", n=n, labels=labels)


def chain(weight: float = 0.8, own: float = 0.0) -> np.ndarray:
    couplings = np.diag(np.full(4, own))
    for a, b, sign in ((0, 1, 1), (1, 2, -1), (2, 3, 1)):
        couplings[a, b] = couplings[b, a] = sign * weight
    return couplings


def by_hand(field, couplings) -> dict[tuple[int, ...], float]:
    """The distribution by plain loops, from its formula."""
    weights = {}
    for state in itertools.product((-1, 0, 1), repeat=len(field)):
        exponent = sum(h * s for h, s in zip(field, state, strict=True))
        for i in range(len(state)):
            exponent += couplings[i][i] * state[i] ** 2
            for j in range(i + 1, len(state)):
                exponent += couplings[i][j] * state[i] * state[j]
        weights[state] = math.exp(exponent)
    total = sum(weights.values())
    return {state: weight / total for state, weight in weights.items()}


def moments(probabilities: dict[tuple[int, ...], float]) -> np.ndarray:
    """Means of s_i, of s_i^2 and of s_i s_j."""
    own = [
        np.array([*s, *(a * a for a in s), *(a * b for a, b in itertools.combinations(s, 2))]) for s in probabilities
    ]
    return np.sum([p * m for p, m in zip(probabilities.values(), own, strict=True)], axis=0)


def sampled(states: np.ndarray) -> np.ndarray:
    s = states.astype(float)
    pairs = [s[:, a] * s[:, b] for a, b in itertools.combinations(range(s.shape[1]), 2)]
    return np.column_stack([s, s**2, *pairs]).mean(axis=0)


FIELD = np.array([0.3, -0.5, 0.0, 1.0])


@pytest.mark.parametrize("own", [0.0, -0.7])
def test_probabilities_are_those_of_plain_loops(own) -> None:
    states, probabilities = state_probabilities(FIELD, chain(own=own))
    expected = by_hand(FIELD, chain(own=own))
    assert np.allclose(probabilities, [expected[tuple(int(a) for a in s)] for s in states], rtol=1e-12)


@pytest.mark.parametrize("kind", ["listed", "gibbs"])
@pytest.mark.parametrize("own", [0.0, 0.6])
def test_both_samplers_have_the_moments_of_the_distribution(kind, own) -> None:
    """14 moments with |value| <= 1, so standard errors of at most 1/sqrt(n); 5 of them, false-alarm rate 14 · 6e-7 = 8e-6.

    Wrong variants: couplings counted twice, none, or none of a program with itself.
    """
    couplings, which = chain(own=own), np.zeros(N, np.intp)
    if kind == "listed":
        states = listed_states(FIELD[None], which, couplings, np.random.default_rng(0).random(N))
    else:
        states = gibbs_states(np.tile(FIELD, (N, 1)), couplings, source(), starts=(-1, -1), n_sweeps=30)[0]
    error = 5 / np.sqrt(N)
    assert np.abs(sampled(states) - moments(by_hand(FIELD, couplings))).max() < error
    wrong = [2 * couplings, 0 * couplings] + ([couplings - np.diag(np.diag(couplings))] if own else [])
    for other in wrong:
        assert np.abs(sampled(states) - moments(by_hand(FIELD, other))).max() > error


def test_gibbs_has_the_marginals_of_enumeration_where_both_work() -> None:
    """8 programs in two conditions, 16 means each way: 5 standard errors of a difference, false-alarm rate 1e-5."""
    couplings = random_network(8, 2, 0.6, 1.0, source())
    fields = np.array([np.zeros(8), np.linspace(-1, 1, 8)])
    which = np.arange(N) % 2
    exact = spin_states(fields, which, couplings, source(1), n_sweeps=1)
    chains = gibbs_states(fields[which], couplings, source(2), starts=(1, 1), n_sweeps=40)[0]
    error = 5 * np.sqrt(2 / (N / 2))
    for number in (0, 1):
        own = which == number
        assert np.abs(sampled(exact[own]) - sampled(chains[own])).max() < error
    # A sampler that stops at once is found out.
    early = gibbs_states(fields[which], couplings, source(2), starts=(1, 1), n_sweeps=1)[0]
    assert np.abs(sampled(early[which == 0]) - sampled(exact[which == 0])).max() > error


def test_chains_that_have_not_met_are_told() -> None:
    with pytest.warns(UserWarning, match="raise n_sweeps"):
        SpinPrograms(9, network=[(f"program_{k}", f"program_{k + 1}", 3.0) for k in range(1, 9)], n_sweeps=2).factors(
            cells(), source()
        )


def test_activities_follow_the_states() -> None:
    """Gamma(10, 0.1) has mean 1 and sd 0.316; 5 standard errors, false-alarm rate 6e-7 each."""
    drawn = SpinPrograms(3).factors(cells(N), source())
    states, values = drawn.arrays["states"], drawn.values
    assert set(np.unique(states)) == {-1.0, 0.0, 1.0}
    for state, level in ((-1, 0.1), (0, 1.0), (1, 3.0)):
        own = values[states == state] / level
        assert abs(own.mean() - 1) < 5 * 0.316 / np.sqrt(len(own))
        assert abs(own.std() - np.sqrt(0.1)) < 0.02


@pytest.mark.parametrize("effect", [0.5, 1.5])
def test_responses_shift_the_fields_of_their_condition(effect) -> None:
    """Without couplings the mean of s is that of one spin; 5 standard errors, false-alarm rate 6e-7 each."""
    label = Label(codes=np.arange(N) % 3, names=("control", "a", "b"), is_known=True)
    recipe = SpinPrograms(
        2, by="p", network=[], field_sd=0, effect=effect, response={"a": {"x": 1.0}, "b": {"y": -2.0}}, names=["x", "y"]
    )
    drawn = recipe.factors(cells(N, p=label), source())
    expected = {"control": (0, 0), "a": (effect, 0), "b": (0, -2 * effect)}

    def mean(h: float) -> float:
        return 2 * np.sinh(h) / (1 + 2 * np.cosh(h))

    for code, name in enumerate(label.names):
        own = drawn.arrays["states"][label.codes == code]
        for k, h in enumerate(expected[name]):
            assert abs(own[:, k].mean() - mean(h)) < 5 / np.sqrt(len(own))
            if h:
                assert abs(own[:, k].mean() - mean(2 * h)) > 5 / np.sqrt(len(own))
    assert drawn.own_tables["response"].rows == ("a", "b")
    assert np.array_equal(
        np.column_stack(list(drawn.own_tables["response"].columns.values())), [[effect, 0], [0, -2 * effect]]
    )


def test_no_effect_is_no_condition() -> None:
    label = Label(codes=np.arange(2000) % 3, names=("control", "a", "b"))
    plain = SpinPrograms(4).factors(cells(p=label), source())
    zero, some = (SpinPrograms(4, by="p", effect=e).factors(cells(p=label), source()) for e in (0, 1))
    assert zero.values.tobytes() == plain.values.tobytes() != some.values.tobytes()
    # Nor does the response change who is in the control.
    assert np.array_equal(some.values[label.codes == 0], plain.values[label.codes == 0])


def test_cells_that_escape_do_not_respond() -> None:
    scenario = {
        "pattern": None,
        "design": sps.designs.Dissociated(3000),
        "modalities": [{"name": "rna", "n_nonspatial": 3}],
    }

    def states(efficiency: float) -> tuple[np.ndarray, np.ndarray]:
        factors = {
            "perturbation": Perturbations(3, efficiency=efficiency),
            "program": SpinPrograms(4, by="perturbation", effect=2),
        }
        mdata = sps.simulate(sps.Scenario(**scenario, factors=factors))
        return mdata.obsm["program_states"], (mdata.obs["escaped"] == "yes").to_numpy()

    none, (half, escaped) = states(0.0)[0], states(0.5)
    assert 0.2 < escaped.mean() < 0.55
    assert np.array_equal(half[escaped], none[escaped]) and not np.array_equal(half[~escaped], none[~escaped])


def test_cells_are_a_prefix_of_more() -> None:
    for n_programs in (4, 9):
        few, many = (SpinPrograms(n_programs).factors(cells(n), source()) for n in (50, 400))
        assert few.values.tobytes() == many.values[:50].tobytes()


def test_networks_are_chains_and_common_causes_in_modules() -> None:
    couplings = random_network(12, 3, 0.6, 1.0, source())
    assert np.array_equal(couplings, couplings.T) and not np.diag(couplings).any()
    weights = couplings[np.triu_indices(12, 1)]
    sizes = np.abs(weights[weights != 0])
    assert (
        len(sizes) == 12 - 3
        and sizes.min() >= 0.6
        and sizes.max() <= 1.0
        and (weights > 0).any()
        and (weights < 0).any()
    )
    modules = np.array(modules_of(couplings))
    assert len(set(modules)) == 3
    across = modules[:, None] != modules
    assert not couplings[across].any()
    # One chain has no program with three neighbours, one common cause has one with all.
    degrees = [np.count_nonzero(couplings, axis=1)[modules == name].max() for name in sorted(set(modules))]
    assert sorted(degrees) == [2, 2, 3]


def test_conditions_of_one_group_have_one_response() -> None:
    names = ("control", *"abcdefgh")
    label = Label(codes=np.arange(90) % 9, names=names)
    drawn = SpinPrograms(6, by="p", n_groups=3).factors(cells(90, p=label), source())
    responses = np.column_stack(list(drawn.own_tables["response"].columns.values()))
    assert len(np.unique(responses, axis=0)) == 3 and set(np.count_nonzero(responses, axis=1)) <= {1, 2, 3}
    assert tuple(drawn.own_tables["response_groups"].columns["group"]) == groups_of(responses)
    assert groups_of(np.array([[1.0, 0], [0, 1], [1, 0]])) == ("group_1", "group_2", "group_1")


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"network": [("program_1", "program_9", 1)]}, ValueError, "a program in network must be one of"),
        ({"network": ["ab"]}, TypeError, "network must be a list of edges"),
        ({"network": [("program_1", "program_2", 1), ("program_2", "program_1", 1)]}, ValueError, "more than once"),
        ({"response": {"a": 1}}, TypeError, "response must be a mapping"),
        ({"response": {"a": {"b": 1}}}, ValueError, "a program in response"),
        ({"effect": -1}, ValueError, "effect must be a finite number"),
        ({"n_groups": 0}, ValueError, "n_groups must be a whole number"),
        ({"names": ["a"]}, ValueError, "names must hold one name per program"),
    ],
)
def test_what_does_not_fit_is_refused(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        SpinPrograms(3, by="p", **fields)


def test_a_response_to_no_condition_is_refused() -> None:
    label = Label(codes=np.zeros(5, np.intp), names=("control", "a"))
    recipe = SpinPrograms(2, by="p", response={"b": {"program_1": 1}})
    with pytest.raises(ValueError, match="a condition in response must be one of 'a', got 'b'"):
        recipe.factors(cells(5, p=label), source())


def test_how_many_chains_are_apart_is_what_both_alone_say() -> None:
    """And what is drawn is the chain from the first start, whatever the other one does."""
    couplings, fields = 0.35 * (np.ones((9, 9)) - np.eye(9)), np.zeros((400, 9))
    for n_sweeps in (1, 5, 30):
        (first, _), (last, _) = (
            gibbs_states(fields, couplings, source(4), starts=(start, start), n_sweeps=n_sweeps) for start in (-1, 1)
        )
        both, n_apart = gibbs_states(fields, couplings, source(4), starts=(-1, 1), n_sweeps=n_sweeps)
        assert np.array_equal(both, first) and n_apart == (first != last).any(axis=1).sum()
        assert (n_apart > 0) == (first != last).any()
    assert 0 < n_apart < 400
