"""Spatially variable features found by a method, on an object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate, metrics
from spsim._keywords import refuses_unknown
from spsim._objects import annotated
from spsim.metrics._arrays import numbers
from spsim.slots import addressed, is_torn, read_truth, value_of
from spsim.tl._features import joined_names, scored_parts
from spsim.tl._lookup import all_keys, offered
from spsim.tl._normalised import warn_of_normalised
from spsim.tl._right_truth import check_right_truth
from spsim.tl._score import Row, Score, tidy
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame, Index, Series

# squidpy's tables: the column of scores, and whether a high or a low one is spatial.
SQUIDPY = {"I": 1.0, "C": -1.0, "sepal_score": 1.0}
P_VALUES = "pval_norm"


@refuses_unknown()
def svg_detection(
    data: AnnData | MuData,
    key: str,
    *,
    score_column: str | None = None,
    p_value_column: str | None = None,
    truth: AnnData | MuData | None = None,
    threshold: float = 0.05,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Score a method's ranking of features by how spatial they are, and its p-values.

    Spatially variable in truth are features with a non-zero loading in a spatial block (:func:`spsim.get.blocks`): spatial
    and mixed ones, and those that mark cell types. Where loadings are zero, as in a null world, a feature is not, whatever
    its kind.

    A warning says where other features vary in space once rows are normalised, because the totals of rows follow the
    spatial factors: then a method that normalises them finds what counts as false here.

    Parameters
    ----------
    data
        A modality with a table in ``uns`` or a column in ``var``.
    key
        Key of the table or column; ``"rna:moranI"`` means ``uns["moranI"]`` of the modality ``rna``. Tables of
        ``squidpy.gr.spatial_autocorr`` and ``squidpy.gr.sepal`` are read as they stand. In a column, higher is more
        spatial.
    score_column
        Column of another table that holds the scores, higher is more spatial; without it features rank by p-value.
    p_value_column
        Column of the table that holds *unadjusted* p-values; ``pval_norm`` by default, if there is one.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by feature name. Give the whole one where features were
        filtered: what ``data`` lost is then scored as untested.
    threshold
        Level of the p-values after Benjamini-Hochberg adjustment.
    key_added
        Key to write; ``f"{key}_svg_detection"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per score of :func:`spsim.metrics.svg_detection` (with p-values: ``tpr``, ``fdr``, … as well), columns
    ``score``, ``chance`` (NaN where there is none) and ``n``, the features that the truth has of the modality. Those that
    ``data`` or the table lacks, or has NaN for, rank last with p-value 1; row ``n_untested`` counts them. Also written to ``uns[key_added]``, and the
    precision-recall curve to ``uns[f"{key_added}_curve"]``.

    Raises
    ------
    KeyError
        No such key or column, or no truth.
    ValueError
        A table without known columns, names that do not align, no spatially variable feature in truth or only such.

    Examples
    --------
    >>> import spsim as sps
    >>> rna = sps.datasets.quilt(n_side=12, n_spatial=20, n_nonspatial=30)["rna"]
    >>> rna.var["guess"] = [1.0] * 25 + [0.0] * 25
    >>> sps.tl.svg_detection(rna, "guess").loc[["auroc", "precision_at_count"], "score"].round(2).tolist()
    [0.92, 0.8]
    """
    import pandas as pd

    found = find_ranking(data, key, truth, score_column=score_column, p_value_column=p_value_column)
    missing = _needs(found)
    if missing:
        msg = f"svg_detection {missing}, got {found.is_spatial.sum()} spatial of {len(found.is_spatial)}"
        raise ValueError(msg)
    warn_of_normalised(data if truth is None else truth, found.names, found.is_spatial)
    table = _table(found, threshold=threshold)
    curve = pd.DataFrame(metrics.precision_recall_curve(found.scores, found.is_spatial)).rename(index=str)
    return stored(data, table, chosen_key(key_added, f"{key}_svg_detection"), copy=copy, curve=curve)


@dataclass(frozen=True, kw_only=True, eq=False)
class Ranking:
    """Scores of all features of a modality, higher is more spatial, and the truth."""

    scores: np.ndarray
    p_values: np.ndarray | None
    n_untested: int
    is_spatial: np.ndarray
    names: Index


def find_ranking(
    data: AnnData | MuData,
    key: str,
    truth: AnnData | MuData | None,
    *,
    score_column: str | None = None,
    p_value_column: str | None = None,
) -> Ranking:
    """Return the ranking of all features that the truth has of the modality that holds it, with their truth."""
    where, own_key = _holder(data, key)
    if hasattr(where, "mod"):
        msg = f"key must lie in one modality, as in 'modality:{own_key}', got {key!r}; there are {', '.join(where.mod)}"
        raise ValueError(msg)
    source = data if truth is None else annotated("truth", truth)
    check_right_truth(where, data, source)
    parts = scored_parts(source, where.var_names)
    names = joined_names(parts, where.var_names)
    if own_key in where.var:
        scores, p_values = _aligned(where.var[own_key], names), None
    else:
        table = where.uns[own_key]
        p_name = p_value_column or (P_VALUES if P_VALUES in table else None)
        for name in filter(None, (score_column, p_name)):
            _validate.known_key(f"columns of uns[{own_key!r}]", name, table.columns)
        p_values = None if p_name is None else _aligned(table[p_name], names)
        scores = _scores(table, own_key, score_column, p_name, names)
    return _ranking(scores, p_values, np.concatenate([_varies_in_space(part) for part in parts]), names)


