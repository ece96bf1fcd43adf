"""Factors: what varies over observations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from spsim.truth._label import Label
from spsim.truth._table import Table


@dataclass(frozen=True, kw_only=True, eq=False)
class Factors:
    """What a recipe of factors returns.

    Parameters
    ----------
    columns
        Names of the factors.
    values
        Observations × factors, float32.
    label
        The label that the factors are indicators of, if they are; it goes to ``obs`` under the factors' own name.
    labels
        Further labels by name.
    tables
        What else was drawn, by name; a table is kept as ``NAME_TABLE``.
    own_tables
        Tables that are kept under their own names.
    arrays
        Matrices of the same shape as the values, by name; one is kept in ``obsm["NAME_ARRAY"]``.
    """

    columns: tuple[str, ...]
    values: np.ndarray
    label: Label | None = None
    labels: Mapping[str, Label] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    own_tables: Mapping[str, Table] = field(default_factory=dict)
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)
