"""Cells with several modalities in plain loops: their means, folds, links to genes and what a modality tells apart.

After the formulas of the data set: transcripts and fragments are shares of a row times its total, an antibody is background
times the ambient profile of its batch, times a fold where the entry is signal (Gayoso et al. 2021). What is random is read
from the object; what follows from it is computed here.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from oracles.metrics_factors import pearson

NORMAL = NormalDist()


def shares(*, baseline, loadings, batch, size) -> list[float]:
    """A row of transcripts or fragments: (b + w) exp(β), times what the cell is multiplied with."""
    return [size * (b + w) * math.exp(beta) for b, w, beta in zip(baseline, loadings, batch, strict=True)]


def antibodies(*, background, ambient, folds, on, size) -> list[float]:
    """A row of proteins: background times its ambient profile, times the fold where the switch is on."""
    row = []
    for v, beta, fold, switch in zip(background, ambient, folds, on, strict=True):
        mean = size * v * math.exp(beta)
        row.append(mean * fold if switch else mean)
    return row


def fold_below(x, *, median, sd, low, high) -> float:
    """Distribution function of a log-normal fold that is cut at both ends, half of it on each side of the median."""
    if x <= low:
        return 0.0
    if x >= high:
        return 1.0
    z, lowest, highest = (math.log(value / median) / sd for value in (x, low, high))
    if z < 0:
        return 0.5 * (NORMAL.cdf(z) - NORMAL.cdf(lowest)) / (0.5 - NORMAL.cdf(lowest))
    return 0.5 + 0.5 * (NORMAL.cdf(z) - 0.5) / (NORMAL.cdf(highest) - 0.5)


def likeness(response, genes) -> list[float]:
    """Correlation over types of a feature's response with each gene's, 0 where one of them does not vary."""
    return [pearson(response, gene) for gene in genes]


def larger_of_two(levels, weights) -> list[float]:
    """Probabilities of the larger of two independent draws, levels in rising order."""
    found, below = [], 0.0
    for _, weight in zip(levels, weights, strict=True):
        found.append((below + weight) ** 2 - below**2)
        below += weight
    return found


def merged(labels, pairs) -> list[str]:
    """Labels with both of each confused pair called the same, however pairs chain."""
    names = {label: label for label in labels}
    for first, second in pairs:
        new, old = names.get(first, first), names.get(second, second)
        names = {label: new if name == old else name for label, name in names.items()}
    return [names[label] for label in labels]


def ranked_right(truth, scores) -> float:
    """Share of pairs of a true and a false entry in which the true one has the larger score, ties half."""
    on = [score for score, is_on in zip(scores, truth, strict=True) if is_on]
    off = [score for score, is_on in zip(scores, truth, strict=True) if not is_on]
    wins = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a in on for b in off)
    return wins / (len(on) * len(off))
