"""Tables of scores that an object holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from spsim import _validate
from spsim._objects import annotated, table


def stored_table(data: Any, key: str, *, columns: Sequence[str] = (), rows: Iterable[str] = ()) -> Any:
    """Return the table that a function of :mod:`spsim.tl` wrote to ``uns[key]``; it must have these columns and rows."""
    annotated("data", data)
    _validate.known_key("table_key", _validate.text("table_key", key), data.uns)
    found = table(f"uns[{key!r}]", data.uns[key])
    for column in columns:
        _validate.known_key(f"columns of uns[{key!r}]", column, found.columns)
    for row in rows:
        _validate.known_key(f"rows of uns[{key!r}]", row, found.index)
    return found
