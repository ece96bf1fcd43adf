"""Arrays that nobody means, and many spots at one place."""

from __future__ import annotations

import inspect
import time
import warnings

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.spatial.distance import cdist

from hostile_values import EXTREME, FOREIGN, own_error
from spsim import metrics
from spsim.metrics._neighbors import TIE, distance_to_nearest, lattice_spacing, nearest_in_space

random = np.random.default_rng(0)
GRID = np.indices((6, 6)).reshape(2, -1).T.astype(float)
FACTORS, LABELS, LOADINGS = random.random((36, 3)), random.integers(0, 3, 36), random.random((20, 3))
MASK = random.random((36, 5)) < 0.3
GROUPS = np.repeat(["a", "b"], 18)
COUPLINGS = np.array([[0, 0.8, 0], [0.8, 0, -0.6], [0, -0.6, 0]])
SQUARE = np.roll(np.eye(36), 18, axis=1)
ARGUMENTS = {
    "abundance_recovery": {"labels": LABELS, "truth": LABELS, "samples": GROUPS, "conditions": GROUPS, "n_draws": 2},
    "amari_error": {"estimate": FACTORS, "truth": FACTORS},
    "chance_level": {"score": np.mean, "nulls": [FACTORS]},
    "chaos": {"labels": LABELS, "coordinates": GRID, "groups": GROUPS},
    "correspondence_accuracy": {"plan": SQUARE, "partners": SQUARE, "slices": GROUPS, "labels": LABELS},
    "domain_agreement": {"labels": LABELS, "truth": LABELS},
    "domain_ceiling": {"truth": LABELS, "visible": [1], "background": 0},
    "domain_continuity": {"labels": LABELS, "truth": LABELS, "coordinates": GRID, "groups": GROUPS},
    "dropout_detection": {"probability": random.random((36, 5)), "dropout": MASK},
    "domain_chance": {"labels": LABELS, "truth": LABELS, "coordinates": GRID, "groups": GROUPS, "n_draws": 2},
    "energy_kinds": {"factors": FACTORS, "loadings": {"rna": LOADINGS, "adt": LOADINGS}},
    "factor_ceiling": {"visible": [True, False], "chance": [0.1, 0.2]},
    "factor_chance": {"estimate": FACTORS, "truth": FACTORS, "coordinates": GRID, "groups": GROUPS, "n_draws": 2},
    "factor_kind": {"kinds": ["a", "b", "a"], "truth": ["a", "b", "b"], "match": [0, 1, 2]},
    "factor_leakage": {
        **{"shared": FACTORS, "private": FACTORS**2, "shared_truth": FACTORS, "private_truth": FACTORS**2},
        "n_folds": 3,
    },
    "factor_recovery": {"estimate": FACTORS, "truth": FACTORS},
    "foreground_detection": {"probability": random.random((36, 5)), "foreground": MASK},
    "ecotype_recovery": {"labels": LABELS, "truth": LABELS, "cell_types": GROUPS, "confidence": np.arange(36.0)},
    "label_autocorrelation": {"labels": LABELS, "graph": metrics.lattice_graph(GRID), "groups": GROUPS},
    "label_shift_null": {"labels": LABELS, "coordinates": GRID, "groups": GROUPS, "n_draws": 2},
    "lattice_graph": {"coordinates": GRID, "groups": GROUPS},
    "loading_recovery": {"estimate": LOADINGS, "truth": LOADINGS, "match": [0, 1, 2]},
    "loadings_clustering": {"estimate": LOADINGS, "truth": LOADINGS},
    "matched_variogram_null": {"values": FACTORS, "coordinates": GRID, "groups": GROUPS, "n_draws": 2},
    "nearest_correspondence": {"embedding": FACTORS, "slices": GROUPS},
    "neighborhood_jaccard": {"embedding": FACTORS, "reference": FACTORS, "groups": GROUPS, "n_neighbors": 5},
    "neighborhood_purity": {"embedding": FACTORS, "labels": LABELS, "groups": GROUPS, "n_neighbors": 5},
    "network_recovery": {
        "estimate": COUPLINGS,
        "truth": COUPLINGS,
        "match": [0, 1, 2],
        "sign": [1, 1, -1],
        "n_draws": 2,
    },
    "null_of": {"coordinates": GRID, "groups": GROUPS},
    "pairwise_distance_correlation": {"estimate": FACTORS, "truth": FACTORS},
    "pas": {"labels": LABELS, "coordinates": GRID, "groups": GROUPS},
    "permutation_null": {"values": FACTORS, "groups": GROUPS, "n_draws": 2},
    "precision_recall_curve": {"scores": np.arange(20.0), "is_spatial": np.arange(20) < 8},
    "proportion_recovery": {"estimate": FACTORS, "truth": FACTORS},
    "reconstruction": {"estimate": FACTORS, "mean": FACTORS},
    "registration_error": {"aligned": GRID, "truth": GRID, "slices": GROUPS, "shared": np.ones(36, bool)},
    "response_recovery": {"estimate": FACTORS, "truth": FACTORS, "match": [0, 1, 2], "sign": [1, 1, -1], "n_draws": 2},
    "shared_area": {"coordinates": GRID, "slices": GROUPS},
    "slice_mixing": {"embedding": FACTORS, "slices": GROUPS, "domains": LABELS, "n_neighbors": 5},
    "smooth_null": {"values": FACTORS, "coordinates": GRID, "groups": GROUPS, "n_draws": 2},
    "spatial_importance": {
        **{"spatial_factors": FACTORS, "spatial_loadings": LOADINGS},
        **{"nonspatial_factors": FACTORS, "nonspatial_loadings": LOADINGS},
    },
    "spatial_importance_distance": {"estimate": np.arange(3.0), "truth": np.arange(3.0)},
    "subspace_angles": {"estimate": FACTORS, "truth": FACTORS},
    "svg_calibration": {"p_values": np.linspace(0, 1, 20), "is_spatial": np.arange(20) < 8, "threshold": 0.1},
    "svg_detection": {"scores": np.arange(20.0), "is_spatial": np.arange(20) < 8},
    "toroidal_shift_null": {"values": FACTORS, "coordinates": GRID, "groups": GROUPS, "n_draws": 2},
    "variance_recovered": {"estimate": FACTORS, "truth": FACTORS},
}
ARRAYS = {
    "ragged": [[1, 2], [3]],
    "objects": [object()] * 36,
    "lists": [[1], {}, 2] * 12,
    "dicts": [{}] * 36,
    "digits": [[10**400] * 3] * 36,
    "nan": np.full((36, 3), np.nan),
    "infinite": np.full((36, 3), np.inf),
    "1e300": random.random((36, 3)) * 1e300,
    "1e-320": np.full((36, 3), 1e-320),
    "complex": np.ones((36, 3)) * 1j,
    "dates": np.array(["2020"] * 36, "M8[Y]"),
    "no rows": np.zeros((0, 3)),
    "no columns": np.zeros((36, 0)),
    "one row": np.ones((1, 3)),
    "three axes": np.zeros((36, 2, 2)),
    "texts": ["a"] * 36,
    "sparse": csr_matrix(np.eye(36)),
}


