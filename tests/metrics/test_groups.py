"""Groups are no neighbours: every spatial score against plain loops over each group by itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from oracles import metrics_space as oracle
from spsim import metrics

FIRST, SECOND = (np.indices(shape).reshape(2, -1).T.astype(float) for shape in ((6, 7), (5, 8)))
HEXAGONAL = np.column_stack([SECOND[:, 1] + SECOND[:, 0] % 2 / 2, SECOND[:, 0] * np.sqrt(3) / 2])
N = len(FIRST) + len(SECOND)
ORDER = np.random.default_rng(1).permutation(N)
# Two slices of different shape and pitch that lie on each other, rows mixed.
PLACES = np.concatenate([FIRST, HEXAGONAL])[ORDER]
GROUPS = np.array(["b"] * len(FIRST) + ["a"] * len(SECOND))[ORDER]
LABELS = np.array(list("xyz"))[np.random.default_rng(2).integers(0, 3, N)]
SMOOTH = np.where(PLACES[:, 0] > 3, "left", "right")
EMBEDDING = np.random.default_rng(3).normal(size=(N, 3))
for array in (PLACES, GROUPS, LABELS, SMOOTH, EMBEDDING):
    array.flags.writeable = False


@pytest.mark.parametrize("labels", [LABELS, SMOOTH])
def test_continuity_is_the_mean_over_the_groups(labels) -> None:
    columns = GROUPS.tolist(), labels.tolist(), PLACES.tolist()
    expected = oracle.mean_of_groups(oracle.chaos, *columns)
    assert metrics.chaos(labels, PLACES, groups=GROUPS) == pytest.approx(expected, abs=1e-12)
    expected = oracle.mean_of_groups(lambda *own: oracle.pas(*own, 10), *columns)
    assert metrics.pas(labels, PLACES, groups=GROUPS) == pytest.approx(expected, abs=1e-12)
    graph = metrics.lattice_graph(PLACES, groups=GROUPS)
    found = metrics.label_autocorrelation(labels, graph, groups=GROUPS)
    for i, name in enumerate(("moran", "geary")):
        expected = oracle.mean_of_groups(lambda *own: oracle.mean_moran_geary(*own, 1.0)[i], *columns)  # noqa: B023
        assert found[name] == pytest.approx(expected, abs=1e-12)
    both = metrics.domain_continuity(labels, SMOOTH, PLACES, groups=GROUPS)
    assert (both["moran"], both["geary"]) == (found["moran"], found["geary"])
    own = metrics.label_autocorrelation(SMOOTH, graph, groups=GROUPS)
    assert (both["moran_truth"], both["geary_truth"]) == (own["moran"], own["geary"])
    assert both["chaos_truth"] == metrics.chaos(SMOOTH, PLACES, groups=GROUPS)


@pytest.mark.parametrize("k", [1, 7])
@pytest.mark.parametrize("n_columns", [3, 9])
def test_neighbours_in_an_embedding_are_those_of_the_group(k, n_columns) -> None:
    embedding = np.random.default_rng(4).normal(size=(N, n_columns))
    columns = GROUPS.tolist(), embedding.tolist()
    expected = oracle.mean_of_groups(lambda *own: oracle.purity(*own, k), *columns, LABELS.tolist())
    assert metrics.neighborhood_purity(embedding, LABELS, groups=GROUPS, n_neighbors=k) == pytest.approx(expected)
    expected = oracle.mean_of_groups(lambda *own: oracle.jaccard(*own, k), *columns, EMBEDDING.tolist())
    assert metrics.neighborhood_jaccard(embedding, EMBEDDING, groups=GROUPS, n_neighbors=k) == pytest.approx(expected)


def scores_of(labels, places, groups) -> dict[str, object]:
    """Every function that takes groups, on the same input."""
    values = np.column_stack([np.unique(labels, return_inverse=True)[1], EMBEDDING[: len(labels), 0]])
    null = {"n_draws": 3, "rng": 5, "groups": groups}
    return {
        "chaos": metrics.chaos(labels, places, groups=groups),
        "pas": metrics.pas(labels, places, groups=groups),
        "graph": metrics.lattice_graph(places, groups=groups).toarray(),
        "continuity": list(metrics.domain_continuity(labels, labels[::-1], places, groups=groups).values()),
        "purity": metrics.neighborhood_purity(values, labels, groups=groups, n_neighbors=9),
        "jaccard": metrics.neighborhood_jaccard(values, places, groups=groups, n_neighbors=9),
        "smooth": list(metrics.smooth_null(values, places, **null)),
        "shift": list(metrics.toroidal_shift_null(values, places, **null)),
        "variogram": list(metrics.matched_variogram_null(values, places, **null)),
        "permutation": list(metrics.permutation_null(values, **null)),
        "labels": list(metrics.label_shift_null(labels, places, **null)),
        "agreement": list(metrics.domain_chance(labels, labels[::-1], places, **null).values()),
        "factors": metrics.factor_chance(values, values[::-1], places, **null).draws,
        "name": metrics.null_of(places, groups=groups),
    }


@pytest.mark.parametrize("one", [np.zeros(42), ["only"] * 42, pd.Categorical(["only"] * 42, categories=["only", "no"])])
def test_one_group_is_no_groups_bit_for_bit(one) -> None:
    with_groups, without = (scores_of(LABELS[:42], FIRST, groups) for groups in (one, None))
    for name, expected in without.items():
        np.testing.assert_array_equal(with_groups[name], expected, err_msg=name)


def test_far_apart_slices_have_no_neighbours_in_each_other_anyway() -> None:
    apart = np.where((GROUPS == "a")[:, None], PLACES + [1000, 1000], PLACES)
    assert (
        metrics.pas(LABELS, apart)
        == metrics.pas(LABELS, apart, groups=GROUPS)
        == metrics.pas(LABELS, PLACES, groups=GROUPS)
    )
    far, near = metrics.lattice_graph(apart), metrics.lattice_graph(PLACES, groups=GROUPS)
    assert (far != near).nnz == 0
    # Axes are scaled to the spread of a slice, not to that of all of them.
    assert metrics.chaos(LABELS, apart, groups=GROUPS) == pytest.approx(metrics.chaos(LABELS, PLACES, groups=GROUPS))


def test_unmoved_slices_score_as_the_slice() -> None:
    """Two copies of one slice: each spot has its copy for a neighbour, so that the joined map looks perfect."""
    labels, groups = np.tile(LABELS[:42], 2), np.repeat([1, 2], 42)
    places = np.tile(FIRST, (2, 1))
    for score in (metrics.chaos, metrics.pas):
        assert score(labels, places, groups=groups) == pytest.approx(score(LABELS[:42], FIRST), abs=1e-12)
        with pytest.raises(ValueError, match=r"84 of 84 spots that share their position with another; pass groups="):
            score(labels, places)
    chance = metrics.domain_chance(labels, labels, places, groups=groups, n_draws=50)["ari"]
    assert chance == pytest.approx(metrics.domain_chance(LABELS[:42], LABELS[:42], FIRST, n_draws=50)["ari"], abs=0.03)


@pytest.mark.parametrize("null", ["smooth_null", "toroidal_shift_null", "matched_variogram_null", "permutation_null"])
def test_values_stay_in_their_group(null) -> None:
    values = np.column_stack([np.where(GROUPS == "a", 0, 100) + np.arange(N) % 7, EMBEDDING[:, 0]])
    where = {} if null == "permutation_null" else {"coordinates": PLACES}
    draws = list(getattr(metrics, null)(values, **where, groups=GROUPS, n_draws=4))
    assert len(draws) == 4
    for draw in draws:
        for name in "ab":
            own = GROUPS == name
            np.testing.assert_array_equal(np.sort(draw[own], axis=0), np.sort(values[own], axis=0))
        assert (draw != values).any(axis=0).all()


def test_each_group_is_shifted_by_an_offset_of_its_own() -> None:
    """Every group's picture is one of its rolls, by all offsets in turn, and groups move independently."""
    groups, places = (
        np.repeat(["p", "q"], [30, 20]),
        np.concatenate([np.indices((5, 6)).reshape(2, -1).T, np.indices((4, 5)).reshape(2, -1).T]),
    )
    column = np.arange(50.0)
    offsets = []
    for draw in metrics.toroidal_shift_null(column[:, None], places, groups=groups, n_draws=40):
        found = []
        for shape, own in (((5, 6), draw[:30, 0]), ((4, 5), draw[30:, 0] - 30)):
            picture = np.arange(own.size).reshape(shape)
            rolls = {(i, j): np.roll(picture, (i, j), (0, 1)).ravel() for i in range(shape[0]) for j in range(shape[1])}
            found += [offset for offset, roll in rolls.items() if (roll == own).all()]
        assert len(found) == 2 and (0, 0) not in found
        offsets.append(tuple(found))
    assert len(set(offsets)) > 30 and len({first for first, _ in offsets}) > 12


