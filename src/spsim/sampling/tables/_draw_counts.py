"""Counts of entries whose mean depends on the class of the spot and the class of the feature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim._random import Stream
from spsim.sampling._tile_by_tile import Settled
from spsim.sampling._uniforms import STRIP_FEATURES, TILE_SPOTS, TileLanes, bits_of
from spsim.sampling._walk import padded_width, pieces, step_entries
from spsim.sampling.tables._lane_tables import LaneTables

# Table numbers per (class of spots, feature) are kept when they are few: 1 MB at most.
_KEPT_NUMBERS = 1 << 20
# Eleven bytes to an entry of a step.
_STEPS, _LEAST_STEP, _LARGEST_STEP = 40, 1 << 14, 1 << 16


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenLanes:
    """Entries of a tile that met a sentinel: where in each chunk, and their addresses in the tables."""

    start: int
    at: list[np.ndarray]
    addresses: list[np.ndarray]

    def __len__(self) -> int:
        """Return the number of entries."""
        return sum(map(len, self.at))


class _Chunk:
    """Some strips of a tile, and where to work on them.

    Memory is shared by all chunks and used again for every tile, because fresh memory is slow.
    """

    def __init__(self, strips: slice, columns: np.ndarray, addresses: np.ndarray, found: np.ndarray) -> None:
        self.columns, self.n_strips = columns, strips.stop - strips.start
        self.first, self.stop = STRIP_FEATURES * strips.start, STRIP_FEATURES * strips.stop
        self.width = len(columns)
        self.found = found[: TILE_SPOTS * self.width].reshape(TILE_SPOTS, self.width)
        self.flat = addresses[: TILE_SPOTS * self.width]
        self.addresses = self.flat.reshape(self.found.shape)
        self.lanes = bits_of(self.flat, place=0).reshape(TILE_SPOTS, self.n_strips, STRIP_FEATURES)
        self.tables = bits_of(self.flat, place=1).reshape(self.found.shape)


class TableDraw:
    """The counts of a range of spots, drawn tile by tile."""

    def __init__(
        self,
        tables: LaneTables,
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
        self.placeholder = float(tables.sentinel)
        self.lanes = TileLanes(stream)
        self.chunks = self._chunks()
        self.numbers = table_of.astype(np.uint8)
        self.kept: list[np.ndarray] = []
        if len(table_of) * self.chunks[-1].stop <= _KEPT_NUMBERS:
            self.kept = [self.numbers.take(chunk.columns, axis=1) for chunk in self.chunks]

    def expected_nonzeros(self) -> tuple[float, float]:
        """Return mean and standard deviation of the number of counts above 0."""
        nonzero = 1.0 - self.tables.zero[self.table_of]
        spots = np.bincount(self.spot_class, minlength=nonzero.shape[0])
        features = np.bincount(self.feature_class, minlength=nonzero.shape[1])
        return spots @ nonzero @ features, float(np.sqrt(spots @ (nonzero * (1.0 - nonzero)) @ features))

    def fill(self, start: int, out: np.ndarray) -> OpenLanes:
        """Write the counts of the rows of a tile from ``start`` on, sentinels where they are open."""
        n_rows, n_features = out.shape
        classes = self.spot_class[start : start + n_rows]
        tile, offset = divmod(self.first_spot + start, TILE_SPOTS)
        self.lanes.go_to(tile)
        left = OpenLanes(start=start, at=[], addresses=[])
        for number, chunk in enumerate(self.chunks):
            chunk.lanes[:n_rows] = self.lanes.next(chunk.n_strips)[offset : offset + n_rows]
            chunk.tables[:n_rows] = self._numbers(number, classes)
            found = chunk.found[:n_rows]
            self.tables.values.take(chunk.addresses[:n_rows], out=found, mode="clip")
            out[:, chunk.first : chunk.stop] = found[:, : n_features - chunk.first]
            at = np.flatnonzero(found == self.tables.sentinel)
            left.at.append(at)
            left.addresses.append(chunk.flat[at])
        return left

    def settle(self, left: list[OpenLanes]) -> Settled:
        """Return the counts of entries that were left open."""
        sizes = np.array([[len(at) for at in lanes.at] for lanes in left])
        first = np.repeat([chunk.first for chunk in self.chunks] * len(left), sizes.reshape(-1))
        width = np.repeat([chunk.width for chunk in self.chunks] * len(left), sizes.reshape(-1))
        rows, columns = np.divmod(np.concatenate([at for lanes in left for at in lanes.at]), width)
        rows += np.repeat([lanes.start for lanes in left], sizes.sum(axis=1))
        features = first + columns
        addresses = np.concatenate([addresses for lanes in left for addresses in lanes.addresses])
        order = np.lexsort((features, rows))
        # Lanes beyond the last feature were drawn, and nothing else.
        order = order[features[order] < len(self.feature_class)]
        rows, features = rows[order], features[order]
        return rows, features, self.tables.resolve(addresses[order], rows + self.first_spot, features, self.stream)

    def _chunks(self) -> list[_Chunk]:
        columns = np.zeros(padded_width(len(self.feature_class)), np.intp)
        columns[: len(self.feature_class)] = self.feature_class
        step = step_entries(len(self.spot_class) * len(columns), share=_STEPS, least=_LEAST_STEP, most=_LARGEST_STEP)
        strips = list(pieces(len(columns) // STRIP_FEATURES, TILE_SPOTS * STRIP_FEATURES, entries=step))
        size = TILE_SPOTS * STRIP_FEATURES * strips[0].stop
        addresses, found = np.zeros(size, np.int64), np.empty(size, self.dtype)
        return [
            _Chunk(some, columns[STRIP_FEATURES * some.start : STRIP_FEATURES * some.stop], addresses, found)
            for some in strips
        ]

    def _numbers(self, number: int, classes: np.ndarray) -> np.ndarray:
        """Return the number of the table of each entry of a chunk."""
        if self.kept:
            return self.kept[number].take(classes, axis=0)
        return self.numbers.take(classes, axis=0).take(self.chunks[number].columns, axis=1)
