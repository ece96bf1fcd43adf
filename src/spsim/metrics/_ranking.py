"""Scores of a ranking against a yes-or-no truth."""

from __future__ import annotations

import numpy as np


def ranking_scores(scores: np.ndarray, relevant: np.ndarray) -> tuple[float, float, float]:
    """AUROC, average precision and precision at the number of relevant items; both kinds must occur."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    return (
        float(roc_auc_score(relevant, scores)),
        float(average_precision_score(relevant, scores)),
        precision_at_count(scores, relevant),
    )


def precision_at_count(scores: np.ndarray, relevant: np.ndarray) -> float:
    """Share of relevant items among as many top scores as there are relevant items.

    Where equal scores straddle the cut, the value expected from breaking the tie at random is taken.
    """
    n_top = int(np.count_nonzero(relevant))
    cut = np.partition(scores, len(scores) - n_top)[len(scores) - n_top]
    above, tied = scores > cut, scores == cut
    share_taken = (n_top - np.count_nonzero(above)) / np.count_nonzero(tied)
    return float((np.count_nonzero(relevant & above) + share_taken * np.count_nonzero(relevant & tied)) / n_top)