def test_every_function_of_arrays_is_tried() -> None:
    others = {"slice_kbet", "slice_lisi"}  # which need an extra, and read their arrays as slice_mixing does
    assert {name for name in metrics.__all__ if name.islower()} - others == set(ARGUMENTS)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_no_array_ends_in_a_foreign_error(name) -> None:
    metric, arguments = getattr(metrics, name), ARGUMENTS[name]

    def call(**other: object) -> object:
        result = metric(**arguments | other)
        return list(result) if inspect.isgenerator(result) else result

    call()
    for parameter in arguments:
        if name == "chance_level" and parameter == "nulls":
            continue  # they are handed to the user's own function
        for value in {**EXTREME, **FOREIGN, **ARRAYS}.values():
            if parameter == "n_draws" and isinstance(value, int) and value > 5:
                continue  # that many draws are what is asked for
            with warnings.catch_warnings():
                warnings.simplefilter("error", RuntimeWarning)
                own_error(lambda value=value, parameter=parameter: call(**{parameter: value}))


SEEDED = [name for name in ARGUMENTS if "rng" in inspect.signature(getattr(metrics, name)).parameters]


@pytest.mark.parametrize("name", SEEDED)
@pytest.mark.parametrize("value", ["5", b"ab", 2.5, True, -1, [], [1, "a"], object(), {}])
def test_what_is_no_seed_is_refused_though_nothing_is_drawn(name, value) -> None:
    with pytest.raises((TypeError, ValueError), match="rng must"):
        result = getattr(metrics, name)(**ARGUMENTS[name], rng=value)
        list(result if inspect.isgenerator(result) else ())


