"""Recovery of ecotypes again in plain loops over cells, types, assignments and pairs; shares no line with the package."""

from __future__ import annotations

import itertools
import math


def named(labels, truth, *, ecotypes, none="outside"):
    """All readings of labels as ecotypes: as they are if all are names, else every best one-to-one assignment.

    Best is the assignment with the most cells in common; there may be several. A state without ecotype is in none.
    """
    states = sorted(set(labels) - {none}, key=str)
    if set(states) <= set(ecotypes):
        return [list(labels)]
    together = {
        (a, k): sum(x == a and y == k for x, y in zip(labels, truth, strict=True)) for a in states for k in ecotypes
    }
    found, most = [], -1
    for given in assignments(states, ecotypes):
        common = sum(together[pair] for pair in given.items())
        if common >= most:
            found = found if common == most else []
            found.append([given.get(label, none if label == none else None) for label in labels])
            most = common
    return found


def assignments(states, ecotypes):
    """All ways to give states to ecotypes one to one; as many as possible of both are given."""
    if len(states) >= len(ecotypes):
        for chosen in itertools.permutations(states, len(ecotypes)):
            yield dict(zip(chosen, ecotypes, strict=True))
    else:
        for chosen in itertools.permutations(ecotypes, len(states)):
            yield dict(zip(states, chosen, strict=True))


def f1(said, true):
    """F1 of two sets of cells; NaN where there are no true ones."""
    return 2 * len(said & true) / (len(said) + len(true)) if true else math.nan


def cells_of(labels, types, label, cell_type):
    return {i for i, (a, t) in enumerate(zip(labels, types, strict=True)) if a == label and t == cell_type}


def one_against_rest(said, truth, types, ecotypes):
    """F1 of each type (rows) and ecotype, of labels that are ecotypes already."""
    return [
        [f1(cells_of(said, types, k, t), cells_of(truth, types, k, t)) for k in ecotypes] for t in dict.fromkeys(types)
    ]


def matched_anew(labels, truth, types, ecotypes, *, none="outside"):
    """Mean F1 when each type gives its states to its ecotypes by the largest sum of F1."""
    total, n = 0.0, 0
    for t in dict.fromkeys(types):
        states = sorted({a for a, b in zip(labels, types, strict=True) if b == t and a != none}, key=str)
        own = [k for k in ecotypes if cells_of(truth, types, k, t)]
        each = {(a, k): f1(cells_of(labels, types, a, t), cells_of(truth, types, k, t)) for a in states for k in own}
        total += max((sum(each[pair] for pair in given.items()) for given in assignments(states, own)), default=0.0)
        n += len(own)
    return total / n


def accuracy(said, truth, none="outside"):
    """Share of the cells of ecotypes whose label is right."""
    own = [a == b for a, b in zip(said, truth, strict=True) if b != none]
    return sum(own) / len(own)


def confidence_auroc(labels, truth, confidence=None, *, none="outside"):
    """Probability that a cell of an ecotype has the higher confidence, over all pairs; ties are half."""
    if confidence is None:
        if none not in labels:
            return math.nan
        confidence = [float(label != none) for label in labels]
    won, n = 0.0, 0
    for a, x in zip(confidence, truth, strict=True):
        for b, y in zip(confidence, truth, strict=True):
            if x != none and y == none:
                won += 0.5 if a == b else float(a > b)
                n += 1
    return won / n if n else math.nan


def mean_of(rows):
    """Mean of the entries that are there."""
    own = [value for row in rows for value in row if not math.isnan(value)]
    return sum(own) / len(own)


def scores(labels, truth, types, *, confidence=None, ecotypes=None, none="outside"):
    """All scores, one dict for each best assignment."""
    ecotypes = list(dict.fromkeys(k for k in truth if k != none)) if ecotypes is None else ecotypes
    anew = matched_anew(labels, truth, types, ecotypes, none=none)
    sure = confidence_auroc(labels, truth, confidence, none=none)
    return [
        {
            "f1": mean_of(one_against_rest(said, truth, types, ecotypes)),
            "f1_matched": anew,
            "accuracy": accuracy(said, truth, none),
            "confidence_auroc": sure,
        }
        for said in named(labels, truth, ecotypes=ecotypes, none=none)
    ]
