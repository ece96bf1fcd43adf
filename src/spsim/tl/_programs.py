"""Which estimated program is which true one, and how an estimate that has a row or column per program is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _validate, get, metrics
from spsim.tl._features import loading_pair
from spsim.tl._lookup import Found, find

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


@dataclass(frozen=True, kw_only=True, eq=False)
class Programs:
    """A match of estimated programs with the true ones."""

    match: np.ndarray
    """Position of the estimated program of each true one, -1 for none."""
    sign: np.ndarray
    """Sign of their correlation."""
    correlation: np.ndarray
    """Its size; NaN where programs were matched by name."""
    n_estimated: int
    """Number of estimated programs."""

    def columns(self, names: Sequence[str]) -> DataFrame:
        """Return the match as a table."""
        import pandas as pd

        own = {"match": self.match, "sign": self.sign, "correlation": self.correlation}
        return pd.DataFrame(own, index=list(names))


@dataclass(frozen=True, kw_only=True, eq=False)
class By:
    """What programs are matched by, as the user gave it."""

    loadings_key: str | None
    factors_key: str | None
    block: str


def true_table(data: AnnData | MuData, truth: AnnData | MuData | None, name: str) -> DataFrame:
    """Return a table of the truth, ``uns["spsim"][name]``."""
    return get.table(data if truth is None else truth, name)


def matched_programs(
    data: AnnData | MuData, truth: AnnData | MuData | None, by: By, given: Any, names: Sequence[str]
) -> Programs:
    """Match programs by loadings or by activities, or by the names of columns that are those of true programs."""
    if by.loadings_key is not None and by.factors_key is not None:
        msg = (
            "programs are matched by loadings_key or by factors_key, not by both, got "
            f"{_validate.shown(by.loadings_key)} and {_validate.shown(by.factors_key)}"
        )
        raise ValueError(msg)
    if by.loadings_key is not None:
        found = find(data, by.loadings_key, "varm", truth, block=by.block)
        loadings, true = loading_pair(found, found.values, found.where.var_names)
        return _matched(loadings, true)
    if by.factors_key is not None:
        own = find(data, by.factors_key, "obsm", truth, block=by.block)
        return _matched(own.values, own.factors.to_numpy())
    columns = [str(name) for name in getattr(given, "columns", ())]
    unknown = [name for name in columns if name not in names]
    if not columns or unknown:
        msg = (
            "loadings_key (in varm) or factors_key (in obsm) must say which program is which, or the columns must have the "
            f"names of true programs, {_validate.listing(names)}; got columns {_validate.listing(columns)}"
        )
        raise ValueError(msg)
    _validate.unique("names of columns", columns)
    match = np.array([columns.index(name) if name in columns else -1 for name in names])
    ones = np.ones(len(names))
    return Programs(match=match, sign=ones, correlation=np.full(len(names), np.nan), n_estimated=len(columns))


def check_width(key: str, n_columns: int, programs: Programs) -> None:
    """Refuse an estimate with another number of programs than what they were matched by."""
    if n_columns != programs.n_estimated:
        msg = f"uns[{key!r}] must have one column per estimated program ({programs.n_estimated}), got {n_columns}"
        raise ValueError(msg)


def table_at(found: Found) -> Any:
    """Return what lies at a key of uns: a DataFrame, or an array."""
    given = found.where.uns[found.key]
    if not hasattr(given, "columns") and np.ndim(given) != 2:
        msg = f"uns[{found.key!r}] must be a table or a matrix, got {_validate.shown(given)}"
        raise ValueError(msg)
    return given


def _matched(estimate: np.ndarray, truth: np.ndarray) -> Programs:
    result = metrics.factor_recovery(estimate, truth)
    return Programs(
        match=result.match, sign=result.sign, correlation=result.score, n_estimated=result.correlation.shape[1]
    )
