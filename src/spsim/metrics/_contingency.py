"""Measures of partition agreement from one contingency table, which is all they need.

scikit-learn's formulas (its functions rebuild the table for each measure): tests compare the two.
"""

from __future__ import annotations

from math import log

import numpy as np

from spsim.metrics._factor_recovery import match_columns


def contingency(truth: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Count spots by true domain (rows) and cluster (columns); both hold small whole numbers."""
    shape = truth.max() + 1, labels.max() + 1
    table = np.bincount(np.ravel_multi_index((truth, labels), shape), minlength=shape[0] * shape[1]).reshape(shape)
    return table[table.any(axis=1)][:, table.any(axis=0)]


def information_scores(table: np.ndarray) -> dict[str, float]:
    """Mutual information and what is made of it; natural logarithms."""
    from sklearn.metrics import mutual_info_score

    mi = mutual_info_score(None, None, contingency=table)
    of_truth, of_labels = entropy(table.sum(axis=1)), entropy(table.sum(axis=0))
    homogeneity = mi / of_truth if of_truth else 1.0
    completeness = mi / of_labels if of_labels else 1.0
    total = homogeneity + completeness
    return {
        "ami": _adjusted(table, mi, (of_truth + of_labels) / 2),
        "nmi": _normalized(table, mi, (of_truth + of_labels) / 2),
        "homogeneity": homogeneity,
        "completeness": completeness,
        "v_measure": 2 * homogeneity * completeness / total if total else 0.0,
        "mi": mi,
    }


def pair_scores(table: np.ndarray) -> dict[str, float]:
    """Scores that count pairs of spots: together in both partitions, in one, in neither."""
    n_spots = int(table.sum())
    squares = int((table.astype(object) ** 2).sum())
    in_truth, in_labels = (int((table.sum(axis=axis).astype(object) ** 2).sum()) for axis in (1, 0))
    # Ordered pairs, each pair twice, in whole numbers of any size.
    both, only_labels, only_truth = squares - n_spots, in_labels - squares, in_truth - squares
    neither = n_spots**2 - only_labels - only_truth - squares
    either = both + only_labels + only_truth
    return {
        "ari": _rand(both, only_labels, only_truth, neither),
        "fmi": float(np.sqrt(both / (in_labels - n_spots)) * np.sqrt(both / (in_truth - n_spots))) if both else 0.0,
        "pair_jaccard": both / either if either else 1.0,
        "pair_f1": 2 * both / (both + either) if either else 1.0,
    }


def matched_scores(table: np.ndarray) -> dict[str, float]:
    """Accuracy and macro F1 under the one-to-one assignment of clusters to domains with the highest accuracy."""
    f1 = 2 * table / (table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True))
    # The F1 scores of a matching sum to at most min(shape), so they decide between equal accuracies and nothing else.
    match = match_columns(table + f1 / (min(table.shape) + 1))
    rows = np.flatnonzero(match >= 0)
    return {
        "matched_accuracy": float(table[rows, match[rows]].sum() / table.sum()),
        "macro_f1": float(f1[rows, match[rows]].sum() / len(table)),
    }


def entropy(sizes: np.ndarray) -> float:
    """Entropy of a partition with parts of these sizes, in nats; exactly 0 for a single part."""
    if len(sizes) == 1:
        return 0.0
    total = sizes.sum()
    return float(-np.sum(sizes / total * (np.log(sizes) - log(total))))


def _adjusted(table: np.ndarray, mi: float, normalizer: float) -> float:
    from sklearn.metrics.cluster import expected_mutual_information

    if 1 in table.shape:
        return float(table.shape == (1, 1))
    tiny = float(np.finfo(np.float64).eps)
    expected = expected_mutual_information(table, int(table.sum()))
    # Two vanishing differences, a perfect match, give 1; otherwise signs are kept.
    above, room = (
        min(value, -tiny) if value < 0 else max(value, tiny) for value in (mi - expected, normalizer - expected)
    )
    return float(above / room)


def _normalized(table: np.ndarray, mi: float, normalizer: float) -> float:
    if table.shape == (1, 1):
        return 1.0
    return mi / normalizer if mi else 0.0


def _rand(both: int, only_labels: int, only_truth: int, neither: int) -> float:
    if only_labels == only_truth == 0:
        return 1.0
    total = (both + only_truth) * (only_truth + neither) + (both + only_labels) * (only_labels + neither)
    return 2.0 * (both * neither - only_truth * only_labels) / total
