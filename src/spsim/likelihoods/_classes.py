"""Counts of entries whose mean depends on the class of the spot and the class of the feature."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from spsim._random import Stream
from spsim.likelihoods._rows import GROUP_ENTRIES, padded_width, row_groups, row_steps, rows_per_step
from spsim.likelihoods._slots import SLOTS, SlotTables
from spsim.likelihoods._uniforms import write_lanes

# Table positions per (class of spots, feature) are kept when they are few: 4 MB at most.
_KEPT_POSITIONS = 1 << 19
# 32-bit tables belong to means whose slots are all open: settle those in small groups.
_WIDE_GROUP_ENTRIES = 1 << 17


class ClassDraw:
    """The counts of a block of spots, drawn group by group."""

    def __init__(
        self,
        tables: SlotTables,
        table_of: np.ndarray,
        spot_class: np.ndarray,
        feature_class: np.ndarray,
        *,
        stream: Stream,
        first_spot: int,
    ) -> None:
        self.tables, self.table_of, self.stream, self.first_spot = tables, table_of, stream, first_spot
        self.spot_class, self.feature_class = spot_class, feature_class
        self.width = padded_width(len(feature_class))
        self.columns = np.zeros(self.width, np.intp)
        self.columns[: len(feature_class)] = feature_class
        self.starts = table_of.astype(np.int64) * SLOTS
        self.expanded = len(self.starts) * self.width <= _KEPT_POSITIONS
        if self.expanded:
            self.starts = self.starts.take(self.columns, axis=1)

    def groups(self) -> Iterator[tuple[int, np.ndarray]]:
        """Yield the first row and the counts of each group, in one reused buffer; further columns are padding."""
        dtype = self.tables.values.dtype
        entries = GROUP_ENTRIES if dtype == np.uint16 else _WIDE_GROUP_ENTRIES
        ranges = list(row_groups(self.first_spot, len(self.spot_class), self.width, entries=entries))
        counts = np.empty((max((stop - start for start, stop in ranges), default=0), self.width), dtype)
        for start, stop in ranges:
            self._fill(start, counts[: stop - start])
            yield start, counts[: stop - start]

    def expected_nonzeros(self) -> tuple[float, float]:
        """Return mean and standard deviation of the number of counts above 0."""
        nonzero = 1.0 - self.tables.zero_probabilities()[self.table_of]
        spots = np.bincount(self.spot_class, minlength=nonzero.shape[0])
        features = np.bincount(self.feature_class, minlength=nonzero.shape[1])
        return spots @ nonzero @ features, float(np.sqrt(spots @ (nonzero * (1.0 - nonzero)) @ features))

    def _fill(self, start: int, counts: np.ndarray) -> None:
        index = np.empty((rows_per_step(self.width), self.width), np.int64)
        open_at, open_slots = [], []
        first_spot = self.first_spot + start
        for first, last, lanes in row_steps(self.stream, first_spot, len(counts), self.width):
            slots = index[: last - first]
            self._table_starts(self.spot_class[start + first : start + last], slots)
            # Starts are multiples of 2**16, so writing the lane into the lowest 16 bits adds it.
            write_lanes(lanes, slots)
            self.tables.values.take(slots, out=counts[first:last], mode="clip")
            at = np.flatnonzero(counts[first:last] == self.tables.sentinel)
            open_at.append(at + first * self.width)
            open_slots.append(slots.reshape(-1)[at])
        at, slots = np.concatenate(open_at), np.concatenate(open_slots)
        rows, features = np.divmod(at, self.width)
        counts.reshape(-1)[at] = self.tables.resolve(slots, rows + first_spot, features, self.stream)

    def _table_starts(self, classes: np.ndarray, out: np.ndarray) -> None:
        if self.expanded:
            self.starts.take(classes, axis=0, out=out, mode="clip")
        else:
            self.starts.take(classes, axis=0).take(self.columns, axis=1, out=out, mode="clip")
