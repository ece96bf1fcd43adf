"""Slot tables: the inverse distribution function of one mean at the resolution of a lane.

A slot is a value of the upper 16 bits of the uniform. Where no threshold lies inside a slot, the table holds the count
itself; elsewhere a sentinel says that the lower bits decide. This is the guide table of Chen & Asau [1]_ with the rest
of the digits drawn only when needed.

.. [1] Chen & Asau (1974), On generating random variates from an empirical distribution, AIIE Transactions 6, 163-166.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim._random import Stream
from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._thresholds import canonical, threshold_lists
from spsim.likelihoods._uniforms import refine

SLOTS = 1 << 16
# Scattered refinement costs about 150 array operations whatever the size; more entries at once only cost memory.
_REFINED_AT_ONCE = 1 << 16


@dataclass(frozen=True, kw_only=True)
class SlotTables:
    """One table per distinct mean, end to end, and the exact thresholds behind the sentinels."""

    likelihood: CountLikelihood
    means: np.ndarray
    levels: list[np.ndarray]
    values: np.ndarray

    @property
    def sentinel(self) -> int:
        """The entry that stands for "the lower bits decide"."""
        return int(np.iinfo(self.values.dtype).max)

    def table_of(self, means: np.ndarray) -> np.ndarray:
        """Return the number of the table of each mean."""
        return np.searchsorted(self.means, canonical(means))

    def zero_probabilities(self) -> np.ndarray:
        """Return the probability of a zero, one per table."""
        return np.array([float(level[0]) * 2.0**-64 if len(level) else 1.0 for level in self.levels])

    def resolve(self, slots: np.ndarray, spots: np.ndarray, features: np.ndarray, source: Stream) -> np.ndarray:
        """Return the counts of entries that met a sentinel at these positions of ``values``."""
        counts = np.empty(len(slots), self.values.dtype)
        for start in range(0, len(slots), _REFINED_AT_ONCE):
            part = slice(start, start + _REFINED_AT_ONCE)
            uniforms = refine(source, slots[part] % SLOTS, spots[part], features[part])
            counts[part] = self._search(slots[part] // SLOTS, uniforms)
        return counts

    def _search(self, tables: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        order = np.argsort(tables.astype(np.uint16), kind="stable")
        ends = np.searchsorted(tables[order], np.arange(len(self.levels)), side="right")
        counts = np.empty(len(tables), np.int64)
        for level, chosen in zip(self.levels, np.split(order, ends[:-1]), strict=True):
            counts[chosen] = np.searchsorted(level, uniforms[chosen], side="right")
        return counts


def slot_tables(likelihood: CountLikelihood, means: np.ndarray, bounds: np.ndarray) -> SlotTables:
    """Build the tables of sorted, distinct means that :func:`canonical` has rounded, with bounds of their counts."""
    levels = threshold_lists(likelihood, means, bounds)
    wide = max((len(level) for level in levels), default=0) >= np.iinfo(np.uint16).max
    values = np.empty((len(means), SLOTS), np.uint32 if wide else np.uint16)
    for row, level in zip(values, levels, strict=True):
        slots = (level >> np.uint64(48)).astype(np.intp)
        row[:] = np.repeat(np.arange(len(level) + 1, dtype=row.dtype), np.diff(slots, prepend=0, append=SLOTS))
        row[slots] = np.iinfo(row.dtype).max
    return SlotTables(likelihood=likelihood, means=means, levels=levels, values=values.reshape(-1))
