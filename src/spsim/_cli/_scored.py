"""Scores of what a file holds, in the columns of :func:`spsim.tl.evaluate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim import _validate
from spsim._cli._result import Names, are_loadings, check_orientation, loadings_of, observations_of, ranking_of

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

Columns = dict[str, str | None]


def scored_object(data: AnnData | MuData, key: str, truth: AnnData | MuData, columns: Columns) -> DataFrame:
    """Return the scores of a key of an object."""
    from spsim.tl import evaluate

    _refuse_columns(columns, "is an object")
    return evaluate(data, [key], truth=truth, copy=True)


def scored_table(table: DataFrame, name: str, truth: AnnData | MuData, columns: Columns) -> DataFrame:
    """Return the scores of a table: of observations, or of features."""
    from spsim.tl import evaluate

    names = Names(truth)
    _check_unique(table)
    check_orientation(table, names)
    if names.n_features(table.index) > names.n_observations(table.index):
        return _of_features(table, name, truth, names, columns)
    _refuse_columns(columns, "is a table of observations")
    return evaluate(observations_of(table, name), [name], truth=truth, copy=True)


def _of_features(table: DataFrame, name: str, truth: AnnData | MuData, names: Names, columns: Columns) -> DataFrame:
    import anndata
    import pandas as pd

    from spsim.tl import evaluate

    _check_features(table, names)
    ranking = ranking_of(table, **columns)
    if ranking is not None:
        # All features of the modality: those that the table lacks are untested.
        known = names.features(table.index)
        return evaluate(
            anndata.AnnData(var=pd.DataFrame(index=known), uns={name: ranking}), [name], truth=truth, copy=True
        )
    if are_loadings(table):
        return _of_loadings(table, name, truth)
    msg = (
        "a table of features must hold scores or p-values (give --score-column or --p-value-column), or loadings: columns of "
        f"numbers named by one word and a number, such as PC_1 and PC_2; got {_validate.listing(table.columns)}"
    )
    raise ValueError(msg)


def _of_loadings(table: DataFrame, name: str, truth: AnnData | MuData) -> DataFrame:
    import anndata
    import pandas as pd

    from spsim.tl import loadings_clustering
    from spsim.tl._evaluate import COLUMNS

    data = anndata.AnnData(var=pd.DataFrame(index=table.index), varm={name: loadings_of(table)})
    scores = loadings_clustering(data, name, truth=truth, copy=True)
    rows = scores.rename(columns={"score": "value"}).rename_axis("score").reset_index()
    filled = {"key": name, "target": "loadings", "ceiling": 1.0, "chance": 0.0, "null": "none", "direction": "higher"}
    return rows.assign(**filled)[list(COLUMNS)]


def _check_unique(table: DataFrame) -> None:
    if not table.index.is_unique:
        repeated = _validate.listing(table.index[table.index.duplicated()][:3])
        msg = f"names of rows must be unique to be aligned, got {repeated} more than once"
        raise ValueError(msg)


def _check_features(table: DataFrame, names: Names) -> None:
    strangers = table.index.difference(names.features(table.index))
    if len(strangers):
        msg = (
            f"truth has no feature for {len(strangers)} of {len(table)} names, among them "
            f"{_validate.listing(strangers[:3])}; alignment is by var_names"
        )
        raise ValueError(msg)


def _refuse_columns(columns: Columns, what: str) -> None:
    for option, value in columns.items():
        if value is not None:
            msg = f"--{option.replace('_', '-')} goes with a table of features, got {value!r}, but ESTIMATE {what}"
            raise ValueError(msg)
