"""Names of the folder's files and of the columns in them, for its writer and its reader."""

from __future__ import annotations

from typing import Any

from spsim import _keys

PARAMETERS, CONTENTS, RECORD = "parameters.json", "contents.json", "record.json"
SPOTS, FEATURES, SIZES = "spots.csv", "features.csv", "sizes.csv"
SPOT, FEATURE = _keys.ROWS
# Roles of the columns of sizes: what the mean of an observation is multiplied with.
OF_SIZES = ("size", "folded", "exposure")


def column_of(block: str, name: str) -> str:
    """Return the column of a factor: those of the first two blocks have names that stand for themselves."""
    return name if block in (_keys.SPATIAL_BLOCK, _keys.NONSPATIAL_BLOCK) else f"{block}_{name}"


def loading_of(block: str, name: str) -> str:
    """Return the column of a factor's loadings."""
    return f"loading_{column_of(block, name)}"


def panel_columns(entry: dict[str, Any]) -> list[str]:
    """Return the columns of a panel or of a switch's probabilities: one per category."""
    return [f"{entry['key']}_{name}" for name in entry["categories"]]


def columns_of(entry: dict[str, Any]) -> list[str]:
    """Return the columns of an array of observations; of one that is no block's, those it may have."""
    if "block" in entry:
        return [column_of(entry["block"], name) for name in entry["columns"]]
    return [f"{entry['key']}_{name}" for name in entry.get("columns", "xyz")]
