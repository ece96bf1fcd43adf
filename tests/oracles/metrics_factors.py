"""Factor metrics once more, in plain loops and from their definitions; shares no line with the package."""

from __future__ import annotations

import itertools
import math

import numpy as np


def pearson(x, y) -> float:
    """Pearson correlation of two sequences, 0 if one of them is constant."""
    if max(x) == min(x) or max(y) == min(y):
        return 0.0
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    covariance = math.fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    variance_x = math.fsum((a - mean_x) ** 2 for a in x)
    variance_y = math.fsum((b - mean_y) ** 2 for b in y)
    return covariance / math.sqrt(variance_x) / math.sqrt(variance_y)


def correlations(estimate, truth) -> list[list[float]]:
    """Signed correlations, true factors x components."""
    return [[pearson(f, e) for e in np.transpose(estimate).tolist()] for f in np.transpose(truth).tolist()]


def best_matching(similarity) -> tuple[float, list[int]]:
    """Largest total over all one-to-one matchings, by trying every one; -1 for rows left out."""
    n_rows, n_columns = len(similarity), len(similarity[0])
    slots = [*range(n_columns), *[-1] * max(0, n_rows - n_columns)]
    best = (-math.inf, [])
    for columns in itertools.permutations(slots, n_rows):
        total = math.fsum(similarity[row][column] for row, column in enumerate(columns) if column >= 0)
        best = max(best, (total, list(columns)))
    return best


def amari(estimate, truth) -> float:
    """Amari error: the product of the demixing and the true mixing against a scaled permutation."""
    estimate = np.asarray(estimate) - np.mean(estimate, axis=0)
    truth = np.asarray(truth) - np.mean(truth, axis=0)
    product = np.abs(np.linalg.solve(estimate.T @ estimate, estimate.T @ truth)).T.tolist()
    size = len(product)
    total = 0.0
    for i in range(size):
        total += sum(product[i]) / max(product[i]) - 1
        column = [product[j][i] for j in range(size)]
        total += sum(column) / max(column) - 1
    return total / (2 * size * (size - 1))


def spatial_importance(spatial_factors, spatial_loadings, nonspatial_factors, nonspatial_loadings) -> list[float]:
    """Share of a feature's total that its spatial factors make, feature by feature."""
    shares = []
    for j in range(len(spatial_loadings)):
        totals = []
        for factors, loadings in (
            (spatial_factors, spatial_loadings),
            (nonspatial_factors, nonspatial_loadings),
        ):
            total = 0.0
            for i in range(len(factors)):
                for k in range(len(factors[i])):
                    total += factors[i][k] * loadings[j][k]
            totals.append(total)
        shares.append(totals[0] / sum(totals) if sum(totals) else 0.0)
    return shares
