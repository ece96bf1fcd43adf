"""Tables of scores that an object holds."""

from __future__ import annotations

from typing import Any

from spsim import _validate
from spsim._objects import annotated, table


def stored_table(data: Any, key: str) -> Any:
    """Return the table that a function of :mod:`spsim.tl` wrote to ``uns[key]``."""
    annotated("data", data)
    _validate.known_key("table_key", _validate.text("table_key", key), data.uns)
    return table(f"uns[{key!r}]", data.uns[key])
