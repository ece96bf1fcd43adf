"""Store a table in uns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


def stored(data: AnnData | MuData, table: DataFrame, key: str, *, copy: bool) -> DataFrame:
    """Write ``table`` to ``uns[key]`` unless ``copy``, and return it."""
    if not copy:
        data.uns[key] = table.copy()
    return table
