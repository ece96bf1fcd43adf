"""Spatial and neighbourhood metrics once more, by comparing every pair of spots; shares no line with the package."""

from __future__ import annotations

import math
import statistics


def nearest(points, i, k) -> list[int]:
    """The k nearest others; distances that agree to nine digits are equal and the lower index comes first."""
    ranked = sorted((float(f"{math.dist(points[i], points[j]):.8e}"), j) for j in range(len(points)) if j != i)
    return [j for _, j in ranked[:k]]


def jaccard(embedding, reference, k) -> float:
    """Mean overlap of the neighbourhoods in two spaces."""
    total = 0.0
    for i in range(len(embedding)):
        first, second = set(nearest(embedding, i, k)), set(nearest(reference, i, k))
        total += len(first & second) / len(first | second)
    return total / len(embedding)


def purity(embedding, labels, k) -> float:
    """Mean share of neighbours with the spot's label."""
    shares = [sum(labels[j] == labels[i] for j in nearest(embedding, i, k)) / k for i in range(len(labels))]
    return statistics.fmean(shares)


def chaos(labels, points) -> float:
    """Nearest distance within the cluster on standardised axes, over all spots."""
    axes = []
    for axis in zip(*points, strict=True):
        spread = statistics.pstdev(axis)
        axes.append([(x - statistics.fmean(axis)) / (spread or 1) for x in axis])
    scaled = list(zip(*axes, strict=True))
    total = 0.0
    for label in set(labels):
        members = [p for p, own in zip(scaled, labels, strict=True) if own == label]
        if len(members) > 2:
            for i, point in enumerate(members):
                total += min(math.dist(point, other) for j, other in enumerate(members) if j != i)
    return total / len(labels)


def pas(labels, points, k) -> float:
    """Share of spots most of whose neighbours carry another label."""
    odd = 0
    for i, label in enumerate(labels):
        odd += sum(labels[j] != label for j in nearest(points, i, k)) > k / 2
    return odd / len(labels)


def moran_geary(values, weights) -> tuple[float, float]:
    """Moran's I and Geary's C by the double sum."""
    n = len(values)
    mean = sum(values) / n
    total = cross = contrast = 0.0
    for i in range(n):
        for j in range(n):
            total += weights[i][j]
            cross += weights[i][j] * (values[i] - mean) * (values[j] - mean)
            contrast += weights[i][j] * (values[i] - values[j]) ** 2
    variance = sum((v - mean) ** 2 for v in values)
    return n / total * cross / variance, (n - 1) / (2 * total) * contrast / variance
