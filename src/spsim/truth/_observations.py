"""Observations: spots or cells, with all that is true of them whatever is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from spsim.truth._factors import Factors
from spsim.truth._label import Label
from spsim.truth._pooled import Pooled
from spsim.truth._sites import Sites
from spsim.truth._table import Table

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, kw_only=True, eq=False)
class Observations:
    """One set of observations.

    Parameters
    ----------
    name
        What one of them is called: ``spot``, ``cell``.
    n
        How many there are.
    places
        Coordinates as measured, n × 2 or n × 3; ``None`` where observations are dissociated.
    sites
        Coordinates in the frame that patterns live in, with the box they are stretched over.
    frame
        Coordinates in the frame that slices share, where patterns are not looked up there.
    diameters
        Of discs over which factors are averaged, one per observation, where spots are no points.
    tissues
        Tissue of each one, from 0 on, where there are several: each has a pattern drawn anew.
    outline
        Form (``"disc"`` or ``"square"``) and size of what one of them covers, where that is not told by its layout.
    labels
        Labels by name, the columns of ``obs``.
    values
        Arrays by name: vectors go to ``obs``, matrices with a row per observation to ``obsm``, sparse ones with a row and
        a column per observation to ``obsp``.
    columns
        Names of the columns of matrices among the values, where they have names.
    factors
        Factors by name of the block that they belong to.
    tables
        Tables by name.
    position, of
        Which set of its design this is, and what the design calls it: recipes draw for each set from numbers of its own.
    pooled
        What its observations are sums of, if they are.
    is_hidden
        Whether nobody can measure it: blind copies have no modality of it.
    obs_names
        Names that the user brought, such as barcodes; ``None`` for numbered ones.
    """

    name: str
    n: int
    places: np.ndarray | None = None
    sites: Sites | None = None
    frame: np.ndarray | None = None
    diameters: np.ndarray | None = None
    tissues: np.ndarray | None = None
    outline: tuple[str, float] | None = None
    labels: Mapping[str, Label] = field(default_factory=dict)
    values: Mapping[str, np.ndarray | csr_matrix] = field(default_factory=dict)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    factors: Mapping[str, Factors] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    position: int = 0
    of: str = ""
    pooled: Pooled | None = None
    is_hidden: bool = False
    obs_names: Sequence[str] | None = None

    def with_factors(self, name: str, drawn: Factors) -> Observations:
        """Return the observations with factors, their labels, arrays and tables beside the others."""
        own = {} if drawn.label is None else {name: drawn.label}
        arrays = {f"{name}_{array}": value for array, value in drawn.arrays.items()}
        tables = {f"{name}_{table}": value for table, value in drawn.tables.items()}
        return replace(
            self,
            factors={**self.factors, name: drawn},
            labels={**self.labels, **own, **drawn.labels},
            values={**self.values, **arrays},
            columns={**self.columns, **dict.fromkeys(arrays, drawn.columns)},
            tables={**self.tables, **tables, **drawn.own_tables},
        )
