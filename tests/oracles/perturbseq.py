"""Perturbed cells again in plain loops: means of features, probabilities of states, and what follows from a network.

Jiang et al. (2024), D-SPIN: P(s | c) ∝ exp(h_cᵀ s + Σ_{i<j} J_ij s_i s_j + Σ_i J_ii s_i²) with states −1, 0 and 1. What is
random is read from the object; what follows from it is computed here.
"""

from __future__ import annotations

import ast
import itertools
import math

STATES = (-1, 0, 1)
LEVELS = {-1: 0.1, 0: 1.0, 1: 3.0}
# Krumsiek et al. (2011), table 1: when each factor of myeloid differentiation is expressed.
RULES = {
    "Gata2": "Gata2 and not (Pu1 or (Gata1 and Fog1))",
    "Gata1": "(Gata1 or Gata2 or Fli1) and not Pu1",
    "Fog1": "Gata1",
    "Eklf": "Gata1 and not Fli1",
    "Fli1": "Gata1 and not Eklf",
    "Scl": "Gata1 and not Pu1",
    "Cebpa": "Cebpa and not (Scl or (Fog1 and Gata1))",
    "Pu1": "(Cebpa or Pu1) and not (Gata1 or Gata2)",
    "cJun": "Pu1 and not Gfi1",
    "EgrNab": "Pu1 and cJun and not Gfi1",
    "Gfi1": "Cebpa and not EgrNab",
}


def row(baseline, added, logged, size):
    """Means of the features of a cell: (b + Σ F W) exp(Σ A B) ℓ, with pairs of the cell's levels and the loadings."""
    found = []
    for j, b in enumerate(baseline):
        total, exponent = b, 0.0
        for levels, loadings in added:
            for k, level in enumerate(levels):
                total += level * loadings[j][k]
        for levels, loadings in logged:
            for k, level in enumerate(levels):
                exponent += level * loadings[j][k]
        found.append(total * math.exp(exponent) * size)
    return found


def weight(states, network, field):
    """Unnormalised probability of one state of all programs."""
    total = 0.0
    for i, s in enumerate(states):
        total += field[i] * s + network[i][i] * s * s
        for j in range(i):
            total += network[j][i] * s * states[j]
    return math.exp(total)


def distribution(network, field):
    """Probability of every state, listed one by one."""
    found = {s: weight(s, network, field) for s in itertools.product(STATES, repeat=len(field))}
    total = math.fsum(found.values())
    return {s: w / total for s, w in found.items()}


def modules(network):
    """Sets of programs that edges connect, an edge of a program to itself aside."""
    left, found = set(range(len(network))), []
    while left:
        reached, new = set(), {min(left)}
        while new:
            reached |= new
            new = {j for i in new for j in left if network[i][j] != 0} - reached
        left -= reached
        found.append(sorted(reached))
    return found


def part(network, field, programs):
    """Network and field of some programs that no edge connects to the others."""
    return [[network[i][j] for j in programs] for i in programs], [field[i] for i in programs]


def counted(states):
    """How many cells are in each state."""
    found: dict[tuple[int, ...], int] = {}
    for s in states:
        key = tuple(int(x) for x in s)
        found[key] = found.get(key, 0) + 1
    return found


def chi_square(observed, expected, least=5.0):
    """Pearson's statistic and its degrees of freedom; states expected fewer times than the least are one state."""
    n = sum(observed.values())
    statistic, terms, rest_seen, rest = 0.0, 0, 0, 0.0
    for state, p in expected.items():
        seen = observed.get(state, 0)
        if n * p < least:
            rest_seen, rest = rest_seen + seen, rest + n * p
        else:
            statistic += (seen - n * p) ** 2 / (n * p)
            terms += 1
    if rest >= least:
        statistic += (rest_seen - rest) ** 2 / rest
        terms += 1
    return statistic, max(terms - 1, 0)


def pairs_at_rest(network, field, programs):
    """Joint probabilities of the states of two programs, all states of the others added up one program at a time.

    Sums are taken program by program, over tables of the programs that are still linked to one that was seen, so that
    networks too large to be listed stay exact.
    """
    kept = tuple(programs)
    tables = []
    for i in range(len(field)):
        tables.append(((i,), {(s,): math.exp(field[i] * s + network[i][i] * s * s) for s in STATES}))
        for j in range(i):
            if network[i][j] != 0:
                tables.append(((i, j), {(s, t): math.exp(network[i][j] * s * t) for s in STATES for t in STATES}))
    left = set(range(len(field))) - set(kept)
    while left:
        linked = {i: {k for names, _ in tables if i in names for k in names} for i in left}
        out = min(left, key=lambda i: (len(linked[i]), i))
        left.remove(out)
        own = [t for t in tables if out in t[0]]
        tables = [t for t in tables if out not in t[0]]
        scope = tuple(sorted(linked[out] - {out}))
        summed = {}
        for states in itertools.product(STATES, repeat=len(scope)):
            at = dict(zip(scope, states, strict=True))
            summed[states] = math.fsum(
                math.prod(values[tuple(s if i == out else at[i] for i in names)] for names, values in own)
                for s in STATES
            )
        tables.append((scope, summed))
    found = {}
    for states in itertools.product(STATES, repeat=len(kept)):
        at = dict(zip(kept, states, strict=True))
        found[states] = math.prod(values[tuple(at[i] for i in names)] for names, values in tables)
    total = math.fsum(found.values())
    return {s: w / total for s, w in found.items()}


def edges_of_rules():
    """Directed signed edges of the rules: each regulator on the right, negative where it stands under a ``not``."""
    found = []
    for target, rule in RULES.items():
        waiting = [(ast.parse(rule, mode="eval").body, 1)]
        while waiting:
            node, sign = waiting.pop()
            if isinstance(node, ast.Name):
                found.append((node.id, target, sign))
            elif isinstance(node, ast.UnaryOp):
                waiting.append((node.operand, -sign))
            elif isinstance(node, ast.BoolOp):
                waiting.extend((value, sign) for value in node.values)
    return found


def undirected(edges):
    """The sign of each pair of programs that edges connect; edges of both signs between two programs cancel."""
    signs: dict[frozenset[str], set[int]] = {}
    for source, target, sign in edges:
        signs.setdefault(frozenset((source, target)), set()).add(sign)
    return {pair: min(found) for pair, found in signs.items() if len(found) == 1}
