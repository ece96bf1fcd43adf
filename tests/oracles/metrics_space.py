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


def by_group(groups, *columns) -> list[list[list]]:
    """Each group's part of some columns, row by row."""
    names = []
    for name in groups:
        if name not in names:
            names.append(name)
    return [[[x for x, own in zip(c, groups, strict=True) if own == name] for c in columns] for name in names]


def mean_of_groups(score, groups, *columns) -> float:
    """Mean of a score over groups that know nothing of each other, weighted by their numbers of spots."""
    total = 0.0
    for part in by_group(groups, *columns):
        total += len(part[0]) * score(*part)
    return total / len(groups)


def lattice_weights(points, spacing) -> list[list[float]]:
    """Ones between spots that are one spacing apart."""
    return [[float(abs(math.dist(p, q) - spacing) < spacing / 10) for q in points] for p in points]


def mean_moran_geary(labels, points, spacing) -> tuple[float, float]:
    """Unweighted means over the labels; 0 and 1 for a single label."""
    if len(set(labels)) == 1:
        return 0.0, 1.0
    weights = lattice_weights(points, spacing)
    pairs = [moran_geary([float(own == label) for own in labels], weights) for label in sorted(set(labels))]
    return statistics.fmean(m for m, _ in pairs), statistics.fmean(g for _, g in pairs)
