"""The arrays of a sparse matrix, grown row by row."""

from __future__ import annotations

import numpy as np

from spsim.sampling._walk import pieces

_MOVED_AT_ONCE = 1 << 15
# Up to here, stitching pieces together is faster than a mask.
_FEW_GAPS = 32


class CompressedRows:
    """Values, columns and row ends, written once into arrays that are sized beforehand and trimmed in place."""

    def __init__(self, size: tuple[int, int], expected: float, deviation: float) -> None:
        self.size, self.filled, self.settled, self.rows_done = size, 0, 0, 0
        # One sample in 1e9 exceeds this; then the arrays grow.
        capacity = min(int(expected + 6 * deviation) + 64, size[0] * size[1])
        self.values = np.empty(capacity, np.float32)
        self.columns = np.empty(capacity, np.int32 if capacity <= np.iinfo(np.int32).max else np.int64)
        self.ends = np.zeros(size[0] + 1, np.int64)
        self.column_of = np.empty(0, self.columns.dtype)

    def append(self, start: int, rows: np.ndarray) -> None:
        """Append the entries of some rows that are not 0."""
        for piece in pieces(len(rows), rows.shape[1]):
            values = rows[piece].reshape(-1)
            at = np.flatnonzero(values != 0)
            self.ends[start + piece.start + 1 : start + piece.stop + 1] = self.filled + np.searchsorted(
                at, rows.shape[1] * np.arange(1, piece.stop - piece.start + 1)
            )
            self.rows_done = start + piece.stop
            self._append(at, values, rows.shape[1])

    def settle(self, values: np.ndarray, *, placeholder: float) -> None:
        """Replace the placeholders among the latest entries, row by row; those that become 0 go."""
        latest = self.values[self.settled : self.filled]
        starts = range(0, len(latest), _MOVED_AT_ONCE)
        found = [begin + np.flatnonzero(latest[begin : begin + _MOVED_AT_ONCE] == placeholder) for begin in starts]
        at = self.settled + np.concatenate([*found, np.empty(0, np.intp)])
        self.values[at] = values
        self._remove(at[values == 0])
        self.settled = self.filled

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return what a sparse matrix is made of, without slack."""
        self._resize(self.filled)
        return self.values, self.columns, self.ends

    def _append(self, at: np.ndarray, values: np.ndarray, width: int) -> None:
        if len(self.column_of) < len(values):
            self.column_of = np.tile(np.arange(width, dtype=self.columns.dtype), len(values) // width)
        end = self.filled + len(at)
        if end > len(self.values):
            self._resize(min(end * self.size[0] // self.rows_done + end // 50, self.size[0] * self.size[1]))
        self.values[self.filled : end] = values.take(at)
        self.column_of.take(at, out=self.columns[self.filled : end], mode="clip")
        self.filled = end

    def _remove(self, at: np.ndarray) -> None:
        """Close the gaps that entries leave."""
        if not len(at):
            return
        # Only the ends of the latest rows move: to look at all of them would be quadratic in spots.
        ends = self.ends[: self.rows_done + 1]
        ends = ends[np.searchsorted(ends, at[0], side="right") :]
        ends -= np.searchsorted(at, ends)
        for begin in range(at[0], self.filled, _MOVED_AT_ONCE):
            stop = min(begin + _MOVED_AT_ONCE, self.filled)
            gone = at[np.searchsorted(at, begin) : np.searchsorted(at, stop)]
            target = slice(begin - np.searchsorted(at, begin), stop - np.searchsorted(at, stop))
            for array in (self.values, self.columns):
                array[target] = _without(array[begin:stop], gone - begin)
        self.filled -= len(at)

    def _resize(self, capacity: int) -> None:
        self.values.resize(capacity, refcheck=False)
        self.columns.resize(capacity, refcheck=False)


def _without(values: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """Return values without those at some positions."""
    if len(gone) > _FEW_GAPS:
        return np.delete(values, gone)
    first, *others = np.split(values, gone)
    return np.concatenate([first, *(other[1:] for other in others)])