def test_groups_choose_their_null_by_themselves() -> None:
    scattered = np.random.default_rng(6).random((42, 2))
    places, groups = np.concatenate([FIRST, scattered]), np.repeat(["grid", "scattered"], 42)
    assert metrics.null_of(places, groups=groups) == "toroidal_shift+matched_variogram"
    assert metrics.null_of(PLACES, groups=GROUPS) == "toroidal_shift"
    assert metrics.null_of(scattered, groups=groups[:42]) == "matched_variogram"
    with pytest.raises(ValueError, match="must fill a rectangular or hexagonal lattice"):
        metrics.toroidal_shift_null(places, places, groups=groups)


def test_the_order_of_rows_does_not_matter() -> None:
    rows = np.random.default_rng(7).permutation(N)
    mixed = PLACES[rows], GROUPS[rows]
    plain = next(metrics.smooth_null(EMBEDDING, PLACES, groups=GROUPS))
    np.testing.assert_array_equal(next(metrics.smooth_null(EMBEDDING[rows], mixed[0], groups=mixed[1])), plain[rows])
    assert metrics.chaos(LABELS[rows], mixed[0], groups=mixed[1]) == pytest.approx(
        metrics.chaos(LABELS, PLACES, groups=GROUPS)
    )


@pytest.mark.parametrize("n_shared", [20, 22])
def test_some_spots_may_share_a_position(n_shared) -> None:
    places = np.random.default_rng(8).random((42, 2))
    places[:n_shared:2] = places[1:n_shared:2]
    if n_shared <= 21:
        assert metrics.null_of(places) == "matched_variogram"
    else:
        with pytest.raises(ValueError, match="coordinates must tell spots apart, got 22 of 42 spots"):
            metrics.null_of(places)


