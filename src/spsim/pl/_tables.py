"""Tables of scores that an object holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from spsim import _validate
from spsim._objects import annotated, table


def stored_table(data: Any, key: str, maker: str, *, columns: Sequence[str] = (), rows: Iterable[str] = ()) -> Any:
    """Return the table that a function of :mod:`spsim.tl`, called as ``maker`` says, wrote to ``uns[key]``.

    It must have these columns and rows.
    """
    annotated("data", data)
    if _validate.text("table_key", key) not in data.uns:
        tables = [name for name, value in data.uns.items() if hasattr(value, "columns") and hasattr(value, "index")]
        msg = (
            f"table_key: no {_validate.shown(key)} in uns{_validate.closest(key, tables)}; there are "
            f"{_validate.listing(tables)}: run spsim.tl.{maker} first, or give the table_key= under which its table stands"
        )
        raise KeyError(msg)
    found = table(f"uns[{key!r}]", data.uns[key])
    for column in columns:
        _validate.known_key(f"columns of uns[{key!r}]", column, found.columns)
    for row in rows:
        _validate.known_key(f"rows of uns[{key!r}]", row, found.index)
    return found
