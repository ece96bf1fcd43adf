"""Counts of entries whose mean depends on the class of the spot and the class of the feature."""

from __future__ import annotations

import numpy as np

from spsim._random import Stream
from spsim.likelihoods._rows import GROUP_ENTRIES, padded_width, row_groups, row_steps, rows_per_step
from spsim.likelihoods._slots import SlotTables
from spsim.likelihoods._uniforms import write_bits

# Table numbers per (class of spots, feature) are kept when they are few: 2 MB at most.
_KEPT_NUMBERS = 1 << 20
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
        self.dtype = tables.values.dtype
        self.width = padded_width(len(feature_class))
        self.columns = np.zeros(self.width, np.intp)
        self.columns[: len(feature_class)] = feature_class
        self.numbers = table_of.astype(np.uint16)
        self.expanded = len(table_of) * self.width <= _KEPT_NUMBERS
        if self.expanded:
            self.numbers = self.numbers.take(self.columns, axis=1)

    def groups(self) -> list[tuple[int, int]]:
        """Return the row ranges to fill one after the other."""
        entries = GROUP_ENTRIES if self.dtype == np.uint16 else _WIDE_GROUP_ENTRIES
        return row_groups(self.first_spot, len(self.spot_class), self.width, entries=entries)

    def expected_nonzeros(self) -> tuple[float, float]:
        """Return mean and standard deviation of the number of counts above 0."""
        nonzero = 1.0 - self.tables.zero_probabilities()[self.table_of]
        spots = np.bincount(self.spot_class, minlength=nonzero.shape[0])
        features = np.bincount(self.feature_class, minlength=nonzero.shape[1])
        return spots @ nonzero @ features, float(np.sqrt(spots @ (nonzero * (1.0 - nonzero)) @ features))

    def fill(self, start: int, out: np.ndarray) -> None:
        """Write the counts of the rows from ``start`` on."""
        steps = rows_per_step(self.width)
        positions = np.zeros((steps, self.width), np.int64)
        counts = np.empty((steps, self.width), self.dtype)
        open_at, open_positions = [], []
        first_spot = self.first_spot + start
        for first, last, lanes in row_steps(self.stream, first_spot, len(out), self.width):
            where, found = positions[: last - first], counts[: last - first]
            write_bits(self._table_numbers(self.spot_class[start + first : start + last]), where, place=1)
            write_bits(lanes, where, place=0)
            self.tables.values.take(where, out=found, mode="clip")
            out[first:last] = found[:, : out.shape[1]]
            at = np.flatnonzero(found == self.tables.sentinel)
            open_at.append(at + first * self.width)
            open_positions.append(where.reshape(-1)[at])
        rows, features = np.divmod(np.concatenate(open_at), self.width)
        kept = np.flatnonzero(features < out.shape[1])
        rows, features, where = rows[kept], features[kept], np.concatenate(open_positions)[kept]
        out[rows, features] = self.tables.resolve(where, rows + first_spot, features, self.stream)

    def _table_numbers(self, classes: np.ndarray) -> np.ndarray:
        rows = self.numbers.take(classes, axis=0)
        return rows if self.expanded else rows.take(self.columns, axis=1)
