"""Store a table in uns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from spsim import _keys

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


def stored(data: AnnData | MuData, table: DataFrame, key: str, *, copy: bool, **more: DataFrame) -> DataFrame:
    """Write ``table`` to ``uns[key]``, and others to ``uns[f"{key}_{name}"]``, unless ``copy``; return the first.

    The keys are noted in ``uns``, since a table of scores must not enter a blind copy under whatever name.
    """
    if not copy:
        tables = {key: table, **{f"{key}_{name}": other for name, other in more.items()}}
        for name, one in tables.items():
            data.uns[name] = one.copy()
        noted = json.loads(str(data.uns.get(_keys.SCORE_TABLES, "[]")))
        data.uns[_keys.SCORE_TABLES] = json.dumps([*noted, *(name for name in tables if name not in noted)])
    return table