@pytest.mark.parametrize("name", ["neighborhood_jaccard", "neighborhood_purity", "pairwise_distance_correlation"])
def test_a_generator_that_nothing_is_drawn_from_stays_as_it_is(name) -> None:
    generator = np.random.default_rng(3)
    getattr(metrics, name)(**ARGUMENTS[name], rng=generator)
    assert generator.bit_generator.state == np.random.default_rng(3).bit_generator.state


@pytest.mark.parametrize("value", [*FOREIGN.values()][:3])
def test_chance_of_what_is_no_function(value) -> None:
    with pytest.raises(TypeError, match="score must be a function of an array"):
        metrics.chance_level(value, [FACTORS])
    with pytest.raises(TypeError, match="nulls must be several arrays"):
        metrics.chance_level(np.mean, value)


def nearest_by_all_pairs(points: np.ndarray, n_neighbors: int) -> list[set[int]]:
    """Of the distances that agree with the last one, those of the lowest index."""
    found = []
    for i, distances in enumerate(cdist(points, points)):
        others = np.delete(np.arange(len(points)), i)
        last = np.sort(distances[others])[n_neighbors - 1]
        nearer = [j for j in others if distances[j] < last * (1 - TIE)]
        tied = [j for j in others if last * (1 - TIE) <= distances[j] <= last * (1 + TIE)]
        found.append({*nearer, *tied[: n_neighbors - len(nearer)]})
    return found


@pytest.mark.parametrize("n_neighbors", [1, 3, 10])
@pytest.mark.parametrize("n_places", [1, 2, 5, 40])
@pytest.mark.parametrize("spread", [False, True])
def test_neighbours_of_coincident_spots_are_those_of_all_pairs(n_places, n_neighbors, spread) -> None:
    rng = np.random.default_rng(n_places)
    places = rng.random((n_places, 2)) if spread else np.indices((n_places, 1)).reshape(2, -1).T.astype(float)
    points = places[rng.integers(0, n_places, 60)]
    found = [set(row.tolist()) for row in nearest_in_space(points, n_neighbors)]
    assert found == nearest_by_all_pairs(points, n_neighbors)


def test_distance_to_nearest_is_that_of_all_pairs() -> None:
    points = np.random.default_rng(0).integers(0, 5, (40, 2)).astype(float)
    expected = (cdist(points, points) + np.diag(np.full(40, np.inf))).min(axis=1)
    np.testing.assert_allclose(distance_to_nearest(points), expected)
    assert distance_to_nearest(np.zeros((3, 2))).tolist() == [0, 0, 0]


@pytest.mark.parametrize("n_places", [1, 2, 1000])
def test_time_is_linear_in_coincident_spots(n_places) -> None:
    rng = np.random.default_rng(0)
    points = rng.random((100_000, 2))
    points[:50_000] = points[rng.integers(0, n_places, 50_000)]  # more of them are refused
    labels = rng.integers(0, 3, len(points))
    start = time.perf_counter()
    metrics.pas(labels, points)
    metrics.chaos(labels, points)
    next(metrics.matched_variogram_null(points[:, :1], points, n_draws=1))
    nearest_in_space(points[:50_000], 10)
    distance_to_nearest(points[:50_000])
    with pytest.raises(ValueError, match=r"coordinates must be distinct, got \d+ spots that lie on another one"):
        lattice_spacing(points)
    with pytest.raises(
        ValueError, match="got 50000 of 50000 spots that share their position with another; pass groups="
    ):
        metrics.pas(labels[:50_000], points[:50_000])
    assert time.perf_counter() - start < 10
