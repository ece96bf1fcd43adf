"""Reading counts off the surface, a few thousand entries at a time."""

from __future__ import annotations

import numpy as np

from spsim.likelihoods._lane_scores import SLOTS
from spsim.likelihoods._surface import CountSurface

# From here on a count has no bound.
UNBOUNDED = (1 << 16) - 1


class BoxReader:
    """Buffers for reading; they are used again and again, because fresh memory is slow."""

    def __init__(self, surface: CountSurface, n_entries: int) -> None:
        self.surface = surface
        self._floats = np.empty((4, n_entries), np.float32)
        self._where = np.empty(n_entries, np.int64)
        self._lanes = np.empty(n_entries, np.uint16)
        self._small = np.empty(n_entries, np.uint8)
        # A complex number holds four coefficients of a box, so that one look-up brings all of them.
        self._taken = np.empty((2, n_entries), np.complex128)

    def read(self, means: np.ndarray, lanes: np.ndarray, kind: np.ndarray | None, out: np.ndarray) -> np.ndarray:
        """Write counts; return the flat positions of the entries that are too close to call."""
        self.surface.cover(float(means.max(initial=0.0)))
        n = means.size
        s, t, x, work = (buffer[:n] for buffer in self._floats)
        lane = self._lanes[:n]
        lane.reshape(means.shape)[...] = lanes
        where = self._positions(means, kind, lane, s)
        self.surface.scores.places.take(lane, out=t, mode="clip")
        flat = self.surface.boxes.view(np.complex128).reshape(2, -1)
        first, second = (table.take(where, out=into[:n], mode="clip") for table, into in zip(flat, self._taken, strict=True))
        _paraboloid(first.view(np.float32).reshape(n, 4), second.view(np.float32).reshape(n, 4), s, t, x, work)
        np.floor(x, out=s)
        np.add(s.reshape(means.shape), 1.0, out=out)
        np.rint(x, out=work)
        work -= x
        np.abs(work, out=work)
        sure = np.greater(work, second.view(np.float32)[3::4], out=self._small[:n].view(bool))
        return np.flatnonzero(np.logical_not(sure, out=sure))

    def brackets(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the lowest and highest counts, and the lanes, of entries that were just read."""
        x, error = self._floats[2, at], self._taken[1, at].view(np.float32)[3::4]
        low, high = np.floor(x - error) + 1.0, np.floor(x + error) + 1.0
        return np.maximum(low, 0.0).astype(np.int64), np.minimum(high, UNBOUNDED).astype(np.int64), self._lanes[at]

    def _positions(self, means: np.ndarray, kind: np.ndarray | None, lane: np.ndarray, s: np.ndarray) -> np.ndarray:
        """Return the box of each entry, and in ``s`` where in its cell the mean lies."""
        where = self._where[: len(lane)]
        self.surface.cells(means, where.reshape(means.shape), s.reshape(means.shape))
        where &= ~(SLOTS - 1)
        where |= self.surface.scores.slots.take(lane, out=self._small[: len(lane)], mode="clip")
        if kind is not None:
            where.reshape(means.shape)[...] += kind * self.surface.boxes_per_kind
        return where


def _paraboloid(
    first: np.ndarray, second: np.ndarray, s: np.ndarray, t: np.ndarray, x: np.ndarray, work: np.ndarray
) -> None:
    """Write the count at the place (s, t) of each box; ``s`` and ``work`` are overwritten."""
    np.subtract(s, 1.0, out=x)
    x *= first[:, 2]
    x += first[:, 1]
    x *= s
    x += first[:, 0]
    np.multiply(second[:, 2], s, out=work)
    work += second[:, 1]
    s *= second[:, 0]
    s += first[:, 3]
    s += np.multiply(work, t - np.float32(1.0), out=work)
    s *= t
    x += s
