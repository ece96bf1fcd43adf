"""Reading counts off the surface, a few thousand entries at a time."""

from __future__ import annotations

import numpy as np

from spsim.sampling.surface._lane_scores import BANDS
from spsim.sampling.surface._surface import CountSurface

# From here on a count has no bound.
UNBOUNDED = (1 << 16) - 1


class BoxReader:
    """Buffers for reading; they are used again and again, because fresh memory is slow."""

    def __init__(self, surface: CountSurface, n_entries: int) -> None:
        self.surface = surface
        self._floats = np.empty((7 if surface.nodes.lie_between else 4, n_entries), np.float32)
        self._where = np.empty(n_entries, np.int64)
        self._lanes = np.empty(n_entries, np.int64)
        self._small = np.empty(n_entries, np.uint8)
        # A complex number holds four coefficients of a box, so that one look-up brings all of them.
        self._taken = np.empty(n_entries, np.complex128)

    def read(self, means: np.ndarray, lanes: np.ndarray, out: np.ndarray, *, start: int) -> np.ndarray:
        """Write the counts of rows from ``start`` on; return where, flat, entries are too close to call."""
        self.surface.cover(float(means.max(initial=0.0)))
        x, work = (buffer[: means.size] for buffer in self._floats[:2])
        self._lanes[: means.size].reshape(means.shape)[...] = lanes
        error = self._interpolate(means, *self.surface.nodes.of_rows(start, start + len(means)))
        np.floor(x, out=work)
        np.add(work.reshape(means.shape), 1.0, out=out)
        np.rint(x, out=work)
        work -= x
        np.abs(work, out=work)
        sure = np.greater(work, error, out=self._small[: means.size].view(bool))
        return np.flatnonzero(np.logical_not(sure, out=sure))

    def brackets(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the lowest and highest counts, and the lanes, of entries that were just read."""
        x, error = self._floats[0, at], self._taken.view(np.float32)[4 * at + 3]
        low, high = np.floor(x - error) + 1.0, np.floor(x + error) + 1.0
        return np.maximum(low, 0.0).astype(np.int64), np.minimum(high, UNBOUNDED).astype(np.int64), self._lanes[at]

    def _interpolate(self, means: np.ndarray, node: np.ndarray, place: np.ndarray | None) -> np.ndarray:
        """Write the continued counts; return the bounds of their errors."""
        n = means.size
        x, work, s, t = (buffer[:n] for buffer in self._floats[:4])
        where = self._boxes(means, node, s)
        self.surface.scores.places.take(self._lanes[:n], out=t, mode="clip")
        halves = self.surface.boxes.view(np.complex128).reshape(len(self.surface.boxes), -1)
        if place is None:
            return self._paraboloid(halves, where, (s, t, x, work))
        # Between two nodes: the change from one to the other first, because the bound of the error is with the node.
        change, s_again, t_again = (buffer[:n] for buffer in self._floats[4:])
        s_again[...], t_again[...] = s, t
        self._paraboloid(halves[2:], where, (s_again, t_again, change, work))
        change.reshape(means.shape)[...] *= place
        error = self._paraboloid(halves[:2], where, (s, t, x, work))
        x += change
        return error

    def _paraboloid(self, halves: np.ndarray, where: np.ndarray, buffers: tuple[np.ndarray, ...]) -> np.ndarray:
        """Write ``x`` at the place (s, t) of each box; return the eighth coefficients. The rest is overwritten."""
        s, t, x, work = buffers
        flat = self._taken[: len(where)]
        taken = halves[0].take(where, out=flat, mode="clip").view(np.float32).reshape(-1, 4)
        np.subtract(s, 1.0, out=x)
        x *= taken[:, 2]
        x += taken[:, 1]
        x *= s
        x += taken[:, 0]
        x += np.multiply(t, taken[:, 3], out=work)
        halves[1].take(where, out=flat, mode="clip")
        np.multiply(taken[:, 2], s, out=work)
        work += taken[:, 1]
        s *= taken[:, 0]
        s *= t
        x += s
        np.subtract(t, 1.0, out=s)
        t *= s
        x += np.multiply(work, t, out=work)
        return taken[:, 3]

    def _boxes(self, means: np.ndarray, node: np.ndarray, s: np.ndarray) -> np.ndarray:
        """Return the box of each entry, and in ``s`` where in its cell the mean lies."""
        lanes, where = self._lanes[: means.size], self._where[: means.size]
        self.surface.cells(means, where.reshape(means.shape), s.reshape(means.shape))
        where &= ~(BANDS - 1)
        where |= self.surface.scores.bands.take(lanes, out=self._small[: means.size], mode="clip")
        if self.surface.nodes.n_sheets > 1:
            where.reshape(means.shape)[...] += node * self.surface.boxes_per_sheet
        return where
