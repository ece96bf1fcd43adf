"""Columns of obs and var."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pandas import Categorical, CategoricalDtype, Index


def numbered(name: str, size: int) -> Index:
    """Return the names ``name_0``, ``name_1``, …"""
    import pandas as pd

    # A list would be searched for tuples first.
    return pd.Index(np.array([f"{name}_{i}" for i in range(size)], object))


def named(name: str, size: int, names: Sequence[str] | None) -> Index:
    """Return the names that the user brought, or numbered ones."""
    import pandas as pd

    return numbered(name, size) if names is None else pd.Index(np.array(names, object))


def main_factor(loadings: np.ndarray, names: Sequence[str]) -> Categorical:
    """Return the factor with the largest loading, missing where there is none."""
    if not names:
        return categorical(np.full(len(loadings), -1), names)
    largest = np.abs(loadings).argmax(axis=1)
    return categorical(np.where(loadings.any(axis=1), largest, -1), names)


def categorical(codes: np.ndarray, names: Sequence[str]) -> Categorical:
    """Return a column of categories."""
    import pandas as pd

    return pd.Categorical.from_codes(codes, dtype=_categories(tuple(names)))


@lru_cache(maxsize=16)
def _categories(names: tuple[str, ...]) -> CategoricalDtype:
    """Return one type for all columns with these categories; making it costs more than a column."""
    import pandas as pd

    return pd.CategoricalDtype(names)
