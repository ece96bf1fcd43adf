"""Counts of entries that each have a mean of their own.

The grid brackets a count between two neighbouring means; only where the brackets differ are exact thresholds computed,
and only where the lane does not decide are the lower bits drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from spsim._random import Stream
from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._checks import checked_means
from spsim.likelihoods._grid import SLOT_BITS, UNBOUNDED, MeanGrid
from spsim.likelihoods._inverse import narrow_by_lanes, narrow_to_counts
from spsim.likelihoods._rows import padded_width, row_groups, row_steps, rows_per_step
from spsim.likelihoods._thresholds import count_bounds
from spsim.likelihoods._uniforms import refine, write_lanes

_GROUP_ENTRIES = 1 << 20


class Open(NamedTuple):
    """Entries whose count is not settled: position, mean, brackets and lane."""

    at: np.ndarray
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
        self.width = padded_width(shape[1])
        self.grid = MeanGrid(likelihood)

    def groups(self) -> Iterator[tuple[int, np.ndarray]]:
        """Yield the first row and the counts of each group, in one reused buffer; further columns are padding."""
        ranges = list(row_groups(self.first_spot, self.shape[0], self.width, entries=_GROUP_ENTRIES))
        counts = np.empty((max((stop - start for start, stop in ranges), default=0), self.width), np.float32)
        for start, stop in ranges:
            self._fill(start, counts[: stop - start])
            yield start, counts[: stop - start]

    def expected_nonzeros(self) -> tuple[float, float]:
        """Return zeros: nothing is known before the means are."""
        return 0.0, 0.0

    def _fill(self, start: int, counts: np.ndarray) -> None:
        index = np.zeros((2, rows_per_step(self.width), self.width), np.int64)
        still_open = []
        first_spot = self.first_spot + start
        for first, last, lanes in row_steps(self.stream, first_spot, len(counts), self.width):
            means = checked_means(self.mean_rows(start + first, start + last), (last - first, self.shape[1]))
            left = self._step(means, lanes, counts[first:last], index[:, : last - first])
            still_open.append(left._replace(at=left.at + first * self.width))
        left = Open(*map(np.concatenate, zip(*still_open, strict=True)))
        rows, features = np.divmod(left.at, self.width)
        uniforms = refine(self.stream, left.lanes, rows + first_spot, features)
        settled = narrow_to_counts(self.likelihood, left.means, left.low, left.high, uniforms)
        counts.reshape(-1)[left.at] = settled

    def _step(self, means: np.ndarray, lanes: np.ndarray, counts: np.ndarray, index: np.ndarray) -> Open:
        """Fill in a few rows; return the entries that need their lower bits."""
        cell_and_lane, positions = index
        self.grid.cover(float(means.max(initial=0.0)))
        self.grid.cells(means, cell_and_lane[:, : self.shape[1]])
        cell_and_lane <<= 16
        write_lanes(lanes, cell_and_lane)
        np.right_shift(cell_and_lane, 16 - SLOT_BITS, out=positions)
        found = self.grid.agreed(positions)
        np.copyto(counts, found)
        found[:, self.shape[1] :] = 0
        at = np.flatnonzero(found == UNBOUNDED)
        lane = cell_and_lane.reshape(-1).take(at).astype(np.uint64) & np.uint64(0xFFFF)
        unsettled = Open(at, self._take(means, at), *self.grid.brackets(positions.reshape(-1).take(at)), lane)
        self._bound(unsettled)
        left = narrow_by_lanes(self.likelihood, *unsettled[1:])
        counts.reshape(-1)[at] = unsettled.low
        return Open(*(values[left] for values in unsettled))

    def _take(self, means: np.ndarray, at: np.ndarray) -> np.ndarray:
        if self.width != self.shape[1]:
            at = at - at // self.width * (self.width - self.shape[1])
        return means.reshape(-1).take(at)

    def _bound(self, unsettled: Open) -> None:
        """Put exact bounds where the grid has none."""
        unbounded = np.flatnonzero(unsettled.high == UNBOUNDED)
        # The bound of the power of two above serves every mean below it.
        octaves, octave = np.unique(np.frexp(unsettled.means[unbounded])[1], return_inverse=True)
        unsettled.high[unbounded] = count_bounds(self.likelihood, 2.0**octaves)[octave]
