"""How a range of spots is walked: tile by tile, and a piece of a tile at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from spsim.sampling._uniforms import STRIP_FEATURES, TILE_SPOTS


def padded_width(n_features: int) -> int:
    """Number of lanes in a row: whole strips."""
    return -(-n_features // STRIP_FEATURES) * STRIP_FEATURES


def tile_ranges(first_spot: int, n_spots: int) -> Iterator[tuple[int, int]]:
    """Return row ranges, counted from ``first_spot``, of one tile each."""
    ends = range(TILE_SPOTS - first_spot % TILE_SPOTS, n_spots, TILE_SPOTS)
    return pairwise([0, *ends, n_spots] if n_spots else [])


def step_entries(n_entries: int, *, share: int, least: int, most: int) -> int:
    """Return how many entries to work on at once: a small share of all, so that memory is, and what caches hold."""
    return min(max(n_entries // share, least), most)


def pieces(n_items: int, item_entries: int, *, entries: int = 1 << 14) -> Iterator[slice]:
    """Return slices of items, with about this many entries to a slice."""
    size = max(1, entries // max(item_entries, 1))
    return (slice(start, min(start + size, n_items)) for start in range(0, n_items, size))
