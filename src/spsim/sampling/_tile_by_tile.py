"""How a range of spots is drawn: tile by tile, and what tiles leave open for many of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sized
from typing import Any, Protocol, TypeAlias

import numpy as np

from spsim.sampling._walk import tile_ranges

# Scattered refinement costs about 150 array operations whatever the size; more entries at once only cost memory.
_SETTLED_AT_ONCE = 1 << 14

# Rows, features and values of single entries, in row order.
Settled: TypeAlias = tuple[np.ndarray, np.ndarray, np.ndarray]


class Draw(Protocol):
    """Values of a range of spots, drawn tile by tile; what is left open is settled for many tiles at once."""

    dtype: np.dtype
    placeholder: float

    def fill(self, start: int, out: np.ndarray) -> Any:
        """Write the values of the rows of a tile from ``start`` on; return what is open, where placeholders stand."""

    def settle(self, left: list[Any]) -> Settled:
        """Return the values of what several tiles left open."""

    def expected_nonzeros(self) -> tuple[float, float]:
        """Return mean and standard deviation of the number of values that are not 0, or zeros where unknown."""


def filled(
    draw: Draw, size: tuple[int, int], first_spot: int, rows: Callable[[int, int], np.ndarray]
) -> Iterator[tuple[int, int, Settled | None]]:
    """Fill the rows of tile after tile; say with some of them what the tiles since the last time had left open."""
    left: list[Sized] = []
    n_open = 0
    for start, stop in tile_ranges(first_spot, size[0] if size[1] else 0):
        left.append(draw.fill(start, rows(start, stop)))
        n_open += len(left[-1])
        if stop < size[0] and n_open < _SETTLED_AT_ONCE:
            yield start, stop, None
        else:
            yield start, stop, draw.settle(left)
            left, n_open = [], 0
