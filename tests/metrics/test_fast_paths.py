"""What makes scores fast gives what the plain formulas give: distances, neighbours of one label, tables, small matrices."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist
from sklearn import metrics as reference
from sklearn.metrics.cluster import pair_confusion_matrix

from spsim import metrics
from spsim.metrics import _own_label
from spsim.metrics._arrays import pearson, unit_columns
from spsim.metrics._distances import BLOCK, TrueDistances
from spsim.metrics._factor_space import angles, explained, mixing
from spsim.metrics._null_draws import NullDraws
from spsim.metrics._own_label import own_label_counts

GRID = np.indices((9, 8)).reshape(2, -1).T.astype(float)
RNG = np.random.default_rng(0)


def arrays(n: int, n_columns: int) -> dict[str, np.ndarray]:
    """Embeddings that are hard on short cuts: ties, equal rows, tight clusters, large offsets, tiny values."""
    rng = np.random.default_rng([n, n_columns])
    centres = rng.normal(size=(4, n_columns))
    kinds = rng.integers(0, 4, n)
    return {
        "scattered": rng.normal(size=(n, n_columns)),
        "equal rows": centres[kinds],
        "tight clusters": centres[kinds] + rng.normal(0, 1e-7, (n, n_columns)),
        "whole numbers": rng.integers(0, 2, (n, n_columns)).astype(float),
        "offset": 1e6 + rng.normal(size=(n, n_columns)),
        "tiny": 1e-30 * rng.normal(size=(n, n_columns)),
    }


@pytest.mark.parametrize("kind", ["scattered", "equal rows", "tight clusters", "whole numbers", "offset", "tiny"])
@pytest.mark.parametrize("n_columns", [2, 9, 20])
@pytest.mark.parametrize("n", [2, 7, BLOCK + 1, BLOCK + 2, 200])
def test_distances_correlate_as_those_of_scipy(n, n_columns, kind) -> None:
    estimate, truth = arrays(n, n_columns)[kind], arrays(n, 3)["scattered"]
    expected = pearson(pdist(estimate)[:, None], pdist(truth)[:, None])[0, 0] if n > 2 else np.nan  # one distance only
    assert TrueDistances(truth).correlation(estimate) == pytest.approx(
        expected, abs=1e-9 if kind == "offset" else 1e-12, nan_ok=True
    )
    if n > 2:
        back = TrueDistances(estimate).correlation(truth)
        assert back == pytest.approx(expected, abs=1e-9 if kind == "offset" else 1e-12)


def test_equal_distances_correlate_with_nothing() -> None:
    simplex, others = np.eye(20), RNG.normal(size=(20, 3))
    assert TrueDistances(others).correlation(3 * simplex) == 0
    assert np.isnan(TrueDistances(simplex).correlation(others))  # and there is nothing to recover of them


def plain_counts(embedding, codes, n_neighbors, rows):
    """Sorted distances of each row; only where no tie decides."""
    counts = []
    for row in rows:
        distance = np.linalg.norm(embedding - embedding[row], axis=1)
        distance[row] = -1
        near = np.argsort(distance)
        is_clear = distance[near[n_neighbors + 1]] > distance[near[n_neighbors]] * (1 + 1e-9)
        counts.append((codes[near[1 : n_neighbors + 1]] == codes[row]).sum() if is_clear else -1)
    return np.array(counts)


@pytest.mark.parametrize("kind", ["scattered", "equal rows", "tight clusters", "whole numbers", "offset", "tiny"])
@pytest.mark.parametrize("n_columns", [3, 9, 30])
@pytest.mark.parametrize(("n", "k"), [(40, 5), (40, 38), (900, 49)])
def test_counts_are_those_of_sorted_distances(n, n_columns, k, kind) -> None:
    embedding, codes = arrays(n, n_columns)[kind], np.random.default_rng(1).integers(0, 4, n)
    rows = np.random.default_rng(2).permutation(n)[:60]
    found, expected = own_label_counts(embedding, codes, k, rows), plain_counts(embedding, codes, k, rows)
    np.testing.assert_array_equal(found[expected >= 0], expected[expected >= 0])
    if kind == "scattered":
        assert (expected >= 0).all()


def test_nearly_all_rows_are_settled_without_the_slow_search(monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(
        _own_label, "nearest_in_embedding", lambda *a, **k: asked.append(len(a[2])) or np.zeros((len(a[2]), 49), int)
    )
    for n_columns in (4, 20):
        own_label_counts(
            np.random.default_rng(3).normal(size=(2000, n_columns)), np.zeros(2000, int), 49, np.arange(2000)
        )
    assert sum(asked) == 0
    own_label_counts(np.ones((100, 20)), np.zeros(100, int), 49, np.arange(100))
    assert asked == [100]


@pytest.mark.parametrize("sizes", [(3, 4), (3, 1), (50, 50)])
def test_one_table_gives_scikit_learns_measures(sizes) -> None:
    rng = np.random.default_rng(sizes)
    truth, labels = (rng.integers(0, size, 60) for size in sizes)
    if sizes == (50, 50):
        truth = labels = np.arange(60)  # no pair is together in either
    found = metrics.domain_agreement(labels, truth)
    homogeneity, completeness, v_measure = reference.homogeneity_completeness_v_measure(truth, labels)
    (_, only_labels), (only_truth, both) = pair_confusion_matrix(truth, labels)
    either = both + only_labels + only_truth
    expected = {
        "ari": reference.adjusted_rand_score(truth, labels),
        "ami": reference.adjusted_mutual_info_score(truth, labels),
        "nmi": reference.normalized_mutual_info_score(truth, labels),
        "homogeneity": homogeneity,
        "completeness": completeness,
        "v_measure": v_measure,
        "fmi": reference.fowlkes_mallows_score(truth, labels),
        "mi": reference.mutual_info_score(truth, labels),
        "pair_jaccard": both / either if either else 1.0,
        "pair_f1": 2 * both / (both + either) if either else 1.0,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-13)


@pytest.mark.parametrize("kept_bytes", [0, 10**9])
def test_small_matrices_give_the_scores_of_the_draws(monkeypatch, kept_bytes) -> None:
    monkeypatch.setattr("spsim.metrics._null_draws.KEPT_BYTES", kept_bytes)
    rng = np.random.default_rng(4)
    estimate, truth = rng.normal(5, 3, (72, 3)) * [1, 1e-2, 1e2], rng.normal(size=(72, 3))
    draws = NullDraws(estimate, GRID, n_draws=4, rng=7)
    plain = list(metrics.smooth_null(estimate, GRID, n_draws=4, rng=7))
    for again in range(2):
        for own, expected in zip(draws.arrays, plain, strict=True):
            np.testing.assert_allclose(own, expected, rtol=1e-12, err_msg=str(again))
    for small, null in zip(draws.reduced(truth), plain, strict=True):
        target, columns = small[:, :3], small[:, 3:]
        assert small.shape == (6, 6)
        np.testing.assert_allclose(explained(columns, target), metrics.variance_recovered(null, truth), atol=1e-13)
        np.testing.assert_allclose(angles(columns, target), metrics.subspace_angles(null, truth), atol=1e-12)
        length = np.linalg.norm(truth - truth.mean(axis=0), axis=0)
        assert mixing(columns * draws.length, target * length) == pytest.approx(metrics.amari_error(null, truth))
        np.testing.assert_allclose(target.T @ columns, unit_columns(truth)[0].T @ unit_columns(null)[0], atol=1e-14)
