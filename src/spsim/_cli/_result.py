"""What a table holds, told by its names and columns: labels, factors, loadings, or features ranked by how spatial they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate
from spsim._cli._table import as_numbers

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame, Index, Series

EXACT = 2**53  # floats hold whole numbers up to here
# Columns of tables of features, as tools name them, without case and punctuation: unadjusted p-values, and what is high
# where a feature is spatial.
P_VALUES = ("pval", "pvalue", "pvalnorm", "pvals", "combinedpval", "combinedpvalue", "moransipvalue")
SCORES = ("i", "moransi", "moransiobserved", "sepalscore", "lrstat", "llr", "score", "scores")
LOW_SCORES = ("c", "gearysc")
CALLS = ("issvg", "isspatial", "svg", "significant")
TRUE, FALSE = ("true", "t", "1", "1.0", "yes"), ("false", "f", "0", "0.0", "no")
# Factors are named by one word and a number, or by numbers.
_FACTOR = re.compile(r"(.*?)(\d+)")


class Names:
    """Names of observations and features in the truth."""

    def __init__(self, truth: AnnData | MuData) -> None:
        self.parts = list(getattr(truth, "mod", {"": truth}).values())
        self.observations = truth.obs_names

    def features(self, names: Index) -> Index:
        """Return all features of the modalities that have some of ``names``."""
        holding = [part.var_names for part in self.parts if part.var_names.isin(names).any()]
        return holding[0].append(holding[1:])

    def n_features(self, names: Index) -> int:
        """Return how many of ``names`` are features."""
        return sum(int(names.isin(part.var_names).sum()) for part in self.parts)

    def n_named(self, names: Iterable[object]) -> int:
        """Return how many of ``names`` are observations or features."""
        import pandas as pd

        index = pd.Index(names, dtype=object)
        return self.n_features(index) + self.n_observations(index)

    def n_observations(self, names: Index) -> int:
        """Return how many of ``names`` are observations."""
        return int(names.isin(self.observations).sum())


def check_orientation(table: DataFrame, names: Names) -> None:
    """Refuse a table whose first line is a row of values, or whose columns are observations or features."""
    if names.n_named([table.columns.name]):
        msg = f"the first line must hold names of columns, got the row of {table.columns.name!r}"
        raise ValueError(msg)
    if names.n_named(table.columns) and not names.n_named(table.index):
        msg = f"its rows must be observations or features, but columns are ({table.columns[0]!r}, …): transpose it"
        raise ValueError(msg)


def observations_of(table: DataFrame, name: str) -> AnnData:
    """Return labels (one column, of texts or of whole numbers) or factors (columns of numbers) as an object."""
    import anndata
    import pandas as pd

    numbers = [as_numbers(table.iloc[:, k]) for k in range(table.shape[1])]
    data = anndata.AnnData(obs=pd.DataFrame(index=table.index))
    if len(numbers) == 1 and (numbers[0] is None or _is_whole(numbers[0])):
        data.obs[name] = _labels(table.iloc[:, 0], numbers[0])
    elif all(column is not None for column in numbers):
        data.obsm[name] = np.column_stack([np.asarray(column) for column in numbers])
    else:
        msg = f"a table must hold names and then one column of labels or columns of numbers, got {_validate.listing(table)}"
        raise ValueError(msg)
    return data


def ranking_of(table: DataFrame, score_column: str | None, p_value_column: str | None) -> DataFrame | None:
    """Return scores and p-values of features as squidpy's tables have them; None if the table has neither."""
    import pandas as pd

    for option, name in (("--score-column", score_column), ("--p-value-column", p_value_column)):
        if name is not None:
            _validate.known_key(option, name, table.columns)
    p_name = p_value_column or (_named(table, P_VALUES) if score_column is None else None)
    p_values = None if p_name is None else _numbers(table, p_name)
    scores = _scores(table, score_column)
    if scores is None:
        scores = _called(table) if p_values is None else -p_values
    if scores is None:
        return None
    columns = {"I": scores}
    return pd.DataFrame(columns if p_values is None else {**columns, "pval_norm": p_values})


def are_loadings(table: DataFrame) -> bool:
    """Whether columns are factors: at least two of numbers, named by one word and a number."""
    found = [_FACTOR.fullmatch(str(name)) for name in table.columns]
    words = {match.group(1) for match in found if match}
    return len(found) > 1 and all(found) and len(words) == 1


def loadings_of(table: DataFrame) -> np.ndarray:
    """Return a table of loadings as an array."""
    return np.column_stack([_numbers(table, name) for name in table.columns])


def _labels(column: Series, numbers: Series | None) -> np.ndarray:
    """Labels as they stand; whole numbers as such, whether or not they were saved with a point."""
    if numbers is None or numbers.isna().any() or (numbers.abs() > EXACT).any():
        return np.asarray(column, dtype=object)
    return np.asarray(numbers).astype(np.int64)


def _is_whole(numbers: Series) -> bool:
    given = np.asarray(numbers.dropna())
    return bool((np.isfinite(given) & (given == np.floor(given))).all())


def _scores(table: DataFrame, column: str | None) -> Series | None:
    """The column that ranks features, high where they are spatial."""
    if column is not None:
        return _numbers(table, column)
    for names, direction in ((SCORES, 1.0), (LOW_SCORES, -1.0)):
        if name := _named(table, names):
            return direction * _numbers(table, name)
    return None


def _named(table: DataFrame, known: tuple[str, ...]) -> str | None:
    """The table's one column with one of some names."""
    found = [str(name) for name in table.columns if re.sub(r"[\W_]", "", str(name)).lower() in known]
    if len(found) > 1:
        msg = f"which of the columns {_validate.listing(found)} is meant? give --score-column or --p-value-column"
        raise ValueError(msg)
    return found[0] if found else None


def _called(table: DataFrame) -> Series | None:
    """1 where a feature is called spatial, 0 where it is not."""
    name = _named(table, CALLS)
    if name is None:
        return None
    column = table[name]
    words = column.str.lower()
    if not words.isin(TRUE + FALSE).all():
        wrong = column[~words.isin(TRUE + FALSE)].iloc[0]
        msg = f"column {name!r} must say true or false, got {wrong!r}"
        raise ValueError(msg)
    return words.isin(TRUE).astype(float)


def _numbers(table: DataFrame, name: str) -> Series:
    column = table[name]
    if column.ndim > 1:
        msg = f"columns must have names of their own, got {name!r} more than once"
        raise ValueError(msg)
    numbers = as_numbers(column)
    if numbers is None:
        msg = f"column {name!r} must hold numbers, got {_validate.shown(column.iloc[0])}"
        raise ValueError(msg)
    return numbers
