"""Brackets of a count from a grid of means by slots of the uniform.

A count never decreases with the mean nor with the uniform, so the counts at the two outer corners of a cell bracket it.
The cells divide each octave of ``1 + mean`` evenly, 0 included: their width, which decides how often the brackets
differ, follows the spread of the counts. Octaves are built when a mean first falls into them.
"""

from __future__ import annotations

import math

import numpy as np

from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._thresholds import count_bounds, thresholds

CELL_BITS = 6
SLOT_BITS = 11
UNBOUNDED = int(np.iinfo(np.uint16).max)
_CELLS, _SLOTS = 1 << CELL_BITS, 1 << SLOT_BITS
_CELL_SHIFT = 52 - CELL_BITS  # exponent and first mantissa bits of a float64 number its cell
_FIRST_CELL = 1023 << CELL_BITS  # of 1.0
# Means from 4095 on share one cell without an upper bracket: nearly all of theirs would differ anyway.
_MOST_OCTAVES = 12


class MeanGrid:
    """Corner counts of the octaves in use; 65535 as an upper corner means that there is no bound."""

    def __init__(self, likelihood: CountLikelihood) -> None:
        self.likelihood = likelihood
        self.n_octaves = 0
        self.corners = np.empty((0, _SLOTS + 1), np.uint16)
        self.counts = np.empty((0, _SLOTS), np.uint16)
        self.cover(0.0)

    def cover(self, largest: float) -> None:
        """Build what means up to ``largest`` need."""
        wanted = min(math.frexp(1.0 + largest)[1], _MOST_OCTAVES)
        if wanted <= self.n_octaves:
            return
        blocks = [_octave_corners(self.likelihood, octave) for octave in range(self.n_octaves, wanted)]
        beyond = np.stack([np.zeros(_SLOTS + 1, np.uint16), np.full(_SLOTS + 1, UNBOUNDED, np.uint16)])
        known_corners = self.corners[: self.n_octaves * (_CELLS + 1)]
        known_counts = self.counts.reshape(-1, _SLOTS)[: self.n_octaves * _CELLS]
        self.corners = np.concatenate([known_corners, *blocks, beyond])
        self.counts = np.concatenate([known_counts, *map(_agreed, blocks), _agreed(beyond)])
        self.n_octaves = wanted

    def cells(self, means: np.ndarray, out: np.ndarray) -> None:
        """Write the number of the cell of each mean."""
        np.add(means, 1.0, out=out.view(np.float64))
        out >>= _CELL_SHIFT
        out -= _FIRST_CELL
        np.minimum(out, self.n_octaves * _CELLS, out=out)

    def agreed(self, positions: np.ndarray) -> np.ndarray:
        """Return the counts at ``cell * 2048 + slot``, or 65535 where the brackets differ."""
        return self.counts.reshape(-1).take(positions, mode="clip")

    def brackets(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the lowest and highest count at ``cell * 2048 + slot``."""
        cell, slot = positions >> SLOT_BITS, positions & (_SLOTS - 1)
        # An octave has one corner more than cells: its upper end.
        corner = (cell + (cell >> CELL_BITS)) * (_SLOTS + 1) + slot
        flat = self.corners.reshape(-1)
        return flat.take(corner).astype(np.int64), flat.take(corner + _SLOTS + 2).astype(np.int64)


def _octave_corners(likelihood: CountLikelihood, octave: int) -> np.ndarray:
    """Counts at the lower ends of the cells and slots, and at the upper ends of the last ones."""
    means = 2.0**octave * (1.0 + np.arange(_CELLS + 1) / _CELLS) - 1.0
    bound = min(int(count_bounds(likelihood, means[-1:], beyond=0.5 / _SLOTS)[0]), UNBOUNDED)
    levels, reachable = thresholds(likelihood, means[:, None], np.arange(bound))
    # Reached from the first slot whose lower end is at or above the threshold.
    shift = np.uint64(64 - SLOT_BITS)
    first_slots = ((levels - np.uint64(1)) >> shift).astype(np.int64) + 1
    first_slots[levels == 0] = 0
    first_slots[~reachable] = _SLOTS
    rows = np.arange(_CELLS + 1)[:, None] * (_SLOTS + 1)
    steps = np.bincount((rows + first_slots).reshape(-1), minlength=(_CELLS + 1) * (_SLOTS + 1))
    corners = steps.reshape(_CELLS + 1, -1).cumsum(axis=1).astype(np.uint16)
    corners[:, -1] = UNBOUNDED
    return corners


def _agreed(corners: np.ndarray) -> np.ndarray:
    low, high = corners[:-1, :-1], corners[1:, 1:]
    return np.where(low == high, low, np.uint16(UNBOUNDED))
