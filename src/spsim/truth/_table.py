"""A small table of truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """Rows by name and columns by name, as ``uns["spsim"]`` keeps them.

    Parameters
    ----------
    rows
        Names of the rows.
    columns
        A vector per column.
    """

    rows: tuple[str, ...]
    columns: Mapping[str, np.ndarray]

    @classmethod
    def of_matrix(cls, values: np.ndarray, rows: tuple[str, ...], columns: tuple[str, ...]) -> Table:
        """Return a matrix with names on both sides."""
        return cls(rows=rows, columns=dict(zip(columns, np.asarray(values).T, strict=True)))
