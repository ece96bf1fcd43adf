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
from spsim.sampling._shape_scales import of_entries
from spsim.sampling._thresholds import count_bounds
from spsim.sampling._tile_by_tile import Settled
from spsim.sampling._uniforms import STRIP_FEATURES, TILE_SPOTS, TileLanes, refine
from spsim.sampling._walk import padded_width, pieces, step_entries
from spsim.sampling.surface._box_reader import UNBOUNDED, BoxReader
from spsim.sampling.surface._lane_scores import lane_scores
from spsim.sampling.surface._shape_nodes import shape_nodes
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
    """The counts of a range of spots, drawn tile by tile."""

    placeholder = -1.0
    dtype = np.dtype(np.float32)

    def __init__(
        self,
        likelihood: CountLikelihood,
        mean_rows: Callable[[int, int], np.ndarray],
        size: tuple[int, int],
        *,
        scales: np.ndarray | None,
        stream: Stream,
        first_spot: int,
    ) -> None:
        self.likelihood, below = likelihood.parts()
        self.background = None if below is None else BackgroundCounts(below)
        self.mean_rows, self.size, self.scales = mean_rows, size, scales
        self.stream, self.first_spot, self.lanes = stream, first_spot, TileLanes(stream)
        of_variant, self.variant = likelihood.variants(size[1])
        self.n_variants = len(of_variant)
        self.step = step_entries(size[0] * size[1], share=_STEPS, least=_LEAST_STEP, most=_LARGEST_STEP)
        kept, lost = self.likelihood.kept()
        nodes = shape_nodes(kept, scales)
        few = size[0] * size[1] < _FEW_ENTRIES * len(nodes.likelihoods)
        surface = CountSurface(nodes, lane_scores(lost), most_octaves=0 if few else MOST_OCTAVES)
        self.reader = BoxReader(surface, max(size[1], self.step))
        self.below = np.zeros(0, np.uint8) if self.background is None else self.background.lane_counts()
        self.undecided = np.iinfo(self.below.dtype).max

    def expected_nonzeros(self) -> tuple[float, float]:
        """Return zeros: nothing is known before the means are."""
        return 0.0, 0.0

    def fill(self, start: int, out: np.ndarray) -> OpenMeans:
        """Write the counts of the rows of a tile from ``start`` on, placeholders where they are open."""
        tile, offset = divmod(self.first_spot + start, TILE_SPOTS)
        self.lanes.go_to(tile)
        lanes = self.lanes.next(padded_width(self.size[1]) // STRIP_FEATURES)[offset:]
        left = []
        for piece in pieces(len(out), self.size[1], entries=self.step):
            rows = start + piece.start, start + piece.stop
            means = checked_means(self.mean_rows(*rows), out[piece].shape, lowest=self.likelihood.lowest_mean)
            left.append(self._step(rows[0], means, lanes[piece], out[piece]))
        return _together(left)

    def settle(self, left: list[OpenMeans]) -> Settled:
        """Return the counts of entries that were left open."""
        entries = _together(left)
        rows, features, means = entries.rows, entries.features, entries.means
        low, high = entries.low, entries.high
        likelihood = self._of_entries(rows, features)
        unbounded = np.flatnonzero(high == UNBOUNDED)
        high[unbounded] = self._bounds(rows[unbounded], features[unbounded], means[unbounded])
        tied = narrow_by_lanes(likelihood, means, low, high, entries.lanes.astype(np.float64))
        if self.background is not None:
            added = self.below.take(entries.lanes)
            tied = np.union1d(tied, np.flatnonzero(added == self.undecided))
        uniforms = refine(self.stream, entries.lanes[tied], rows[tied] + self.first_spot, features[tied])
        low[tied] = narrow_to_counts(likelihood.take(tied), means[tied], low[tied], high[tied], uniforms)
        if self.background is not None:
            added[tied] = self.background.counts(uniforms)
            low += added
        return rows, features, low

    def _step(self, start: int, means: np.ndarray, lanes: np.ndarray, out: np.ndarray) -> OpenMeans:
        """Write the counts of a few rows."""
        lanes = lanes.reshape(len(lanes), -1)[:, : means.shape[1]]
        at = self.reader.read(means, lanes, out, start=start)
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

    def _of_entries(self, rows: np.ndarray, features: np.ndarray) -> CountLikelihood:
        return of_entries(self.likelihood, features, None if self.scales is None else self.scales[rows])

    def _bounds(self, rows: np.ndarray, features: np.ndarray, means: np.ndarray) -> np.ndarray:
        """Return counts that no uniform exceeds; that of the power of two above serves every mean below it."""
        exponents = np.frexp(means)[1].astype(np.int64)
        codes = exponents * self.n_variants + self.variant[features]
        if self.scales is not None:
            scales, scale = np.unique(self.scales[rows], return_inverse=True)
            codes = codes * len(scales) + scale
        _, first, code = np.unique(codes, return_index=True, return_inverse=True)
        return count_bounds(self._of_entries(rows[first], features[first]), 2.0 ** exponents[first])[code]


def _together(left: list[OpenMeans]) -> OpenMeans:
    return OpenMeans(**{f.name: np.concatenate([getattr(some, f.name) for some in left]) for f in fields(OpenMeans)})