def is_ranking(table: object) -> bool:
    """Whether something in ``uns`` is a table that squidpy wrote."""
    return any(name in getattr(table, "columns", ()) for name in SQUIDPY)


def _holder(data: AnnData | MuData, key: str) -> tuple[AnnData, str]:
    where, name = addressed(data, key)
    tables = [k for k in where.uns if hasattr(where.uns[k], "columns")]
    if name not in where.var and name not in tables:
        below = [
            f"{m}:{k}" for m, part in getattr(data, "mod", {}).items() for k in part.uns if is_ranking(part.uns[k])
        ]
        known = [*tables, *below, *(all_keys if where is data else offered)(where, "var")]
        _validate.known_key("uns (tables) or var", name, known)
    return where, name


def _scores(table: DataFrame, key: str, column: str | None, p_name: str | None, names: Index) -> np.ndarray:
    if column is not None:
        return _aligned(table[column], names)
    for known, direction in SQUIDPY.items():
        if known in table:
            return direction * _aligned(table[known], names)
    if p_name is None:
        columns = _validate.listing(table.columns)
        msg = f"score_column must name a column of uns[{key!r}], which is not a table of squidpy's; there are {columns}"
        raise ValueError(msg)
    return -_aligned(table[p_name], names)


def _aligned(column: Series, names: Index) -> np.ndarray:
    """Values of a column in the order of the features, NaN where it has none."""
    if not column.index.isin(names).any():
        msg = f"no feature of the table ({_validate.listing(map(str, column.index[:3]))}, …) is one of var_names"
        raise ValueError(msg)
    if not column.index.is_unique:
        repeated = _validate.listing(column.index[column.index.duplicated()].unique()[:3])
        msg = f"features of the table must be unique to be aligned, got {repeated} more than once"
        raise ValueError(msg)
    return numbers(f"column {column.name!r}", column.reindex(names))


def _ranking(scores: np.ndarray, p_values: np.ndarray | None, is_spatial: np.ndarray, names: Index) -> Ranking:
    untested = np.isnan(scores) if p_values is None else np.isnan(scores) | np.isnan(p_values)
    if untested.all():
        msg = "scores must not be NaN for every feature"
        raise ValueError(msg)
    return Ranking(
        scores=np.where(untested, np.nanmin(scores[~untested]) - 1, scores),
        p_values=None if p_values is None else np.where(untested, 1.0, p_values),
        n_untested=int(untested.sum()),
        is_spatial=is_spatial,
        names=names,
    )


def _table(found: Ranking, *, threshold: float = 0.05) -> DataFrame:
    import pandas as pd

    scores = metrics.svg_detection(found.scores, found.is_spatial, p_values=found.p_values, threshold=threshold)
    n_features = scores.pop("n")
    share = scores["n_spatial"] / n_features
    chance = {"auroc": 0.5, "average_precision": share, "precision_at_count": share, "null_share": threshold}
    scores["n_untested"] = found.n_untested
    table = pd.DataFrame({"score": scores, "chance": {name: chance.get(name, np.nan) for name in scores}})
    return table.assign(n=n_features)


def _varies_in_space(part: AnnData) -> np.ndarray:
    """Whether each feature of a modality loads on a spatial block."""
    if is_torn(part) and _keys.KIND in part.var:  # columns outlive the record when objects are joined
        return part.var[_keys.KIND].isin(_keys.KINDS[:2]).to_numpy()
    found = np.zeros(part.n_vars, bool)
    for entry in read_truth(part):
        if entry.get("role") == "loadings" and entry["is_spatial"]:
            found |= np.asarray(value_of(part, entry)).any(axis=1)
    return found


def _rows(found: Ranking, draws: Any) -> Iterator[Row]:
    table = _table(found)
    bounds = {score.name: score.bound for score in SCORES if score.name in table.index}
    yield from tidy(table.loc[list(bounds)].assign(ceiling=list(bounds.values())), target="features")


def _needs(found: Ranking) -> str:
    if found.is_spatial.all() or not found.is_spatial.any():
        return "needs features of both kinds, spatial and others, in the truth"
    return ""


def _needs_p_values(found: Ranking) -> str:
    return _needs(found) or ("needs p-values" if found.p_values is None else "")


SCORES = (
    Score(name="auroc", slot="uns", better="higher", bound=1.0, needs=_needs, rows=_rows),
    Score(name="average_precision", slot="uns", better="higher", bound=1.0, needs=_needs, rows=_rows),
    Score(name="precision_at_count", slot="uns", better="higher", bound=1.0, needs=_needs, rows=_rows),
    Score(name="tpr", slot="uns", better="higher", bound=1.0, needs=_needs_p_values, rows=_rows),
    Score(name="fdr", slot="uns", better="lower", bound=0.0, needs=_needs_p_values, rows=_rows),
)
