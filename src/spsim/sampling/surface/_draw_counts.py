"""Counts of entries that each have a mean of their own.

The surface of counts settles nearly all of them; the rest take exact thresholds, and only where the lane does not
decide are the lower bits drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from spsim._random import Stream
from spsim.likelihoods import CountLikelihood
from spsim.sampling._background import BackgroundCounts
from spsim.sampling._bisection import narrow_by_lanes, narrow_to_counts
from spsim.sampling._checks import checked_means
from spsim.sampling._draw import Settled
from spsim.sampling._thresholds import count_bounds
from spsim.sampling._uniforms import TILE_FEATURES, TILE_SPOTS, TileLanes, refine
from spsim.sampling._walk import padded_width, pieces, step_entries
from spsim.sampling.surface._box_reader import UNBOUNDED, BoxReader
from spsim.sampling.surface._lane_scores import lane_scores
from spsim.sampling.surface._shape_nodes import surface_kinds
from spsim.sampling.surface._surface import MOST_OCTAVES, CountSurface

# Below this many entries boxes do not pay.
_FEW_ENTRIES = 1 << 12
# Fifty bytes to an entry of a step.
_STEPS, _LEAST_STEP, _LARGEST_STEP = 80, 1 << 13, 1 << 15


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenMeans:
    """Entries between two counts: position, mean, brackets and lane."""

    rows: np.ndarray
    features: np.ndarray
    means: np.ndarray
    low: np.ndarray
    high: np.ndarray
    lanes: np.ndarray

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.rows)


class SurfaceDraw:
    """The counts of a block of spots, drawn tile by tile."""

    placeholder = -1.0
    dtype = np.dtype(np.float32)

    def __init__(
        self,
        likelihood: CountLikelihood,
        mean_rows: Callable[[int, int], np.ndarray],
        shape: tuple[int, int],
        *,
        stream: Stream,
        first_spot: int,
    ) -> None:
        self.likelihood, below = likelihood.parts()
        self.background = None if below is None else BackgroundCounts(below)
        self.mean_rows, self.shape, self.stream, self.first_spot = mean_rows, shape, stream, first_spot
        self.lanes = TileLanes(stream)
        self.of_kind, self.kind = likelihood.kinds(shape[1])
        self.step = step_entries(shape[0] * shape[1], share=_STEPS, least=_LEAST_STEP, most=_LARGEST_STEP)
        kept, lost = self.likelihood.kept()
        kinds = surface_kinds(kept, shape[1])
        few = shape[0] * shape[1] < _FEW_ENTRIES * len(kinds.nodes)
        surface = CountSurface(kinds, lane_scores(lost), most_octaves=0 if few else MOST_OCTAVES)
        self.reader = BoxReader(surface, max(shape[1], self.step))
        self.below = np.zeros(0, np.uint8) if self.background is None else self.background.slots()
        self.undecided = np.iinfo(self.below.dtype).max

    def expected_nonzeros(self) -> tuple[float, float]:
        """Return zeros: nothing is known before the means are."""
        return 0.0, 0.0

    def fill(self, start: int, out: np.ndarray) -> OpenMeans:
        """Write the counts of the rows of a tile from ``start`` on, placeholders where they are open."""
        tile, offset = divmod(self.first_spot + start, TILE_SPOTS)
        self.lanes.go_to(tile)
        lanes = self.lanes.next(padded_width(self.shape[1]) // TILE_FEATURES)[offset:]
        left = []
        for part in pieces(len(out), self.shape[1], entries=self.step):
            rows = start + part.start, start + part.stop
            means = checked_means(self.mean_rows(*rows), out[part].shape)
            left.append(self._step(rows[0], means, lanes[part], out[part]))
        return _together(left)

    def settle(self, parts: list[OpenMeans]) -> Settled:
        """Return the counts of entries that were left open."""
        entries = _together(parts)
        means, low, high = entries.means, entries.low, entries.high
        kind = self.kind[entries.features]
        feature = self.of_kind[kind]
        unbounded = np.flatnonzero(high == UNBOUNDED)
        high[unbounded] = self._bounds(means[unbounded], kind[unbounded])
        left = narrow_by_lanes(self.likelihood, means, feature, low, high, entries.lanes.astype(np.float64))
        if self.background is not None:
            added = self.below.take(entries.lanes)
            left = np.union1d(left, np.flatnonzero(added == self.undecided))
        spots = entries.rows[left] + self.first_spot
        uniforms = refine(self.stream, entries.lanes[left], spots, entries.features[left])
        low[left] = narrow_to_counts(self.likelihood, means[left], feature[left], low[left], high[left], uniforms)
        if self.background is not None:
            added[left] = self.background.counts(uniforms)
            low += added
        return entries.rows, entries.features, low

    def _step(self, start: int, means: np.ndarray, lanes: np.ndarray, out: np.ndarray) -> OpenMeans:
        """Write the counts of a few rows."""
        lanes = lanes.reshape(len(lanes), -1)[:, : means.shape[1]]
        at = self.reader.read(means, lanes, out)
        if self.background is not None:
            added = self.below.take(lanes)
            at = np.union1d(at, np.flatnonzero(added == self.undecided))
            out += added
        out.reshape(-1)[at] = self.placeholder
        rows, features = np.divmod(at, means.shape[1])
        low, high, lane = self.reader.brackets(at)
        return OpenMeans(
            rows=rows + start, features=features, means=means.reshape(-1)[at], low=low, high=high, lanes=lane
        )

    def _bounds(self, means: np.ndarray, kind: np.ndarray) -> np.ndarray:
        """Return counts that no uniform exceeds; that of the power of two above serves every mean below it."""
        n_kinds = len(self.of_kind)
        codes, code = np.unique(np.frexp(means)[1].astype(np.int64) * n_kinds + kind, return_inverse=True)
        exponents, kinds = np.divmod(codes, n_kinds)
        return count_bounds(self.likelihood, 2.0**exponents, self.of_kind[kinds])[code]


def _together(parts: list[OpenMeans]) -> OpenMeans:
    return OpenMeans(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(OpenMeans)})
