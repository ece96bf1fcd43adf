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

SLOT_BITS = 11
UNBOUNDED = int(np.iinfo(np.uint16).max)
_SLOTS = 1 << SLOT_BITS
_BITS_OF_ONE = 1023 << 52
# Means from 4095 and counts from 8192 on have no upper bracket: nearly all of them would differ anyway.
MOST_OCTAVES = 12
_MOST_COUNTS = 1 << 13


class MeanGrid:
    """Corner counts of the octaves in use; 65535 as an upper corner means that there is no bound."""

    def __init__(self, likelihood: CountLikelihood, *, cell_bits: int, most_octaves: int) -> None:
        self.likelihood, self.cell_bits, self.n_cells = likelihood, cell_bits, 1 << cell_bits
        self.most_octaves = most_octaves
        self.n_octaves = 0
        self.corners = np.empty((0, _SLOTS + 1), np.uint16)
        self.counts = np.empty((0, _SLOTS), np.uint16)
        self._extend(0)

    def cover(self, largest: float) -> None:
        """Build what means up to ``largest`` need."""
        wanted = min(math.frexp(1.0 + largest)[1], self.most_octaves)
        if wanted > self.n_octaves:
            self._extend(wanted)

    def cells(self, means: np.ndarray, out: np.ndarray) -> None:
        """Write ``cell * 2**16``, except for the lowest 16 bits, which the lanes are to fill."""
        # Exponent and first mantissa bits of 1 + mean number its cell.
        known = np.minimum(means, 2.0**self.n_octaves - 1.0) if self.n_octaves == self.most_octaves else means
        np.add(known, 1.0, out=out.view(np.float64))
        out -= _BITS_OF_ONE
        out >>= 52 - self.cell_bits - 16

    def agreed(self, positions: np.ndarray) -> np.ndarray:
        """Return the counts at ``cell * 2048 + slot``, or 65535 where the brackets differ."""
        return self.counts.reshape(-1).take(positions, mode="clip")

    def brackets(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the lowest and highest count at ``cell * 2048 + slot``."""
        cell, slot = positions >> SLOT_BITS, positions & (_SLOTS - 1)
        # An octave has one corner more than cells: its upper end.
        corner = (cell + (cell >> self.cell_bits)) * (_SLOTS + 1) + slot
        flat = self.corners.reshape(-1)
        low = np.minimum(flat.take(corner), _MOST_COUNTS)
        return low.astype(np.int64), flat.take(corner + _SLOTS + 2).astype(np.int64)

    def _extend(self, n_octaves: int) -> None:
        """Put octaves between the known ones and the cell of all larger means."""
        corners = np.empty((n_octaves * (self.n_cells + 1) + 2, _SLOTS + 1), np.uint16)
        counts = np.empty((n_octaves * self.n_cells + 1, _SLOTS), np.uint16)
        known_corners, known_counts = self.n_octaves * (self.n_cells + 1), self.n_octaves * self.n_cells
        corners[:known_corners] = self.corners[:known_corners]
        counts[:known_counts] = self.counts[:known_counts]
        for octave in range(self.n_octaves, n_octaves):
            block = _octave_corners(self.likelihood, octave, self.n_cells)
            corners[octave * len(block) : (octave + 1) * len(block)] = block
            _agreed(block, out=counts[octave * self.n_cells : (octave + 1) * self.n_cells])
        corners[-2], corners[-1], counts[-1] = 0, UNBOUNDED, UNBOUNDED
        self.corners, self.counts, self.n_octaves = corners, counts, n_octaves


def _octave_corners(likelihood: CountLikelihood, octave: int, n_cells: int) -> np.ndarray:
    """Counts at the lower ends of the cells and slots, and at the upper ends of the last ones."""
    means = 2.0**octave * (1.0 + np.arange(n_cells + 1) / n_cells) - 1.0
    bound = min(int(count_bounds(likelihood, means[-1:], beyond=0.5 / _SLOTS)[0]), _MOST_COUNTS)
    counts = np.arange(bound + 1, dtype=np.uint16)
    rows = np.repeat(means, bound), np.tile(counts[:-1].astype(np.float64), len(means))
    levels, reachable = thresholds(likelihood, *rows)
    # Reached from the first slot whose lower end is at or above the threshold.
    first_slots = ((levels - np.uint64(1)) >> np.uint64(64 - SLOT_BITS)).astype(np.int64) + 1
    first_slots[levels == 0] = 0
    first_slots[~reachable] = _SLOTS
    first_slots = np.maximum.accumulate(first_slots.reshape(len(means), bound), axis=1)
    lengths = np.diff(first_slots, axis=1, prepend=0, append=_SLOTS + 1)
    corners = np.repeat(np.tile(counts, len(means)), lengths.reshape(-1)).reshape(len(means), -1)
    corners[corners == bound] = UNBOUNDED
    return corners


def _agreed(corners: np.ndarray, *, out: np.ndarray) -> None:
    low, high = corners[:-1, :-1], corners[1:, 1:]
    np.copyto(out, low)
    np.copyto(out, np.uint16(UNBOUNDED), where=low != high)
