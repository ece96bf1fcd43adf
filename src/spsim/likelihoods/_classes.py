"""Counts of entries whose mean depends on the class of the spot and the class of the feature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim._random import Stream
from spsim.likelihoods._pending import Settled
from spsim.likelihoods._rows import padded_width, pieces
from spsim.likelihoods._slots import SlotTables
from spsim.likelihoods._uniforms import TILE_FEATURES, TILE_SPOTS, TileLanes, write_bits

# Table numbers per (class of spots, feature) are kept when they are few: 1 MB at most.
_KEPT_NUMBERS = 1 << 20


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenSlots:
    """Entries of a tile that met a sentinel: where in each chunk, and where in the tables."""

    start: int
    at: list[np.ndarray]
    slots: list[np.ndarray]

    def __len__(self) -> int:
        """Return the number of entries."""
        return sum(map(len, self.at))


class ClassDraw:
    """The counts of a block of spots, drawn tile by tile."""

    def __init__(
        self,
        tables: SlotTables,
        table_of: np.ndarray,
        zero_probability: np.ndarray,
        spot_class: np.ndarray,
        feature_class: np.ndarray,
        *,
        stream: Stream,
        first_spot: int,
    ) -> None:
        self.tables, self.table_of, self.stream, self.first_spot = tables, table_of, stream, first_spot
        self.zero_probability, self.spot_class, self.feature_class = zero_probability, spot_class, feature_class
        self.dtype = tables.values.dtype
        self.placeholder = tables.sentinel
        self.width = padded_width(len(feature_class))
        columns = np.zeros(self.width, np.intp)
        columns[: len(feature_class)] = feature_class
        self.chunks = list(pieces(self.width // TILE_FEATURES, TILE_SPOTS * TILE_FEATURES))
        self.columns = [columns[TILE_FEATURES * part.start : TILE_FEATURES * part.stop] for part in self.chunks]
        self.numbers = table_of.astype(np.uint8)
        self.kept: list[np.ndarray] = []
        if len(table_of) * self.width <= _KEPT_NUMBERS:
            self.kept = [self.numbers.take(part, axis=1) for part in self.columns]
        widest = max(map(len, self.columns), default=0)
        self.positions = np.zeros(TILE_SPOTS * widest, np.int64)

    def expected_nonzeros(self) -> tuple[float, float]:
        """Return mean and standard deviation of the number of counts above 0."""
        nonzero = 1.0 - self.zero_probability[self.table_of]
        spots = np.bincount(self.spot_class, minlength=nonzero.shape[0])
        features = np.bincount(self.feature_class, minlength=nonzero.shape[1])
        return spots @ nonzero @ features, float(np.sqrt(spots @ (nonzero * (1.0 - nonzero)) @ features))

    def fill(self, start: int, out: np.ndarray) -> OpenSlots:
        """Write the counts of the rows of a tile from ``start`` on, sentinels where they are open."""
        classes = self.spot_class[start : start + len(out)]
        tile, offset = divmod(self.first_spot + start, TILE_SPOTS)
        source = TileLanes(self.stream, tile)
        left = OpenSlots(start=start, at=[], slots=[])
        for chunk, part in enumerate(self.chunks):
            lanes = source.next(part.stop - part.start)[offset : offset + len(out)]
            where = self._positions(chunk, classes, lanes)
            found = self.tables.values.take(where, mode="clip")
            into = out[:, TILE_FEATURES * part.start : TILE_FEATURES * part.stop]
            into[...] = found[:, : into.shape[1]]
            at = np.flatnonzero(found == self.placeholder)
            left.at.append(at)
            left.slots.append(where.reshape(-1)[at])
        return left

    def settle(self, parts: list[OpenSlots]) -> Settled:
        """Return the counts of entries that were left open."""
        sizes = np.array([[len(at) for at in part.at] for part in parts])
        first = np.repeat([TILE_FEATURES * part.start for part in self.chunks] * len(parts), sizes.reshape(-1))
        width = np.repeat([len(columns) for columns in self.columns] * len(parts), sizes.reshape(-1))
        rows, columns = np.divmod(np.concatenate([at for part in parts for at in part.at]), width)
        rows += np.repeat([part.start for part in parts], sizes.sum(axis=1))
        features = first + columns
        slots = np.concatenate([slots for part in parts for slots in part.slots])
        order = np.lexsort((features, rows))
        # Lanes beyond the last feature were drawn, and nothing else.
        order = order[features[order] < len(self.feature_class)]
        rows, features = rows[order], features[order]
        return rows, features, self.tables.resolve(slots[order], rows + self.first_spot, features, self.stream)

    def _positions(self, chunk: int, classes: np.ndarray, lanes: np.ndarray) -> np.ndarray:
        """Return where in the tables the counts of some rows and feature tiles stand: ``table * 2**16 + lane``."""
        columns = self.columns[chunk]
        where = self.positions[: len(classes) * len(columns)].reshape(len(classes), len(columns))
        if self.kept:
            numbers = self.kept[chunk].take(classes, axis=0)
        else:
            numbers = self.numbers.take(classes, axis=0).take(columns, axis=1)
        write_bits(numbers, where, place=1)
        write_bits(lanes, where, place=0)
        return where
