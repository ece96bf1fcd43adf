"""Frames and series are compared by their labels, in whatever order they come; where labels differ they are refused."""

from __future__ import annotations

import inspect

import numpy as np
import pandas as pd
import pytest

from hostile_values import own_error
from spsim import metrics

random = np.random.default_rng(0)
SPOTS = pd.Index([f"spot_{i}" for i in random.permutation(36)])
FEATURES = pd.Index([f"rna_{i}" for i in random.permutation(20)])
FACTORS = pd.Index(["f_1", "f_2", "f_3"])
GRID = np.indices((6, 6)).reshape(2, -1).T.astype(float)


def spots(values, columns=None):
    return pd.Series(values, SPOTS) if np.ndim(values) == 1 else pd.DataFrame(values, SPOTS, columns)


def features(values, columns=None):
    return pd.Series(values, FEATURES) if np.ndim(values) == 1 else pd.DataFrame(values, FEATURES, columns)


EMBEDDING, TRUTH = spots(random.random((36, 3)), list("abc")), spots(random.random((36, 3)), FACTORS)
LABELS, DOMAINS = spots(random.choice(list("xyz"), 36)), spots(random.choice(list("xyz"), 36))
GROUPS, PLACES, FOREGROUND = spots(np.repeat(["a", "b"], 18)), spots(GRID), spots(random.random(36) < 0.7)
W, W_TRUE = features(random.random((20, 3)), list("abc")), features(random.random((20, 3)) - 0.4, FACTORS)
MEAN, MASK = spots(random.random((36, 20)), FEATURES), spots(random.random((36, 20)) < 0.4, FEATURES)
IS_SPATIAL, P = features(np.arange(20) < 8), features(random.random(20))
PLACED = {"coordinates": PLACES, "groups": GROUPS}
SHARES, TRUE_SHARES = (spots(random.dirichlet(np.ones(3), 36), FACTORS) for _ in range(2))
PLAN = pd.DataFrame((random.random((36, 36)) < 0.2) * 1.0, SPOTS, SPOTS)
NETWORK = pd.DataFrame([[0, 0.8, 0], [0.8, 0, -0.6], [0, -0.6, 0]], FACTORS, FACTORS)
RESPONSES = spots(random.random((36, 3)))
PATCHES = spots(np.tile(["a", "b"], 18))
# The first of each has the order; all that follow may come in another.
CASES = {
    "abundance_recovery": {
        "truth": DOMAINS,
        "labels": LABELS,
        "samples": spots(np.repeat(list("abcd"), 9)),
        "conditions": GROUPS,
        "n_draws": 2,
    },
    "amari_error": {"truth": TRUTH, "estimate": EMBEDDING},
    "chaos": {"labels": LABELS, **PLACED},
    "correspondence_accuracy": {"slices": GROUPS, "plan": PLAN, "partners": PLAN.T, "labels": LABELS},
    "domain_agreement": {"truth": DOMAINS, "labels": LABELS, "foreground": FOREGROUND},
    "domain_ceiling": {"truth": DOMAINS, "foreground": FOREGROUND, "visible": ["x"], "background": "y"},
    "domain_chance": {"truth": DOMAINS, "labels": LABELS, "foreground": FOREGROUND, "n_draws": 3, **PLACED},
    "domain_continuity": {"truth": DOMAINS, "labels": LABELS, **PLACED},
    "dropout_detection": {"dropout": MASK, "probability": MEAN, "counts": MEAN.round()},
    "ecotype_recovery": {
        "truth": DOMAINS,
        "labels": LABELS,
        "cell_types": GROUPS,
        "confidence": spots(random.random(36)),
        "n_draws": 2,
    },
    "energy_kinds": {"factors": EMBEDDING, "loadings": {"rna": W, "adt": W + 1}},
    "factor_ceiling": {
        "visible": pd.Series([True, False, True], FACTORS),
        "chance": pd.Series([0.1, 0.2, 0.3], FACTORS),
    },
    "factor_chance": {"truth": TRUTH, "estimate": EMBEDDING, "n_draws": 3, **PLACED},
    "factor_kind": {
        "truth": pd.Series(["shared", "private_rna", "private_adt"], FACTORS),
        "match": pd.Series([2, -1, 0], FACTORS),
        "kinds": ["private_adt", "shared", "shared"],
    },
    "factor_leakage": {"shared_truth": TRUTH, "private_truth": TRUTH**2, "shared": EMBEDDING, "private": EMBEDDING**3},
    "factor_recovery": {"truth": TRUTH, "estimate": EMBEDDING, "true_loadings": W_TRUE, "loadings": W},
    "foreground_detection": {"foreground": MASK, "probability": MEAN},
    "label_autocorrelation": {"labels": LABELS, "groups": GROUPS, "graph": metrics.lattice_graph(GRID)},
    "label_shift_null": {"labels": LABELS, "n_draws": 2, **PLACED},
    "lattice_graph": {"coordinates": PLACES, "groups": GROUPS},
    "loading_recovery": {
        "truth": W_TRUE,
        "estimate": W,
        "match": pd.Series([2, 0, 1], FACTORS),
        "sign": pd.Series([1, -1, 1], FACTORS),
    },
    "loadings_clustering": {"truth": W_TRUE, "estimate": W},
    "matched_variogram_null": {"values": EMBEDDING, "n_draws": 2, **PLACED},
    "nearest_correspondence": {"slices": GROUPS, "embedding": EMBEDDING},
    "neighborhood_jaccard": {"embedding": EMBEDDING, "reference": TRUTH, "groups": GROUPS, "n_neighbors": 5},
    "neighborhood_purity": {
        "labels": DOMAINS,
        "embedding": EMBEDDING,
        "groups": GROUPS,
        "foreground": FOREGROUND,
        "n_neighbors": 5,
    },
    "network_recovery": {
        "truth": NETWORK,
        "match": pd.Series([2, 0, 1], FACTORS),
        "sign": pd.Series([1, -1, 1], FACTORS),
        "estimate": random.random((3, 3)),
        "n_draws": 0,
    },
    "null_of": {"coordinates": PLACES, "groups": GROUPS},
    "pairwise_distance_correlation": {"truth": TRUTH, "estimate": EMBEDDING, "n_sampled": 20},
    "pas": {"labels": LABELS, **PLACED},
    "permutation_null": {"values": EMBEDDING, "groups": GROUPS, "n_draws": 2},
    "precision_recall_curve": {"is_spatial": IS_SPATIAL, "scores": P},
    "proportion_recovery": {"truth": TRUE_SHARES, "estimate": SHARES},
    "reconstruction": {"mean": MEAN, "estimate": MEAN**2, "shape": P + 1},
    "registration_error": {"truth": PLACES, "aligned": PLACES * 1.1, "slices": PATCHES},
    "response_recovery": {
        "truth": RESPONSES,
        "estimate": RESPONSES**2,
        "n_draws": 0,
    },
    "shared_area": {"slices": PATCHES, "coordinates": PLACES},
    "slice_mixing": {"slices": GROUPS, "domains": DOMAINS, "embedding": EMBEDDING, "n_neighbors": 5},
    "smooth_null": {"values": EMBEDDING, "n_draws": 2, **PLACED},
    "spatial_importance": {
        "spatial_factors": TRUTH,
        "spatial_loadings": W_TRUE.abs(),
        "nonspatial_factors": EMBEDDING,
        "nonspatial_loadings": W,
    },
    "spatial_importance_distance": {"truth": P, "estimate": P**2},
    "subspace_angles": {"truth": TRUTH, "estimate": EMBEDDING},
    "svg_calibration": {"is_spatial": IS_SPATIAL, "p_values": P},
    "svg_detection": {"is_spatial": IS_SPATIAL, "scores": -P, "p_values": P},
    "toroidal_shift_null": {"values": EMBEDDING, "n_draws": 2, **PLACED},
    "variance_recovered": {"truth": TRUTH, "estimate": EMBEDDING},
}
# Two need an extra, and read their arrays as slice_mixing does.
WITHOUT = {
    "chance_level",
    "slice_lisi",
    "slice_kbet",
}  # the first one's are handed to the user's own function, one by one


