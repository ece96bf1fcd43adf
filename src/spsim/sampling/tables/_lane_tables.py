"""Lane tables: the inverse distribution function of one mean at the resolution of a lane.

A lane is a value of the upper 16 bits of the uniform. Where no threshold lies inside a lane, the table holds the count
itself; elsewhere a sentinel says that the lower bits decide. This is the guide table of Chen & Asau [1]_ with the rest
of the digits drawn only when needed.

.. [1] Chen & Asau (1974), On generating random variates from an empirical distribution, AIIE Transactions 6, 163-166.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from spsim._random import Stream
from spsim.likelihoods import CountLikelihood
from spsim.sampling._background import BackgroundCounts
from spsim.sampling._shape_scales import of_entries
from spsim.sampling._thresholds import count_bounds, lane_counts, smallest_type, threshold_lists
from spsim.sampling._uniforms import N_LANES, refine

# Beyond 64 tables of 128 KB they leave the cache; beyond 2**22 thresholds they take longer to build than to draw.
MOST_TABLES = 64
_MOST_THRESHOLDS = 1 << 22


@dataclass(frozen=True, kw_only=True, eq=False)
class LaneTables:
    """One table per distinct mean, end to end, the exact thresholds behind the sentinels, and the probability of 0."""

    levels: list[np.ndarray]
    background: BackgroundCounts | None
    values: np.ndarray
    zero: np.ndarray

    @cached_property
    def sentinel(self) -> int:
        """The number that stands for "the lower bits decide"."""
        return int(np.iinfo(self.values.dtype).max)

    def resolve(self, addresses: np.ndarray, spots: np.ndarray, features: np.ndarray, source: Stream) -> np.ndarray:
        """Return the counts of entries that met a sentinel at these addresses of ``values`` (65,536 table + lane)."""
        return self._search(addresses // N_LANES, refine(source, addresses % N_LANES, spots, features))

    def _search(self, tables: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        order = np.argsort(tables.astype(np.uint16), kind="stable")
        ends = np.searchsorted(tables[order], np.arange(len(self.levels)), side="right")
        counts = np.empty(len(tables), np.int64)
        for level, chosen in zip(self.levels, np.split(order, ends[:-1]), strict=True):
            counts[chosen] = np.searchsorted(level, uniforms[chosen], side="right")
        return counts if self.background is None else counts + self.background.counts(uniforms)


# Replicates and ranges of spots ask for the same tables again: two modalities and as many before them.
@lru_cache(maxsize=4)
def lane_tables(
    likelihood: CountLikelihood, means: tuple[float, ...], features: tuple[int, ...], scales: tuple[float, ...] | None
) -> LaneTables | None:
    """Build the tables of means that :func:`canonical` has rounded, each for a feature and perhaps a scale of its shape.

    Return nothing if they are too long.
    """
    foreground, below = likelihood.parts()
    background = None if below is None else BackgroundCounts(below)
    mean, feature, scale = np.array(means), np.array(features), None if scales is None else np.array(scales)
    foreground = of_entries(foreground, feature, scale)
    bounds = count_bounds(foreground, mean)
    if bounds.sum() > _MOST_THRESHOLDS:
        return None
    levels = threshold_lists(foreground, mean, bounds)
    longest = max(map(len, levels if background is None else [*levels, background.levels]))
    values: np.ndarray = np.empty((len(means), N_LANES), smallest_type(longest))
    for row, level in zip(values, levels, strict=True):
        row[:] = lane_counts(level, row.dtype)
        if background is not None:
            _put_below(row, background)
    values.flags.writeable = False
    zero = of_entries(likelihood, feature, scale).cdf(mean, np.zeros(len(mean)))
    return LaneTables(levels=levels, background=background, values=values.reshape(-1), zero=zero)


def _put_below(row: np.ndarray, background: BackgroundCounts) -> None:
    """Fill the lanes that belong to the background."""
    counts = background.lane_counts()[: int(background.last >> np.uint64(48)) + 1]
    row[: len(counts)] = counts
    row[: len(counts)][counts == np.iinfo(counts.dtype).max] = np.iinfo(row.dtype).max
