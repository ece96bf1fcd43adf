"""Store a table in uns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim import _validate
from spsim.slots import note_score_tables

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


def chosen_key(key_added: str | None, default: str) -> str:
    """Return the key to write: the user's, or the one that says what it holds."""
    return default if key_added is None else _validate.text("key_added", key_added)


def stored(data: AnnData | MuData, table: DataFrame, key: str, *, copy: bool, **more: DataFrame) -> DataFrame:
    """Write ``table`` to ``uns[key]``, and others to ``uns[f"{key}_{name}"]``, unless ``copy``; return the first.

    The keys are noted in ``uns``, since a table of scores must not enter a blind copy under whatever name.
    """
    if not _validate.flag("copy", copy):
        _validate.text("key_added", key)
        tables = {key: table, **{f"{key}_{name}": other for name, other in more.items()}}
        for name, one in tables.items():
            data.uns[name] = one.copy()
        note_score_tables(data, tables)
    return table
