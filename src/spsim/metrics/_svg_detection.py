"""Whether spatially variable features were found: ranking, decision and calibration."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import same_length, truth_values, vector
from spsim.metrics._ranking import ranking_scores


def svg_detection(
    scores: ArrayLike, is_spatial: ArrayLike, *, p_values: ArrayLike | None = None, threshold: float = 0.05
) -> dict[str, float]:
    """Score a ranking of features by how spatial they are and, with p-values, the decisions too.

    Parameters
    ----------
    scores
        One score per feature, higher is more spatial (``-p`` if there are p-values only). A feature that was not
        tested belongs at the bottom, not left out: give it the lowest score and p-value 1.
    is_spatial
        Boolean truth of each feature. Both kinds must occur.
    p_values
        Unadjusted p-values; adds what :func:`svg_calibration` returns.
    threshold
        Level of the adjusted p-values.

    Returns
    -------
    A dict with ``auroc``, ``average_precision`` (chance: the share of spatial features), ``precision_at_count`` (share
    of spatial features among as many top scores as there are spatial features; ties at the cut count by their share),
    ``n_spatial`` and ``n``, the number of features.

    Examples
    --------
    >>> result = svg_detection([0.9, 0.8, 0.1, 0.3], [True, True, False, False], p_values=[0.001, 0.002, 0.5, 0.9])
    >>> result["auroc"], result["precision_at_count"], result["tpr"], result["fdr"]
    (1.0, 1.0, 1.0, 0.0)
    """
    is_spatial, scores, p_values = in_one_order(is_spatial=is_spatial, scores=scores, p_values=p_values)
    ranking, spatial = vector("scores", scores), spatial_truth(is_spatial)
    n_features, n_spatial = same_length(scores=ranking, is_spatial=spatial), int(spatial.sum())
    if n_spatial in (0, n_features):
        msg = f"is_spatial must hold both kinds of features, got {n_spatial} spatial of {n_features}"
        raise ValueError(msg)
    names = ("auroc", "average_precision", "precision_at_count")
    result: dict[str, float] = dict(zip(names, ranking_scores(ranking, spatial), strict=True))
    result |= {"n_spatial": n_spatial, "n": n_features}
    return result if p_values is None else result | svg_calibration(p_values, spatial, threshold=threshold)


def svg_calibration(p_values: ArrayLike, is_spatial: ArrayLike, *, threshold: float = 0.05) -> dict[str, float]:
    """Score decisions at a threshold and the uniformity of the p-values of features that are not spatial.

    Parameters
    ----------
    p_values
        Unadjusted p-values, one per feature.
    is_spatial
        Boolean truth of each feature; all False in a null world.
    threshold
        Level: Benjamini-Hochberg adjusted p-values at most this are discoveries.

    Returns
    -------
    A dict with ``tpr``, ``fdr`` (0 without discoveries) and ``fpr`` of the discoveries; ``n_discoveries``;
    ``null_share`` (share of unadjusted null p-values below the threshold: the threshold itself if they are uniform);
    ``null_ks`` and ``null_ks_p`` (Kolmogorov-Smirnov distance of the null p-values from uniform, and its p-value);
    ``n_null``, ``n_spatial`` and ``n``. What has nothing to be counted on is NaN: ``tpr`` without spatial features, the
    null values without others.

    Examples
    --------
    >>> result = svg_calibration([0.001, 0.2, 0.5, 0.8], [True, False, False, False])
    >>> result["tpr"], result["n_discoveries"], round(result["null_ks"], 3)
    (1.0, 1, 0.2)

    References
    ----------
    .. [1] Benjamini and Hochberg (1995), Controlling the false discovery rate, Journal of the Royal Statistical
       Society B 57, 289-300.
    """
    from scipy.stats import false_discovery_control, kstest

    is_spatial, p_values = in_one_order(is_spatial=is_spatial, p_values=p_values)
    observed, spatial = vector("p_values", p_values), spatial_truth(is_spatial)
    n_features = same_length(p_values=observed, is_spatial=spatial)
    threshold = _validate.probability("threshold", threshold)
    if observed.min() < 0 or observed.max() > 1:
        msg = f"p_values must lie in [0, 1], got values from {observed.min():g} to {observed.max():g}"
        raise ValueError(msg)
    found = false_discovery_control(observed) <= threshold
    null = observed[~spatial]
    statistic, p_value = kstest(null, "uniform") if len(null) else (np.nan, np.nan)
    return {
        "tpr": _share(found & spatial, spatial),
        "fdr": _share(found & ~spatial, found) if found.any() else 0.0,
        "fpr": _share(found & ~spatial, ~spatial),
        "n_discoveries": int(np.count_nonzero(found)),
        "null_share": _share((observed < threshold) & ~spatial, ~spatial),
        "null_ks": float(statistic),
        "null_ks_p": float(p_value),
        "n_null": len(null),
        "n_spatial": int(np.count_nonzero(spatial)),
        "n": n_features,
    }


def spatial_truth(is_spatial: ArrayLike) -> np.ndarray:
    """Return the truth as a non-empty boolean vector."""
    spatial = truth_values("is_spatial", is_spatial)
    if spatial.dtype != np.bool_ or spatial.ndim != 1 or not spatial.size:
        msg = f"is_spatial must be a non-empty boolean vector, got dtype {spatial.dtype} and shape {spatial.shape}"
        raise TypeError(msg) if spatial.dtype != np.bool_ else ValueError(msg)
    return spatial


def _share(part: np.ndarray, whole: np.ndarray) -> float:
    n_whole = np.count_nonzero(whole)
    return float(np.count_nonzero(part) / n_whole) if n_whole else float("nan")
