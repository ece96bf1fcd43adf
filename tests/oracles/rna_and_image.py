"""Spots and the image under them in plain loops: means of both, how smooth nuisance is, whose domains look alike."""

from __future__ import annotations

import math


def image(*, factors, loadings, nuisance, nuisance_loadings) -> list[list[float]]:
    """F Qᵀ + N Lᵀ, entry by entry."""
    table = []
    for f, u in zip(factors, nuisance, strict=True):
        row = []
        for q, v in zip(loadings, nuisance_loadings, strict=True):
            total = 0.0
            for level, weight in zip(f, q, strict=True):
                total += level * weight
            for level, weight in zip(u, v, strict=True):
                total += level * weight
            row.append(total)
        table.append(row)
    return table


def transcripts(*, baseline, factors, loadings, nuisance, nuisance_loadings, sizes) -> list[list[float]]:
    """(b + F W) exp(N V), times what the spot is multiplied with."""
    table = []
    for f, u, size in zip(factors, nuisance, sizes, strict=True):
        row = []
        for b, w, v in zip(baseline, loadings, nuisance_loadings, strict=True):
            total, exponent = b, 0.0
            for level, weight in zip(f, w, strict=True):
                total += level * weight
            for level, weight in zip(u, v, strict=True):
                exponent += level * weight
            row.append(size * total * math.exp(exponent))
        table.append(row)
    return table


def matern(distance, length) -> float:
    """Correlation of smoothness 3/2."""
    x = math.sqrt(3) * distance / length
    return (1 + x) * math.exp(-x)


def products(fields, lag) -> list[float]:
    """Mean product of values this far apart along rows, one number per field on a grid."""
    return [_over_pairs(field, lag, lambda a, b: a * b) for field in fields]


def semivariances(fields, lag) -> list[float]:
    """Half the mean squared difference of values this far apart along rows, one number per field on a grid."""
    return [_over_pairs(field, lag, lambda a, b: (a - b) ** 2 / 2) for field in fields]


def _over_pairs(field, lag, value) -> float:
    total, n = 0.0, 0
    for row in field:
        for x in range(len(row) - lag):
            total += value(row[x], row[x + lag])
            n += 1
    return total / n


def merged(domains, pairs) -> list[str]:
    """Domains with both of each confused pair called the same, in overlaps too."""
    names = {}
    for first, second in pairs:
        names[second] = names.get(first, first)
    return ["+".join(sorted({names.get(part, part) for part in domain.split("+")})) for domain in domains]
