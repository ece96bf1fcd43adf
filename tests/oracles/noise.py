"""Measured values as normal scores given what they should follow, and tests that these are what they should be.

A value's place in its distribution, spread over its atom by a uniform number, is uniform where the distribution is right,
and independent of all others where entries are. Each test returns a p-value or a statistic that is standard normal then.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri
from scipy.stats import kstest


def negative_binomial(k, mean, shape) -> float:
    """Probability of the count k."""
    return math.exp(
        math.lgamma(k + shape)
        - math.lgamma(shape)
        - math.lgamma(k + 1)
        + shape * math.log(shape / (shape + mean))
        + (k * math.log(mean / (shape + mean)) if k else 0.0)
    )


def poisson(k, mean) -> float:
    """Probability of the count k."""
    return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) if mean else float(k == 0)


def bernoulli(k, probability) -> float:
    """Probability of 0 or 1."""
    return probability if k else 1 - probability


def scores(values, means, probability, rng) -> np.ndarray:
    """Normal scores of a table of whole numbers, each under the distribution with its mean."""
    found = np.empty(np.shape(values))
    for i, (row, own) in enumerate(zip(values, means, strict=True)):
        for j, (value, mean) in enumerate(zip(row, own, strict=True)):
            below = sum(probability(k, float(mean)) for k in range(int(value)))
            place = below + rng.random() * probability(int(value), float(mean))
            found[i, j] = ndtri(min(max(place, 1e-15), 1 - 1e-15))
    return found


def is_normal(z) -> float:
    """P-value of standard normal scores."""
    return float(kstest(np.ravel(z), "norm").pvalue)


def dependence(z) -> float:
    """Mean squared correlation over all pairs of columns, standard normal if these are independent."""
    r = np.corrcoef(z, rowvar=False)[np.triu_indices(z.shape[1], 1)]
    return float((len(z) * r**2 - 1).sum() / math.sqrt(2 * len(r)))


def together(a, b) -> float:
    """Correlation of two tables entry by entry, standard normal if they are independent."""
    return float(np.corrcoef(np.ravel(a), np.ravel(b))[0, 1] * math.sqrt(np.size(a)))
