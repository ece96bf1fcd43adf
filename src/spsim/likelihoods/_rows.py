"""How a block of spots is walked: groups of whole tiles, and steps of a few rows inside them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from spsim._random import Stream
from spsim.likelihoods._uniforms import TILE_FEATURES, TILE_SPOTS, tile_lanes

# What one step touches stays in the L2 cache; what a group leaves open is settled once per group.
STEP_ENTRIES = 1 << 16
GROUP_ENTRIES = 1 << 21


def padded_width(n_features: int) -> int:
    """Number of lanes in a row: whole feature tiles."""
    return -(-n_features // TILE_FEATURES) * TILE_FEATURES


def rows_per_step(width: int) -> int:
    """Number of rows in a step, at most a tile."""
    return min(TILE_SPOTS, max(1, STEP_ENTRIES // max(width, 1)))


def row_groups(first_spot: int, n_spots: int, width: int, *, entries: int) -> list[tuple[int, int]]:
    """Return row ranges that end where a tile ends, of about this many entries and at least one tile."""
    rows = max(1, entries // (TILE_SPOTS * max(width, 1))) * TILE_SPOTS
    ends = [0, *range(rows - first_spot % TILE_SPOTS, n_spots, rows), n_spots]
    return list(pairwise(ends)) if n_spots else []


def row_steps(source: Stream, first_spot: int, n_rows: int, width: int) -> Iterator[tuple[int, int, np.ndarray]]:
    """Yield row ranges counted from ``first_spot`` with their lanes, shape (rows, feature tiles, 64)."""
    row = 0
    while row < n_rows:
        tile, offset = divmod(first_spot + row, TILE_SPOTS)
        lanes = tile_lanes(source, tile, width // TILE_FEATURES)[offset : offset + n_rows - row]
        for first in range(0, len(lanes), rows_per_step(width)):
            part = lanes[first : first + rows_per_step(width)]
            yield row + first, row + first + len(part), part
        row += len(lanes)