def result(name, arguments):
    found = getattr(metrics, name)(**arguments)
    if inspect.isgenerator(found):
        return list(found)
    return found.toarray() if hasattr(found, "toarray") else getattr(found, "__dict__", found)


def same(actual, expected) -> bool:
    """Whether two results agree, but for rounding: a frame in another order may lie in another order in memory."""
    if isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(same(actual[key], expected[key]) for key in expected)
    if isinstance(expected, list | tuple) and not isinstance(expected[0], str):
        return len(actual) == len(expected) and all(map(same, actual, expected))
    if isinstance(expected, np.ndarray | float):
        return np.allclose(actual, expected, rtol=1e-9, atol=1e-12, equal_nan=True)
    return actual == expected


def labelled(arguments) -> list[str]:
    return [name for name, value in arguments.items() if hasattr(value, "iloc")]


def moved(value):
    """The same labels and values in the reverse order, on both axes of a table of entries."""
    return value.iloc[::-1, ::-1] if value.columns.equals(FEATURES) else value.iloc[::-1]


def other_order(value):
    return moved(value) if isinstance(value, pd.DataFrame) else value.iloc[::-1]


def test_every_metric_of_arrays_is_tried() -> None:
    functions = {name for name in metrics.__all__ if not inspect.isclass(getattr(metrics, name))}
    assert functions - WITHOUT == {*CASES}


@pytest.mark.parametrize("name", CASES)
def test_labels_decide_not_positions(name) -> None:
    arguments = CASES[name]
    expected = result(name, arguments)
    bare = {key: value.to_numpy() if hasattr(value, "iloc") else value for key, value in arguments.items()}
    assert same(result(name, bare), expected)  # in one order labels change nothing
    for parameter in labelled(arguments)[1:]:
        if (name, parameter) in (("label_autocorrelation", "groups"), ("spatial_importance", "spatial_loadings")):
            continue  # beside a graph without labels; the first of the features, whose order the result has
        assert same(result(name, arguments | {parameter: other_order(arguments[parameter])}), expected)


