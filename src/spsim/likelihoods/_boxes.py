"""Reading counts off the surface, a few thousand entries at a time."""

from __future__ import annotations

import sys

import numpy as np

from spsim.likelihoods._surface import CLOSE, CLOSE_BY_SLOPE, CountSurface, lane_scores

_LOWEST_BYTE = 0 if sys.byteorder == "little" else 7


class BoxReader:
    """Buffers for reading; they are used again and again, because fresh memory is slow."""

    def __init__(self, surface: CountSurface, n_entries: int) -> None:
        self.surface = surface
        self.slots, self.places = lane_scores()
        self._floats = np.empty((4, n_entries), np.float32)
        self._where = np.empty(n_entries, np.int64)
        self._lanes = np.empty(n_entries, np.uint16)
        self._small = np.empty(n_entries, np.uint8)
        # A complex number holds the four coefficients of a box, so that one look-up brings all of them.
        self._flat = np.empty(n_entries, np.complex128)

    def read(self, means: np.ndarray, lanes: np.ndarray, kind: np.ndarray | None, out: np.ndarray) -> np.ndarray:
        """Write counts; return the flat positions of the entries that are too close to call."""
        self.surface.cover(float(means.max(initial=0.0)))
        n = means.size
        across, along, x, near = (buffer[:n] for buffer in self._floats)
        lane = self._lanes[:n]
        lane.reshape(means.shape)[...] = lanes
        where = self.positions(means, kind, lane, across)
        self.places.take(lane, out=along, mode="clip")
        flat = self.surface.flat.view(np.complex128).reshape(-1).take(where, out=self._flat[:n], mode="clip")
        flat = flat.view(np.float32).reshape(n, 4)
        np.multiply(flat[:, 3], across, out=x)
        x += flat[:, 2]
        x *= along
        across *= flat[:, 1]
        x += across
        x += flat[:, 0]
        np.floor(x, out=across)
        np.add(across.reshape(means.shape), 1.0, out=out)
        np.rint(x, out=near)
        near -= x
        np.abs(near, out=near)
        np.multiply(flat[:, 2], CLOSE_BY_SLOPE, out=along)
        along += CLOSE
        return np.flatnonzero(~np.greater(near, along, out=self._small[:n].view(bool)))

    def positions(self, means: np.ndarray, kind: np.ndarray | None, lane: np.ndarray, across: np.ndarray) -> np.ndarray:
        """Return the box of each entry, and in ``across`` where in its cell the mean lies."""
        where = self._where[: len(lane)]
        self.surface.cells(means, where.reshape(means.shape), across.reshape(means.shape))
        if kind is not None:
            where.reshape(means.shape)[...] += kind * (self.surface.cells_per_kind * len(self.surface.low[0, 0]))
        slots = self.slots.take(lane, out=self._small[: len(lane)], mode="clip")
        where.view(np.uint8).reshape(-1, 8)[:, _LOWEST_BYTE] = slots
        return where

    def brackets(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the lowest and highest counts, and the lanes, of entries that were just read."""
        close, x = self._floats[1, at], self._floats[2, at]
        where = self._where[at]
        curved = np.isnan(x)
        x = np.where(curved, 0.0, x)
        low = np.where(curved, self.surface.low.reshape(-1)[where], np.floor(x - close) + 1.0)
        high = np.where(curved, self.surface.high.reshape(-1)[where], np.floor(x + close) + 1.0)
        return np.maximum(low, 0.0).astype(np.int64), high.astype(np.int64), self._lanes[at]
