"""Slices again in plain loops: places, factors, domains, partners and means, from the formulas of the design and the world.

Zhou, Dong & Zhang (2023): x = R(θ) g + t, factors of the structures that a slice has, averaged over discs, times a batch
effect on the logarithm. What is random is read from the object; what follows from it is computed here.
"""

from __future__ import annotations

import math

# ggblocks of Townes & Engelhardt (2023): pixels of a 6 × 6 picture, row by row.
BLOCKS = (
    {1, 6, 7, 8, 13},
    {3, 4, 5, 9, 11, 15, 16, 17},
    {18, 24, 25, 30, 31, 32},
    {21, 22, 23, 28, 34},
)
NAMES = ("block_1", "block_2", "block_3", "block_4")
# Points of a disc of area 1 that stand for equal areas: the centre, 6 and 12 on the circles that halve their rings.
RINGS = ((1, 0.0), (6, math.sqrt(4 / 19)), (12, math.sqrt(13 / 19)))


def on_glass(g, *, angle, shift, mirrored, middle):
    """Where a spot of the tissue is measured: turned about the middle, shifted, then mirrored at the vertical."""
    radians = math.pi * angle / 180
    dx, dy = g[0] - middle[0], g[1] - middle[1]
    x = math.cos(radians) * dx - math.sin(radians) * dy + middle[0] + shift[0]
    y = math.sin(radians) * dx + math.cos(radians) * dy + middle[1] + shift[1]
    return (2 * middle[0] - x if mirrored else x, y)


def in_tissue(x, *, angle, shift, mirrored, middle):
    """Which place of the tissue lies under a spot of the glass."""
    radians = math.pi * angle / 180
    u = 2 * middle[0] - x[0] if mirrored else x[0]
    dx, dy = u - middle[0] - shift[0], x[1] - middle[1] - shift[1]
    return (
        math.cos(radians) * dx + math.sin(radians) * dy + middle[0],
        -math.sin(radians) * dx + math.cos(radians) * dy + middle[1],
    )


def aged(g, *, age, growth, shift, middle, side):
    """Where a spot of a slice of some age is looked up, within the box of a grid with this many spots along a side."""
    found = []
    for axis in (0, 1):
        at = middle[axis] + (g[axis] - age * shift[axis] - middle[axis]) / (1 + growth * age)
        found.append(min(max(at, -0.5), side - 0.5))
    return tuple(found)


def motif(g, side):
    """Zero or one for each block at a place of a grid with this many spots along a side."""
    column, row = (min(max(int((g[axis] + 0.5) / side * 6 + 1e-9), 0), 5) for axis in (0, 1))
    return [1.0 if 6 * row + column in block else 0.0 for block in BLOCKS]


def factors(g, *, side, diameter, amplitudes):
    """Factors of a spot: averages over its disc, times what its slice has of them."""
    if diameter is None:
        own = motif(g, side)
    else:
        sums, n = [0.0] * 4, 0
        for n_points, radius in RINGS:
            for k in range(n_points):
                turn = 2 * math.pi * k / n_points
                at = (
                    g[0] + 0.5 * diameter * radius * math.cos(turn),
                    g[1] + 0.5 * diameter * radius * math.sin(turn),
                )
                sums = [a + b for a, b in zip(sums, motif(at, side), strict=True)]
                n += 1
        own = [total / n for total in sums]
    return [value * amplitude for value, amplitude in zip(own, amplitudes, strict=True)]


def amplitude(age, appears, width):
    """How much of a structure is there at an age; a structure without an age of its own is always there."""
    return 1.0 if appears is None else 1 / (1 + math.exp(-(age - appears) / width))


def domain(values, largest):
    """Names of the factors above half of their largest value."""
    on = [name for name, value, top in zip(NAMES, values, largest, strict=True) if value > top / 2]
    return "+".join(on) or "background"


def partners(places, slices, spacing):
    """Pairs of spots of different slices within half a spacing."""
    return {
        (i, j)
        for i in range(len(places))
        for j in range(len(places))
        if slices[i] != slices[j] and math.dist(places[i], places[j]) <= spacing / 2 * (1 + 1e-9)
    }


def row(*, baseline, spatial, nuisance, batch, within):
    """Means of the features of a spot before depth: (b + F W) exp(N L + β + γ)."""
    (f, w), (u, v) = spatial, nuisance
    found = []
    for j, b in enumerate(baseline):
        total = b
        for k, level in enumerate(f):
            total += level * w[j][k]
        exponent = batch[j] + within[j]
        for k, level in enumerate(u):
            exponent += level * v[j][k]
        found.append(total * math.exp(exponent))
    return found


def composed(means, *, depth, scale):
    """The row as shares of its sum, times its depth and what else scales it."""
    total = sum(means)
    return [depth * scale * mean / total for mean in means]
