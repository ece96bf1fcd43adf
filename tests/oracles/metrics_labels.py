"""Label metrics once more, in plain loops over spots and pairs; shares no line with the package."""

from __future__ import annotations

import itertools
import math

from oracles.metrics_factors import best_matching


def pair_counts(labels, truth) -> tuple[int, int, int]:
    """Pairs together in both, in the labels only, in the truth only."""
    both = only_labels = only_truth = 0
    for i, j in itertools.combinations(range(len(labels)), 2):
        same_label, same_truth = labels[i] == labels[j], truth[i] == truth[j]
        both += same_label and same_truth
        only_labels += same_label and not same_truth
        only_truth += same_truth and not same_label
    return both, only_labels, only_truth


def adjusted_rand(labels, truth) -> float:
    """Adjusted Rand index from pairs."""
    both, only_labels, only_truth = pair_counts(labels, truth)
    n_pairs = len(labels) * (len(labels) - 1) / 2
    expected = (both + only_labels) * (both + only_truth) / n_pairs
    most = (2 * both + only_labels + only_truth) / 2
    return (both - expected) / (most - expected)


def mutual_information(labels, truth) -> float:
    """Mutual information in nats."""
    n = len(labels)
    total = 0.0
    for a in set(labels):
        for b in set(truth):
            joint = sum(x == a and y == b for x, y in zip(labels, truth, strict=True)) / n
            if joint:
                total += joint * math.log(joint * n * n / labels.count(a) / truth.count(b))
    return total


def matched(labels, truth) -> tuple[float, float]:
    """Accuracy and macro F1 under the best assignment of clusters to domains."""
    clusters, domains = sorted(set(labels)), sorted(set(truth))
    shared = [[sum(x == c and y == d for x, y in zip(labels, truth, strict=True)) for c in clusters] for d in domains]
    total, columns = best_matching(shared)
    f1 = 0.0
    for row, column in enumerate(columns):
        if column >= 0:
            precision_of = labels.count(clusters[column])
            recall_of = truth.count(domains[row])
            f1 += 2 * shared[row][column] / (precision_of + recall_of)
    return total / len(labels), f1 / len(domains)
