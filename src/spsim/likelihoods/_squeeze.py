"""Counts of entries that each have a mean of their own.

The grid brackets a count between two neighbouring means; only where the brackets differ are exact thresholds computed,
and only where the lane does not decide are the lower bits drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from spsim._random import Stream
from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._checks import checked_means
from spsim.likelihoods._grid import MOST_OCTAVES, SLOT_BITS, UNBOUNDED, MeanGrid
from spsim.likelihoods._inverse import narrow_by_lanes, narrow_to_counts
from spsim.likelihoods._rows import padded_width, row_groups, row_steps, rows_per_step
from spsim.likelihoods._thresholds import count_bounds
from spsim.likelihoods._uniforms import TILE_FEATURES, refine, write_bits

_GROUP_ENTRIES = 1 << 20
# Where the grid, and the finer grid, begin to pay for themselves.
_FEW_ENTRIES = 1 << 12
_MANY_ENTRIES = 1 << 23
_SETTLED_AT_ONCE = 1 << 16


class Open(NamedTuple):
    """Entries whose count is not settled: position, mean, brackets and lane."""

    rows: np.ndarray
    features: np.ndarray
    means: np.ndarray
    low: np.ndarray
    high: np.ndarray
    lanes: np.ndarray


class MeanDraw:
    """The counts of a block of spots, drawn group by group."""

    def __init__(
        self,
        likelihood: CountLikelihood,
        mean_rows: Callable[[int, int], np.ndarray],
        shape: tuple[int, int],
        *,
        stream: Stream,
        first_spot: int,
    ) -> None:
        self.likelihood, self.mean_rows, self.shape = likelihood, mean_rows, shape
        self.stream, self.first_spot = stream, first_spot
        self.dtype = np.dtype(np.float32)
        self.width = padded_width(shape[1])
        n_entries = shape[0] * shape[1]
        self.grid = MeanGrid(
            likelihood,
            cell_bits=6 if n_entries < _MANY_ENTRIES else 7,
            most_octaves=0 if n_entries < _FEW_ENTRIES else MOST_OCTAVES,
        )

    def groups(self) -> list[tuple[int, int]]:
        """Return the row ranges to fill one after the other."""
        return row_groups(self.first_spot, self.shape[0], self.width, entries=_GROUP_ENTRIES)

    def expected_nonzeros(self) -> tuple[float, float]:
        """Return zeros: nothing is known before the means are."""
        return 0.0, 0.0

    def fill(self, start: int, out: np.ndarray) -> None:
        """Write the counts of the rows from ``start`` on."""
        positions = np.zeros((rows_per_step(self.width), self.width), np.int64)
        still_open = []
        first_spot = self.first_spot + start
        for first, last, lanes in row_steps(self.stream, first_spot, len(out), self.width):
            means = checked_means(self.mean_rows(start + first, start + last), (last - first, self.shape[1]))
            left = self._step(means, lanes, out[first:last], positions[: last - first])
            still_open.append(left._replace(rows=left.rows + first))
        left = Open(*map(np.concatenate, zip(*still_open, strict=True)))
        for begin in range(0, len(left.rows), _SETTLED_AT_ONCE):
            part = Open(*(values[begin : begin + _SETTLED_AT_ONCE] for values in left))
            out[part.rows, part.features] = self._settle(part, first_spot)

    def _step(self, means: np.ndarray, lanes: np.ndarray, out: np.ndarray, positions: np.ndarray) -> Open:
        """Fill in a few rows; return the entries that their lanes leave open."""
        self.grid.cover(float(means.max(initial=0.0)))
        self.grid.cells(means, positions[:, : self.shape[1]])
        write_bits(lanes, positions, place=0)
        positions >>= 16 - SLOT_BITS
        found = self.grid.agreed(positions)[:, : self.shape[1]]
        np.copyto(out, found)
        at = np.flatnonzero(found == UNBOUNDED)
        rows, features = np.divmod(at, self.shape[1])
        low, high = self.grid.brackets(positions[rows, features])
        lane = lanes[rows, features // TILE_FEATURES, features % TILE_FEATURES].astype(np.float64)
        unsettled = Open(rows, features, means.reshape(-1).take(at), low, high, lane)
        left = narrow_by_lanes(self.likelihood, *unsettled[2:])
        out.reshape(-1)[at] = low
        return Open(*(values[left] for values in unsettled))

    def _settle(self, part: Open, first_spot: int) -> np.ndarray:
        """Draw the lower bits of open entries and return their counts."""
        high = part.high.copy()
        unbounded = np.flatnonzero(high == UNBOUNDED)
        # The bound of the power of two above serves every mean below it.
        octaves, octave = np.unique(np.frexp(part.means[unbounded])[1], return_inverse=True)
        high[unbounded] = count_bounds(self.likelihood, 2.0**octaves)[octave]
        uniforms = refine(self.stream, part.lanes, part.rows + first_spot, part.features)
        return narrow_to_counts(self.likelihood, part.means, part.low, high, uniforms)
