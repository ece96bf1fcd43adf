"""Rectangular lattices on a torus: that of the spots themselves, or one that covers their box."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

# Shares of a step, or of the box, that rounding errors of coordinates stay below.
OFF_LATTICE, SAME = 1e-6, 1e-9
TOO_MANY = 2.0**40  # points along an axis, which nobody builds


@dataclass(frozen=True, kw_only=True, eq=False)
class Lattice:
    """A rectangular lattice, wrapped around at ``shape``; the part within the box is ``reach`` away from its copies."""

    start: np.ndarray
    steps: np.ndarray
    shape: tuple[int, ...]

    @property
    def n_points(self) -> int:
        """Number of points on the torus."""
        return math.prod(self.shape)

    def index(self, positions: np.ndarray) -> np.ndarray:
        """Positions in steps from the start."""
        return (positions - self.start) / self.steps


def own_lattice(positions: np.ndarray, lower: np.ndarray, upper: np.ndarray, reach: float) -> Lattice | None:
    """Return the lattice whose points the positions are, if there is one."""
    found = [_step(values, extent) for values, extent in zip(positions.T, upper - lower, strict=True)]
    if None in found:
        return None
    steps = np.array(found, float)
    first = positions.min(axis=0)
    start = first - np.floor((first - lower) / steps + OFF_LATTICE) * steps
    return _wrapped(start, steps, upper, reach)


def covering_lattice(lower: np.ndarray, upper: np.ndarray, step: float, reach: float) -> Lattice:
    """Return a lattice with a given step that covers a box."""
    return _wrapped(lower, np.full(len(lower), step), upper + step, reach)


def _wrapped(start: np.ndarray, steps: np.ndarray, upper: np.ndarray, reach: float) -> Lattice:
    from scipy.fft import next_fast_len

    with np.errstate(over="ignore", divide="ignore"):
        sizes = np.floor((upper - start) / steps + OFF_LATTICE) + 1 + np.ceil(reach / steps)
    sizes = np.minimum(sizes, TOO_MANY)
    return Lattice(start=start, steps=steps, shape=tuple(next_fast_len(int(size), real=True) for size in sizes))


def _step(values: np.ndarray, extent: float) -> float | None:
    """Spacing of equally spaced numbers, some of which may be left out; the box's extent if there is only one."""
    distinct = np.unique(values)
    gaps = np.diff(distinct)
    gaps = gaps[gaps > SAME * extent]
    if not gaps.size:
        return float(extent)
    span = distinct[-1] - distinct[0]
    step = float(span / np.rint(span / gaps.min()))
    places = (distinct - distinct[0]) / step
    return step if np.abs(places - np.rint(places)).max() < OFF_LATTICE else None