def test_components_are_aligned_with_their_loadings() -> None:
    arguments = CASES["factor_recovery"]
    expected = result("factor_recovery", arguments)
    turned = arguments | {"loadings": W[list("cab")], "true_loadings": W_TRUE[FACTORS[::-1]]}
    assert same(result("factor_recovery", turned), expected)
    kinds = metrics.energy_kinds(EMBEDDING, {"rna": W * [1, 0, 1], "adt": W * [0, 1, 1]})
    assert kinds == ["private_rna", "private_adt", "shared"]
    assert metrics.energy_kinds(EMBEDDING, {"rna": (W * [1, 0, 1])[list("cba")], "adt": W * [0, 1, 1]}) == kinds
    shares = CASES["spatial_importance"]
    turned = shares | {"spatial_loadings": shares["spatial_loadings"].iloc[:, ::-1]}
    assert same(result("spatial_importance", turned), result("spatial_importance", shares))


@pytest.mark.parametrize("name", CASES)
def test_labels_that_differ_are_refused(name) -> None:
    arguments = CASES[name]
    for parameter in labelled(arguments)[1:]:
        value = arguments[parameter]
        names = value.index.to_series()
        foreign = value.set_axis(names.where(names != names.iloc[0], "foreign").to_numpy(), axis=0)
        twice = value.set_axis(names.where(names != names.iloc[0], names.iloc[1]).to_numpy(), axis=0)
        fresh = value.reset_index(drop=True)
        for other, words in (
            (foreign, "must have the same row labels"),
            (twice, "must be unique to be aligned"),
            (fresh, "must have the same row labels"),
        ):
            if name == "spatial_importance" and parameter != "nonspatial_factors":
                continue  # features of loadings stand beside those of the other loadings only
            if name == "factor_recovery" and parameter == "true_loadings":
                continue
            text = own_error(lambda other=other, parameter=parameter: result(name, arguments | {parameter: other}))
            assert text is not None, (name, parameter)
            assert words in text or words.replace("row", "column") in text, text


def test_the_error_names_what_differs() -> None:
    with pytest.raises(ValueError, match=r"estimate and truth must have the same row labels to be aligned: ") as error:
        metrics.variance_recovered(EMBEDDING.iloc[2:], TRUTH.iloc[1:])
    assert f"estimate lacks 1 ('{SPOTS[1]}')" in str(error.value) and "truth lacks" not in str(error.value)
    assert "pass arrays (.to_numpy())" in str(error.value)
    with pytest.raises(ValueError, match=r"row labels of estimate must be unique to be aligned, got 'spot_\d+' more"):
        metrics.variance_recovered(pd.concat([EMBEDDING, EMBEDDING.iloc[:1]]), TRUTH)
    with pytest.raises(
        ValueError,
        match="estimate and mean must have the same column labels to be aligned: estimate lacks 1 .'rna_0'. and mean ",
    ):
        metrics.reconstruction(MEAN.rename(columns={"rna_0": "rna_x"}), MEAN)


def test_an_array_beside_frames_in_different_orders_is_refused() -> None:
    """Whose order has it? Beside frames in one order it has theirs."""
    places = PLACES.to_numpy()
    assert metrics.domain_continuity(LABELS, DOMAINS, places) == metrics.domain_continuity(LABELS, DOMAINS, PLACES)
    message = "coordinates must carry row labels too .* since truth and labels hold theirs in different orders"
    with pytest.raises(ValueError, match=message):
        metrics.domain_continuity(LABELS.iloc[::-1], DOMAINS, places)
    with pytest.raises(ValueError, match="graph must carry row labels too"):
        metrics.label_autocorrelation(LABELS, metrics.lattice_graph(GRID), groups=GROUPS.iloc[::-1])


def test_whole_numbers_are_labels_as_well() -> None:
    truth, estimate = TRUTH.reset_index(drop=True), EMBEDDING.reset_index(drop=True)
    expected = metrics.variance_recovered(estimate, truth)
    assert same(metrics.variance_recovered(estimate.sample(frac=1, random_state=0), truth), expected)
    kept = truth.index % 2 == 0
    with pytest.raises(ValueError, match="must have the same row labels"):
        metrics.variance_recovered(estimate[kept], truth[kept].reset_index(drop=True))


def test_labels_of_several_levels() -> None:
    levels = pd.MultiIndex.from_product([["a", "b"], range(18)])
    truth, estimate = TRUTH.set_axis(levels, axis=0), EMBEDDING.set_axis(levels, axis=0)
    expected = metrics.variance_recovered(estimate, truth)
    assert same(metrics.variance_recovered(estimate.iloc[::-1], truth), expected)
