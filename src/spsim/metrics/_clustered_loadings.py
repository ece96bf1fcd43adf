"""The two summaries of NSF's benchmark that need no match of factors, for comparability.

Townes and Engelhardt (2023), Nature Methods 20, 229-238.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from spsim._random import RNGLike
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import matrix, same_length, squarable
from spsim.metrics._distances import TrueDistances
from spsim.metrics._sampling import library_seed, sampled_rows


def pairwise_distance_correlation(
    estimate: ArrayLike, truth: ArrayLike, *, n_sampled: int | None = 5000, rng: RNGLike = 0
) -> float:
    """Correlate the distances between all pairs of rows with the true ones.

    Time and memory grow with the square of the number of rows (5,000 rows: 100 MB).

    Parameters
    ----------
    estimate
        Components (or loadings), rows x K.
    truth
        True factors (or loadings), rows x L, rows in the same order.
    n_sampled
        Rows in the seeded sample that is taken if there are more; None takes all.
    rng
        Seed of the sample.

    Returns
    -------
    Pearson correlation of the Euclidean distances; 0 if all distances of the estimate are equal, NaN if those of the truth
    are.

    Examples
    --------
    >>> import numpy as np
    >>> truth = np.arange(8.0).reshape(4, 2) ** 2
    >>> round(pairwise_distance_correlation(-2 * truth[:, ::-1], truth), 9)
    1.0
    """
    truth, estimate = in_one_order(truth=truth, estimate=estimate)
    estimate, truth = squarable("estimate", estimate), squarable("truth", truth)
    rows = sampled_rows(same_length(estimate=estimate, truth=truth), n_sampled, rng)
    if len(rows) < 2:
        msg = f"estimate and truth must have at least 2 rows, got {len(rows)}"
        raise ValueError(msg)
    return TrueDistances(truth[rows]).correlation(estimate[rows])


def loadings_clustering(estimate: ArrayLike, truth: ArrayLike, *, rng: RNGLike = 0) -> dict[str, float]:
    """Cluster the features by their loadings and compare with the truth.

    Parameters
    ----------
    estimate
        Estimated loadings, features x K.
    truth
        True loadings, features x L, rows in the same order.
    rng
        Seed of k-means, which the published score leaves unseeded.

    Returns
    -------
    A dict with ``ari``, k-means with L clusters on the estimate against k-means with L clusters on the truth, as
    published; ``ari_main_factor``, the same clusters against each feature's largest true loading (a feature without
    any is a group of its own kind), which needs no k-means on the truth; and ``n``, the number of features. Both are
    adjusted Rand indices, higher is better; NaN where the true grouping is a single one.

    Examples
    --------
    >>> import numpy as np
    >>> truth = np.repeat(np.eye(3), 5, axis=0)
    >>> loadings_clustering(truth[:, [2, 0, 1]], truth)
    {'ari': 1.0, 'ari_main_factor': 1.0, 'n': 15}
    """
    from sklearn.metrics import adjusted_rand_score

    truth, estimate = in_one_order(truth=truth, estimate=estimate)
    estimate, truth = matrix("estimate", estimate), matrix("truth", truth)
    n_features = same_length(estimate=estimate, truth=truth)
    seed = library_seed(rng)
    clusters = _clusters(estimate, truth.shape[1], seed)
    groups = {"ari": _clusters(truth, truth.shape[1], seed), "ari_main_factor": main_factor(truth)}
    scores = {
        name: float(adjusted_rand_score(true, clusters)) if len(np.unique(true)) > 1 else np.nan
        for name, true in groups.items()
    }
    return {**scores, "n": n_features}


def main_factor(loadings: np.ndarray) -> np.ndarray:
    """Column of each feature's largest absolute loading, -1 for a feature without any."""
    size = np.abs(loadings)
    return np.where(size.max(axis=1) > 0, size.argmax(axis=1), -1)


def _clusters(loadings: np.ndarray, n_clusters: int, seed: int) -> np.ndarray:
    from sklearn.cluster import KMeans

    n_distinct = len(np.unique(loadings, axis=0))
    return KMeans(min(n_clusters, n_distinct), n_init=10, random_state=seed).fit_predict(loadings)
