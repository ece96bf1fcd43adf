"""Cells of ecotypes again in plain loops: places, regions, programs, spill-over and means, from the formulas of the text.

What is random is read from the object (labels, weights of features, depths, coordinates); what follows is computed here.
"""

from __future__ import annotations

import math


def window(places, n, *, side):
    """The places of a square box that lie nearest to its middle, by the larger of both distances."""
    return set(sorted(places, key=lambda x: max(abs(x[0] - side / 2), abs(x[1] - side / 2)))[:n])


def ramps(x, angles, *, side):
    """Linear ramps from 0 to 1 over the corners of a square box."""
    found = []
    for angle in angles:
        direction = (math.cos(math.radians(angle)), math.sin(math.radians(angle)))
        along = [a * direction[0] + b * direction[1] for a in (0, side) for b in (0, side)]
        at = x[0] * direction[0] + x[1] * direction[1]
        found.append((at - min(along)) / (max(along) - min(along)))
    return found


def chances(factors, outside):
    """Probability of each ecotype, and of none, where the pattern has these factors."""
    total = max(1.0, sum(factors))
    found = [(1 - outside) * value / total for value in factors]
    return [*found, 1 - sum(found)]


def types_of(composition, absent):
    """Probability of each type where some of them are absent: the others take their place."""
    left = [0.0 if name in absent else share for name, share in composition]
    return [share / sum(left) for share in left]


def rates(*, baseline, of_type, of_program, batch):
    """(b + B + P) exp(β) of the features of a cell; ``of_program`` is None for cells outside ecotypes."""
    found = []
    for j, b in enumerate(baseline):
        total = b + of_type[j]
        if of_program is not None:
            total += of_program[j]
        found.append(total * math.exp(batch[j]))
    return found


def kernel(a, b, width):
    """Gaussian of the distance, 0 beyond three widths."""
    d = math.dist(a, b)
    return math.exp(-(d**2) / (2 * width**2)) if d <= 3 * width else 0.0


def weights(places, samples, *, share, width, uniform=0.0):
    """What each cell (row) receives of each cell (column): what a column gives away sums to 1 within its sample."""
    n = len(places)
    found = [[0.0] * n for _ in range(n)]
    for c in range(n):
        together = [i for i in range(n) if samples[i] == samples[c]]
        near = {i: kernel(places[i], places[c], width) for i in together if i != c}
        total = sum(near.values())
        given = share if total > 0 else 0.0
        found[c][c] += 1 - given - uniform
        for i in together:
            found[i][c] += uniform / len(together)
            if i != c and total > 0:
                found[i][c] += given * near[i] / total
    return found


def spilled(weights_, means):
    """What is left of means after spill-over."""
    found = []
    for row in weights_:
        total = [0.0] * len(means[0])
        for weight, other in zip(row, means, strict=True):
            if weight:
                total = [t + weight * value for t, value in zip(total, other, strict=True)]
        found.append(total)
    return found


def mixed_row(*, baseline, exposure, terms, batch):
    """Mean of one cell from what the object keeps for it alone: (b E + Σ A B) exp(β)."""
    found = []
    for j, b in enumerate(baseline):
        total = exposure * b
        for levels, loadings in terms:
            for level, loading in zip(levels, loadings[j], strict=True):
                total += level * loading
        found.append(total * math.exp(batch[j]))
    return found


def tessellation(n_factors, n_seeds, places, *, side, draw):
    """Factor of the nearest seed, for seeds that are uniform over a square box."""
    seeds = [(draw() * side, draw() * side, k) for k in range(n_factors) for _ in range(n_seeds)]
    return [min((math.dist(x, seed[:2]), seed[2]) for seed in seeds)[1] for x in places]


def is_convex(places, regions):
    """Whether no cell of another region lies in a triangle of three cells of one region."""
    for name in set(regions):
        own = hull([x for x, region in zip(places, regions, strict=True) if region == name])
        for x, region in zip(places, regions, strict=True):
            if (
                region != name
                and len(own) > 2
                and all(turn(a, b, x) > 0 for a, b in zip(own, own[1:] + own[:1], strict=True))
            ):
                return False
    return True


def turn(a, b, c):
    """Twice the signed area of a triangle."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def hull(points):
    """Corners of the convex hull, counter-clockwise."""
    points = sorted(points)
    found = []
    for ordered in (points, points[::-1]):
        half = []
        for x in ordered:
            while len(half) > 1 and turn(half[-2], half[-1], x) <= 0:
                half.pop()
            half.append(x)
        found += half[:-1]
    return found


def together(places, regions, *, within):
    """Share of pairs of cells at most this far apart that lie in one region."""
    n = same = 0
    for i, x in enumerate(places):
        for j in range(i):
            if math.dist(x, places[j]) <= within:
                n += 1
                same += regions[i] == regions[j]
    return same / n


def distance_to(values, cdf):
    """Largest distance of the values' distribution function to another one (Kolmogorov and Smirnov)."""
    ordered, n = sorted(values), len(values)
    return max(max((i + 1) / n - cdf(x), cdf(x) - i / n) for i, x in enumerate(ordered))


def z_score(hits, chances_):
    """How many standard deviations a number of independent hits is from what is expected."""
    off = sum(hits) - sum(chances_)
    variance = sum(p * (1 - p) for p in chances_)
    if variance > 0:
        return off / math.sqrt(variance)
    return 0.0 if abs(off) < 1e-9 else math.inf
