"""Scores of slices and of mixtures once more, in plain loops; shares no line with the package."""

from __future__ import annotations

import itertools
import math
import statistics

from oracles.metrics_factors import best_matching
from oracles.metrics_space import nearest


def mixing(embedding, slices, domains, domain, k) -> float:
    """Neighbours of a domain from another slice, over those expected where slices are dealt out."""
    spots = [i for i in range(len(slices)) if domains[i] == domain]
    points, own = [embedding[i] for i in spots], [slices[i] for i in spots]
    found = expected = 0.0
    for i in range(len(spots)):
        found += sum(own[j] != own[i] for j in nearest(points, i, k)) / k
        expected += sum(name != own[i] for name in own) / (len(spots) - 1)
    return found / expected


def separation(embedding, slices, domains, domain, k) -> float:
    """Share of the nearest others of all spots that are of the domain's slice."""
    spots = [i for i in range(len(slices)) if domains[i] == domain]
    return statistics.fmean(sum(slices[j] == slices[i] for j in nearest(embedding, i, k)) / k for i in spots)


def shared_area(points, slices) -> list[bool]:
    """Spots that a spot of each slice is near."""
    inside = [True] * len(points)
    for name in set(slices):
        own = [p for p, s in zip(points, slices, strict=True) if s == name]
        gaps = sorted(min(math.dist(p, q) for j, q in enumerate(own) if j != i) for i, p in enumerate(own))
        place = 0.99 * (len(gaps) - 1)
        low = gaps[int(place)]
        reach = low + (gaps[min(int(place) + 1, len(gaps) - 1)] - low) * (place - int(place))
        for i, p in enumerate(points):
            inside[i] = inside[i] and min(math.dist(p, q) for q in own) <= reach * (1 + 1e-6)
    return inside


def registration(aligned, truth, slices) -> dict[str, float]:
    """Error of each slice in the plane after the best turn, or mirrored turn, by the closed form of the angle."""
    n = len(truth)
    centre_a, centre_t = (tuple(sum(p[axis] for p in points) / n for axis in (0, 1)) for points in (aligned, truth))
    best = None
    for mirror in (1, -1):
        a = [((p[0] - centre_a[0]) * mirror, p[1] - centre_a[1]) for p in aligned]
        t = [(p[0] - centre_t[0], p[1] - centre_t[1]) for p in truth]
        cross = sum(p[0] * q[1] - p[1] * q[0] for p, q in zip(a, t, strict=True))
        dot = sum(p[0] * q[0] + p[1] * q[1] for p, q in zip(a, t, strict=True))
        cosine, sine = (x / math.hypot(cross, dot) for x in (dot, cross))
        moved = [(cosine * p[0] - sine * p[1], sine * p[0] + cosine * p[1]) for p in a]
        squares = [math.dist(p, q) ** 2 for p, q in zip(moved, t, strict=True)]
        if best is None or sum(squares) < sum(best):
            best = squares
    return {
        name: math.sqrt(statistics.fmean(d for d, s in zip(best, slices, strict=True) if s == name))
        for name in dict.fromkeys(slices)
    }


def correspondence(plan, partners, slices, first, second) -> tuple[float, float, float]:
    """Score, ceiling and chance of one ordered pair of slices."""
    own = [i for i, s in enumerate(slices) if s == first]
    other = [j for j, s in enumerate(slices) if s == second]
    given = any(plan[i][j] for i in own for j in other)
    score = ceiling = chance = 0.0
    for i in own:
        weights = [plan[i][j] if given else plan[j][i] for j in other]
        true = [bool(partners[i][j]) for j in other]
        if sum(weights):
            score += sum(w for w, yes in zip(weights, true, strict=True) if yes) / sum(weights)
        ceiling += any(true)
        chance += sum(true) / len(other)
    return score / len(own), ceiling / len(own), chance / len(own)


def folds(labels, samples, conditions, names, reference) -> dict[tuple[object, object], float]:
    """Log2 folds of labels, each a name or None, between conditions."""
    logs: dict[tuple[object, object], list[float]] = {}
    for sample in dict.fromkeys(samples):
        rows = [i for i, s in enumerate(samples) if s == sample]
        for name in names:
            count = sum(labels[i] == name for i in rows)
            share = (count + 0.5) / (len(rows) + 0.5 * len(names))
            logs.setdefault((name, conditions[rows[0]]), []).append(math.log2(share))
    return {
        (name, condition): statistics.fmean(values) - statistics.fmean(logs[name, reference])
        for (name, condition), values in logs.items()
        if condition != reference
    }


def clusters_as_names(labels, truth) -> list[object]:
    """Each spot's true label that its cluster was given to; None for clusters that got none."""
    clusters, names = list(dict.fromkeys(labels)), list(dict.fromkeys(truth))
    shared = [[sum(x == c and y == n for x, y in zip(labels, truth, strict=True)) for c in clusters] for n in names]
    _, columns = best_matching(shared)
    given = {clusters[column]: names[row] for row, column in enumerate(columns) if column >= 0}
    return [given.get(label) for label in labels]


def proportions(estimate, truth, presence) -> dict[str, float]:
    """All scores of shares of types."""
    p, q = ([[x / sum(row) for x in row] for row in rows] for rows in (estimate, truth))
    n, k = len(p), len(p[0])
    squares = [(p[i][j] - q[i][j]) ** 2 for i in range(n) for j in range(k)]
    divergences = []
    for i in range(n):
        total = 0.0
        for a, b in zip(p[i], q[i], strict=True):
            middle = (a + b) / 2
            total += sum(x * math.log2(x / middle) / 2 for x in (a, b) if x > 0)
        divergences.append(total)
    r2, pearson = [], []
    for j in range(k):
        a, b = [row[j] for row in p], [row[j] for row in q]
        if max(b) > min(b):
            mean = statistics.fmean(b)
            r2.append(1 - sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) / sum((y - mean) ** 2 for y in b))
            pearson.append(statistics.correlation(a, b) if max(a) > min(a) else 0.0)
    present = [(p[i][j], q[i][j] >= presence) for i in range(n) for j in range(k)]
    return {
        "rmse": math.sqrt(statistics.fmean(squares)),
        "jensen_shannon": statistics.fmean(math.sqrt(max(d, 0)) for d in divergences),
        "jensen_shannon_divergence": statistics.fmean(divergences),
        "r2": statistics.fmean(r2),
        "pearson": statistics.fmean(pearson),
        "aupr": average_precision(present),
    }


def average_precision(pairs) -> float:
    """Sum over falling thresholds of the gain in recall times the precision there."""
    n_present = sum(yes for _, yes in pairs)
    total = found = seen = 0.0
    for _, group in itertools.groupby(sorted(pairs, key=lambda pair: -pair[0]), key=lambda pair: pair[0]):
        own = [yes for _, yes in group]
        found, seen = found + sum(own), seen + len(own)
        total += sum(own) / n_present * found / seen
    return total
