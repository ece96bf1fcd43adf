"""Whether a method tells measurement from truth: dropout from zeros, foreground from background."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import real_array, truth_values


def dropout_detection(
    probability: ArrayLike, dropout: ArrayLike, *, counts: ArrayLike | None = None
) -> dict[str, float]:
    r"""Score estimated probabilities of dropout against the simulated dropout mask.

    .. math:: \text{Brier} = \frac{1}{n} \sum_i (p_i - d_i)^2

    Parameters
    ----------
    probability
        Estimated probability that an entry was dropped, in [0, 1]; any shape.
    dropout
        Simulated mask, as :func:`spsim.get.dropout_mask` returns it; the same shape.
    counts
        Observed counts. With them only zeros are scored, which is the harder and the honest question: a count above 0
        cannot have been dropped.

    Returns
    -------
    A dict with ``auroc``, ``average_precision`` (chance: the true share), ``brier``, ``share`` and
    ``estimated_share`` (true and mean estimated share of dropout) and ``n``, the number of entries. Where all entries
    are of one kind there is nothing to tell apart: ``auroc`` and ``average_precision`` are NaN.

    Raises
    ------
    ValueError
        Shapes that disagree, values outside [0, 1], or no entry at all.

    Examples
    --------
    >>> scores = dropout_detection([0.9, 0.8, 0.1, 0.2], [True, True, False, False])
    >>> scores["auroc"], round(scores["brier"], 3)
    (1.0, 0.025)
    """
    for axis in (0, 1):
        dropout, probability, counts = in_one_order(axis=axis, dropout=dropout, probability=probability, counts=counts)
    estimate, truth = _pair("probability", probability, "dropout", dropout)
    if counts is not None:
        observed = real_array("counts", counts)
        if observed.shape != np.shape(dropout):
            msg = f"counts must have the shape of dropout, {np.shape(dropout)}, got {observed.shape}"
            raise ValueError(msg)
        is_zero = observed.ravel() == 0
        estimate, truth = estimate[is_zero], truth[is_zero]
    return _detection("dropout", estimate, truth)


def foreground_detection(probability: ArrayLike, foreground: ArrayLike) -> dict[str, float]:
    """Score estimated probabilities of foreground against the simulated membership.

    Parameters
    ----------
    probability
        Estimated probability that an entry comes from the foreground, in [0, 1]; any shape.
    foreground
        Simulated membership, as :func:`spsim.get.foreground_mask` returns it; the same shape.

    Returns
    -------
    A dict with ``auroc``, ``average_precision`` (chance: the true share), ``brier``, ``share`` and
    ``estimated_share`` (true and mean estimated share of foreground) and ``n``, the number of entries. Where all entries
    are of one kind there is nothing to tell apart: ``auroc`` and ``average_precision`` are NaN.

    Raises
    ------
    ValueError
        Shapes that disagree, values outside [0, 1], or no entry at all.

    Examples
    --------
    >>> foreground_detection([0.9, 0.4, 0.6, 0.2], [True, True, False, False])["auroc"]
    0.75
    """
    for axis in (0, 1):
        foreground, probability = in_one_order(axis=axis, foreground=foreground, probability=probability)
    return _detection("foreground", *_pair("probability", probability, "foreground", foreground))


def _pair(name: str, probability: ArrayLike, mask_name: str, mask: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    estimate, truth = real_array(name, probability), truth_values(mask_name, mask)
    if truth.dtype != np.bool_:
        msg = f"{mask_name} must be a boolean mask, got dtype {truth.dtype}"
        raise TypeError(msg)
    if estimate.shape != truth.shape:
        msg = f"{name} must have the shape of {mask_name}, {truth.shape}, got {estimate.shape}"
        raise ValueError(msg)
    if estimate.size and not 0 <= estimate.min() <= estimate.max() <= 1:
        msg = f"{name} must lie in [0, 1], got values from {estimate.min():g} to {estimate.max():g}"
        raise ValueError(msg)
    return estimate.ravel(), truth.ravel()


def _detection(name: str, estimate: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

    n_true = int(truth.sum())
    if not truth.size:
        msg = f"{name} must hold at least one entry to score, got none"
        raise ValueError(msg)
    mixed = 0 < n_true < truth.size
    return {
        "auroc": float(roc_auc_score(truth, estimate)) if mixed else np.nan,
        "average_precision": float(average_precision_score(truth, estimate)) if mixed else np.nan,
        "brier": float(brier_score_loss(truth, estimate)) if mixed else float(np.mean((estimate - truth) ** 2)),
        "share": n_true / truth.size,
        "estimated_share": float(estimate.mean()),
        "n": truth.size,
    }
