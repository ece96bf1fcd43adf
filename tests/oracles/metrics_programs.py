"""Scores of networks and responses of programs once more, in plain loops; shares no line with the package.

Pratapa et al. (2020): area under the precision-recall curve and precision of the first k, both over the share of edges.
"""

from __future__ import annotations

import itertools
import math


def spread(values) -> float:
    """Sum of squares about the mean; 0 for what is constant but for rounding."""
    mean = math.fsum(values) / len(values)
    found = math.fsum((x - mean) ** 2 for x in values)
    return found if found > 1e-24 * len(values) * (1 + mean**2) else 0.0


def pearson(estimate, truth) -> float:
    """Correlation of two lists: 0 for a constant estimate, nan for a constant truth, which nothing can recover."""
    if spread(truth) == 0:
        return math.nan
    if spread(estimate) == 0:
        return 0.0
    means = [math.fsum(v) / len(v) for v in (estimate, truth)]
    cross = math.fsum((x - means[0]) * (y - means[1]) for x, y in zip(estimate, truth, strict=True))
    return cross / math.sqrt(spread(estimate) * spread(truth))


def matched(estimate, truth):
    """Estimated column of each true one and its sign: the one-to-one choice with the largest sum of correlations.

    Every choice is tried. A constant column is worth nothing, and -1 where nothing is left.
    """
    columns = [list(c) for c in zip(*estimate, strict=True)]
    true = [list(c) for c in zip(*truth, strict=True)]
    signed = [[pearson(c, t) for c in columns] for t in true]
    choices = list(range(len(columns))) + [-1] * len(true)
    best, chosen = -1.0, ()
    for choice in set(itertools.permutations(choices, len(true))):
        total = math.fsum(abs(signed[k][m]) for k, m in enumerate(choice) if m >= 0)
        # The fuller of two equal choices: a program that correlates with nothing still takes what is left.
        total += 1e-12 * sum(m >= 0 for m in choice)
        if total > best:
            best, chosen = total, choice
    return list(chosen), [-1 if m >= 0 and signed[k][m] < 0 else 1 for k, m in enumerate(chosen)]


def ranked(estimate, truth, match, sign):
    """Size, signed value and truth of each pair of different programs that have a match, and truths of the others.

    Two directions of one size that contradict each other have a size and no sign.
    """
    found, missed = [], []
    for i in range(len(truth)):
        for j in range(i):
            if match[i] < 0 or match[j] < 0:
                missed.append(truth[i][j])
                continue
            one, other = estimate[match[i]][match[j]], estimate[match[j]][match[i]]
            value = max((one, other), key=abs) if abs(one) != abs(other) else one if one == other else 0.0
            turn = sign[i] * sign[j]
            found.append((max(abs(one), abs(other)) * abs(turn), value * turn, truth[i][j]))
    return found, missed


def curve_area(scored, n_edges) -> float:
    """Average precision: what each level of the estimate adds to recall, times the precision down to that level."""
    area = 0.0
    for level in sorted({s for s, _ in scored}, reverse=True):
        above = [edge for s, edge in scored if s >= level]
        added = sum(edge for s, edge in scored if s == level)
        area += added / n_edges * sum(above) / len(above)
    return area


def early(scored, k) -> float:
    """Precision of the first k, on average over all orders of equal estimates."""
    hits, left = 0.0, k
    for level in sorted({s for s, _ in scored}, reverse=True):
        own = [edge for s, edge in scored if s == level]
        taken = min(left, len(own))
        hits += taken * sum(own) / len(own)
        left -= taken
    return hits / k


def network(estimate, truth, match=None, sign=None):
    """All scores of a network by name, with ceilings."""
    match = list(range(len(truth))) if match is None else match
    sign = [1] * len(truth) if sign is None else sign
    found, missed = ranked(estimate, truth, match, sign)
    scores, ceiling = {}, {}
    for name, rank, is_edge in (
        ("", lambda size, _: size, lambda t: t != 0),
        ("_positive", lambda _, value: value, lambda t: t > 0),
        ("_negative", lambda _, value: -value, lambda t: t < 0),
    ):
        scored = [(rank(size, value), int(is_edge(t))) for size, value, t in found]
        n_edges = sum(edge for _, edge in scored) + sum(is_edge(t) for t in missed)
        if n_edges == 0:
            scores |= {f"aupr_ratio{name}": math.nan, f"early_precision_ratio{name}": math.nan}
            continue
        share = n_edges / (len(found) + len(missed))
        scores[f"aupr_ratio{name}"] = curve_area(scored, n_edges) / share
        scores[f"early_precision_ratio{name}"] = early(scored, n_edges) / share
        ceiling[name] = 1 / share
    return scores, ceiling, len(missed)


def in_true_order(estimate, n_programs, match=None, sign=None):
    """Responses of true programs: those of the matched ones, turned back; 0 without a match."""
    match = list(range(n_programs)) if match is None else match
    sign = [1] * n_programs if sign is None else sign
    return [[line[m] * s if m >= 0 else 0.0 for m, s in zip(match, sign, strict=True)] for line in estimate]


def centred(table):
    """A table without the mean of each column."""
    means = [math.fsum(column) / len(table) for column in zip(*table, strict=True)]
    return [[x - m for x, m in zip(line, means, strict=True)] for line in table]


def response(estimate, truth, match=None, sign=None):
    """Correlation over conditions × programs, plain and without what all conditions have in common."""
    own = in_true_order(estimate, len(truth[0]), match, sign)
    flat = [x for line in own for x in line]
    true = [x for line in truth for x in line]
    flat_c, true_c = ([x for line in centred(t) for x in line] for t in (own, truth))
    return {"pearson": pearson(flat, true), "pearson_centred": pearson(flat_c, true_c)}


def mean_effect(truth):
    """What the mean true response of all conditions scores in place of each."""
    means = [math.fsum(column) / len(truth) for column in zip(*truth, strict=True)]
    return response([means] * len(truth), truth)
