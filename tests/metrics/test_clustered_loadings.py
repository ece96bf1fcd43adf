"""NSF's two rotation-free summaries against scipy and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist
from scipy.stats import pearsonr
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from spsim.metrics import loadings_clustering, pairwise_distance_correlation


def blobs(n_features: int = 60, n_factors: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(15)
    truth = 20 * np.eye(n_factors)[rng.integers(n_factors, size=n_features)]
    estimate = np.abs(truth[:, rng.permutation(n_factors)] + rng.normal(size=truth.shape))
    for array in (estimate, truth):
        array.flags.writeable = False
    return estimate, truth


def test_distance_correlation_is_pearson_of_pdist():
    estimate, truth = blobs()
    expected = pearsonr(pdist(truth), pdist(estimate))[0]
    assert pairwise_distance_correlation(estimate, truth) == pytest.approx(expected, abs=1e-9)


def test_distance_correlation_ignores_rotation_shift_and_row_order():
    rng = np.random.default_rng(16)
    _, truth = blobs()
    rotation = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    rows = rng.permutation(60)
    assert pairwise_distance_correlation(truth[rows] @ rotation * 3 + 1, truth[rows]) == pytest.approx(1)


def test_distance_correlation_of_a_sample_is_seeded_and_near_the_whole():
    rng = np.random.default_rng(17)
    truth = rng.normal(size=(600, 3))
    estimate = truth + rng.normal(size=(600, 3))
    whole = pairwise_distance_correlation(estimate, truth, n_sampled=None)
    sample = pairwise_distance_correlation(estimate, truth, n_sampled=200, rng=1)
    assert sample == pairwise_distance_correlation(estimate, truth, n_sampled=200, rng=1)
    assert sample != pairwise_distance_correlation(estimate, truth, n_sampled=200, rng=2)
    assert sample == pytest.approx(whole, abs=0.1)


def test_distance_correlation_of_a_constant_is_zero():
    assert pairwise_distance_correlation(np.ones((9, 2)), np.arange(18.0).reshape(9, 2)) == 0


def test_clustering_agrees_with_scikit_learn():
    # Overlapping groups and a group without loadings: neither value is 1, they differ, and the seed matters.
    rng = np.random.default_rng(20)
    truth = np.vstack([np.repeat(np.eye(4), 30, axis=0), np.zeros((30, 4))])
    estimate = truth + rng.normal(scale=0.6, size=truth.shape)
    main = np.where(truth.any(axis=1), truth.argmax(axis=1), -1)
    found = []
    for seed in (0, 1, 2, 3):
        state = int(np.random.SeedSequence(seed).generate_state(1)[0])
        means = [KMeans(4, n_init=10, random_state=state).fit(array).labels_ for array in (truth, estimate)]
        expected = {
            "ari": adjusted_rand_score(*means),
            "ari_main_factor": adjusted_rand_score(main, means[1]),
            "n": 150,
        }
        found.append(loadings_clustering(estimate, truth, rng=seed))
        assert found[-1] == pytest.approx(expected)
        assert (
            found[-1]["ari"] != found[-1]["ari_main_factor"] and max(found[-1]["ari"], found[-1]["ari_main_factor"]) < 1
        )
    assert len({result["ari"] for result in found}) > 1


def test_clustering_of_the_truth_is_perfect_and_that_of_noise_is_not():
    _, truth = blobs()
    assert loadings_clustering(truth, truth) == {"ari": 1, "ari_main_factor": 1, "n": 60}
    noise = loadings_clustering(np.random.default_rng(18).normal(size=truth.shape), truth)
    assert abs(noise["ari"]) < 0.2


def test_features_without_loadings_are_a_group_of_their_own():
    truth = np.repeat([[1.0, 0], [0, 1], [0, 0]], 5, axis=0)
    two = loadings_clustering(truth, truth)
    assert two["ari"] == 1
    assert two["ari_main_factor"] < 1


@pytest.mark.filterwarnings("error")
def test_fewer_distinct_features_than_factors_warn_of_nothing():
    truth = np.zeros((6, 3))
    truth[:, 0] = 1
    assert np.isnan([loadings_clustering(truth, truth, rng=4)[name] for name in ("ari", "ari_main_factor")]).all()
    truth[3:, 0] = 2
    assert loadings_clustering(truth, truth, rng=4)["ari"] == 1


def test_bad_input_is_refused():
    estimate, truth = blobs()
    for function in (loadings_clustering, pairwise_distance_correlation):
        with pytest.raises(ValueError, match="estimate and truth must have the same number of rows, got 59 and 60"):
            function(estimate[1:], truth)
    with pytest.raises(ValueError, match="n_sampled must be a whole number of at least 2, got 1"):
        pairwise_distance_correlation(estimate, truth, n_sampled=1)
    with pytest.raises(ValueError, match="estimate and truth must have at least 2 rows, got 1"):
        pairwise_distance_correlation(estimate[:1], truth[:1])
