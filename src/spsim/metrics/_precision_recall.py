"""The curve behind average precision."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import same_length, vector
from spsim.metrics._svg_detection import spatial_truth


def precision_recall_curve(scores: ArrayLike, is_spatial: ArrayLike) -> dict[str, np.ndarray]:
    r"""Precision and recall at every number of features that a ranking can select.

    Features with equal scores can only be selected together, so they make one point.

    Parameters
    ----------
    scores
        One score per feature, higher is more spatial, as in :func:`svg_detection`.
    is_spatial
        Boolean truth of each feature, at least one of them True.

    Returns
    -------
    ``n_selected``, ``precision`` and ``recall``, one entry per distinct score, from the highest on. The area
    :math:`\sum_i (R_i - R_{i-1}) P_i` is the average precision.

    Examples
    --------
    >>> curve = precision_recall_curve([0.9, 0.8, 0.8, 0.1], [True, False, True, False])
    >>> curve["n_selected"], curve["precision"].round(2), curve["recall"]
    (array([1, 3, 4]), array([1.  , 0.67, 0.5 ]), array([0.5, 1. , 1. ]))
    """
    is_spatial, scores = in_one_order(is_spatial=is_spatial, scores=scores)
    ranking, spatial = vector("scores", scores), spatial_truth(is_spatial)
    same_length(scores=ranking, is_spatial=spatial)
    if not spatial.any():
        msg = "is_spatial must hold at least one spatial feature, got none"
        raise ValueError(msg)
    order = np.argsort(-ranking, kind="stable")
    last = np.flatnonzero(np.append(np.diff(ranking[order]) != 0, True))
    found = np.cumsum(spatial[order])[last]
    return {"n_selected": last + 1, "precision": found / (last + 1), "recall": found / spatial.sum()}