def test_coinciding_spots_within_a_group_are_refused_by_its_name() -> None:
    places, groups = np.concatenate([np.tile(FIRST, (2, 1)), SECOND]), np.repeat(["twice", "once"], [84, 40])
    for call in (
        lambda: metrics.pas(np.arange(124) % 3, places, groups=groups),
        lambda: metrics.smooth_null(places, places, groups=groups),
        lambda: metrics.label_shift_null(np.arange(124) % 3, places, groups=groups),
    ):
        with pytest.raises(ValueError, match="got 84 of 84 spots of the group 'twice' that share their position"):
            call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: metrics.chaos(LABELS, PLACES, groups=GROUPS[1:]),
            "groups must have one label for each of the 82 spots, got 81",
        ),
        (
            lambda: metrics.pas(LABELS, PLACES, groups=np.where(np.arange(N) < 10, "a", "b")),
            "spots of the group 'a', 10, got 10",
        ),
        (lambda: metrics.pas(LABELS, PLACES, groups=[None, *GROUPS[1:]]), "groups must not be missing, got 1 missing"),
        (
            lambda: metrics.neighborhood_purity(EMBEDDING, LABELS, groups=GROUPS, n_neighbors=40),
            "of the group 'a', 40, got 40",
        ),
        (
            lambda: metrics.lattice_graph(PLACES + 0.3 * EMBEDDING[:, :2], groups=GROUPS),
            "coordinates of the group 'a' must lie on a lattice",
        ),
        (
            lambda: metrics.label_autocorrelation(LABELS, metrics.lattice_graph(FIRST)[:3][:, :3], groups=[1, 1, 2]),
            "must have shape",
        ),
        (
            lambda: metrics.label_autocorrelation(LABELS[:42], metrics.lattice_graph(FIRST), groups=[1] + [2] * 41),
            "graph must join spots of the group 1, got no edge",
        ),
        (
            lambda: metrics.toroidal_shift_null(np.ones((3, 1)), np.ones((3, 2)), groups=[1, 2, 3]),
            "at least 2 spots, got 3 groups of one",
        ),
    ],
)
def test_bad_groups_are_refused(call, message) -> None:
    with pytest.raises(ValueError, match=message):
        call()
