"""Entries whose value is not settled when their tile is drawn."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

# Scattered refinement costs about 150 array operations whatever the size; more entries at once only cost memory.
_SETTLED_AT_ONCE = 1 << 15


@dataclass(frozen=True, kw_only=True, eq=False)
class Open:
    """Positions of entries, in row order; each way of drawing adds what it needs to settle them."""

    rows: np.ndarray
    features: np.ndarray

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.rows)


OpenT = TypeVar("OpenT", bound=Open)


def taken_from(entries: OpenT, at: np.ndarray | slice) -> OpenT:
    """Return chosen entries."""
    return type(entries)(**{field.name: getattr(entries, field.name)[at] for field in fields(entries)})


def together(parts: list[OpenT]) -> OpenT:
    """Return the entries of all parts, at least one."""
    kind = type(parts[0])
    return kind(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(kind)})


class Pending:
    """Open entries of several tiles, kept until they are worth settling."""

    def __init__(self) -> None:
        self._parts: list[Open] = []

    def add(self, part: Open) -> None:
        """Keep the open entries of one more tile."""
        self._parts.append(part)

    def enough(self) -> bool:
        """Whether there are so many that more at once would only cost memory."""
        return sum(map(len, self._parts)) >= _SETTLED_AT_ONCE

    def flush(self) -> Open:
        """Return what was kept, and forget it."""
        entries = together(self._parts)
        self._parts = []
        return entries
