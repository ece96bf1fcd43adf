"""What tiles leave open is settled for many at once, and counted once."""

from __future__ import annotations

import numpy as np
import pytest

from spsim.sampling import _tile_by_tile
from spsim.sampling._tile_by_tile import filled


class Open:
    """One open entry in a tile; counts how often it is asked for its length."""

    def __init__(self, start: int) -> None:
        self.start, self.asked = start, 0

    def __len__(self) -> int:
        self.asked += 1
        return 1


class Draw:
    """Leaves the first entry of every tile open."""

    def __init__(self) -> None:
        self.left: list[Open] = []

    def fill(self, start, out):
        out[...] = -1.0
        self.left.append(Open(start))
        return self.left[-1]

    def settle(self, parts):
        rows = np.array([part.start for part in parts])
        return rows, np.zeros(len(parts), int), rows.astype(float)


@pytest.mark.parametrize("at_once", [1, 7, 1 << 14])
def test_every_open_entry_is_settled_once_and_counted_once(monkeypatch, at_once):
    """To add up the lengths of all parts after every tile would be quadratic in spots."""
    monkeypatch.setattr(_tile_by_tile, "_SETTLED_AT_ONCE", at_once)
    draw, result = Draw(), np.zeros((128 * 300 + 5, 2))
    batches = []
    for start, stop, settled in filled(draw, result.shape, 100, lambda start, stop: result[start:stop]):
        assert start < stop
        if settled is not None:
            batches.append(len(settled[0]))
            result[settled[0], settled[1]] = settled[2]
    starts = [0, *range(28, len(result), 128)]
    assert result[starts, 0].tolist() == starts
    assert sum(batches) == len(starts)
    assert max(batches) == min(at_once, len(starts))
    assert max(part.asked for part in draw.left) == 1
