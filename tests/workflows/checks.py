"""Comparisons of whole objects, written without spsim: plain loops over slots."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

import spsim as sps

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData

SOURCE = Path(sps.__file__).parent
SLOTS = ("obsm", "varm", "obsp", "varp", "layers")


def ours(recorded: Iterable[warnings.WarningMessage]) -> list[warnings.WarningMessage]:
    """Warnings that were raised in a file of spsim."""
    return [warning for warning in recorded if Path(warning.filename).is_relative_to(SOURCE)]


def buffers(matrix: Any) -> list[np.ndarray]:
    """Arrays that hold a matrix."""
    return [matrix.data, matrix.indices, matrix.indptr] if sparse.issparse(matrix) else [matrix]


def dense(matrix: Any) -> np.ndarray:
    """The matrix as an array."""
    return matrix.toarray() if sparse.issparse(matrix) else np.asarray(matrix)


def grid_neighbours(adata: AnnData) -> None:
    """Join each spot with the four around it; squidpy before 1.8.2 has one function for all graphs."""
    import squidpy as sq

    if hasattr(sq.gr, "spatial_neighbors_grid"):
        sq.gr.spatial_neighbors_grid(adata, n_neighs=4)
    else:
        sq.gr.spatial_neighbors(adata, coord_type="grid", n_neighs=4)


def own(mdata: MuData) -> MuData:
    """Undo what mudata 0.3 does to the top-level tables whenever it updates, copies, slices, writes or reads.

    It may copy the modalities' columns there, and it turns floats that are whole into integers.
    """
    mdata.obs = mdata.obs[["domain", "x", "y", "spsim_index"]].astype({"x": float, "y": float})
    mdata.var = mdata.var[[]]
    return mdata


def assert_same(left: Any, right: Any) -> None:
    """Two AnnData or two MuData agree bit for bit: values, types, names, order of rows."""
    if not hasattr(left, "mod"):
        _assert_same_matrix(left.X, right.X, "X")
    for slot in ("obs", "var"):
        assert_same_frame(getattr(left, slot), getattr(right, slot), slot)
    for slot in SLOTS:
        _assert_same_mapping(getattr(left, slot, None) or {}, getattr(right, slot, None) or {}, slot)
    _assert_same_mapping(left.uns, right.uns, "uns")
    assert list(getattr(left, "mod", {})) == list(getattr(right, "mod", {}))
    for name in getattr(left, "mod", {}):
        assert_same(left[name], right[name])


def assert_same_frame(left: pd.DataFrame, right: pd.DataFrame, where: str) -> None:
    assert list(left.columns) == list(right.columns), where
    assert list(left.index) == list(right.index), where
    for name in left:
        _assert_same_column(left[name], right[name], f"{where}[{name!r}]")


def _assert_same_column(left: pd.Series, right: pd.Series, where: str) -> None:
    if isinstance(left.dtype, pd.CategoricalDtype):
        assert isinstance(right.dtype, pd.CategoricalDtype), where
        assert list(left.cat.categories) == list(right.cat.categories), where
        assert left.cat.ordered == right.cat.ordered, where
        left, right = left.cat.codes, right.cat.codes
    _assert_same_array(left.to_numpy(), right.to_numpy(), where)


def _assert_same_mapping(left: Mapping[str, Any], right: Mapping[str, Any], where: str) -> None:
    assert set(left) == set(right), where
    for key in left:
        place = f"{where}[{key!r}]"
        if isinstance(left[key], Mapping):
            _assert_same_mapping(left[key], right[key], place)
        elif isinstance(left[key], pd.DataFrame):
            assert_same_frame(left[key], right[key], place)
        elif isinstance(left[key], str):
            assert isinstance(right[key], str) and left[key] == right[key], place
        else:
            _assert_same_matrix(left[key], right[key], place)


def _assert_same_matrix(left: Any, right: Any, where: str) -> None:
    assert type(left) is type(right), where
    for one, other in zip(buffers(left), buffers(right), strict=True):
        _assert_same_array(one, other, where)
    assert left.shape == right.shape, where


def _assert_same_array(left: np.ndarray, right: np.ndarray, where: str) -> None:
    assert left.dtype == right.dtype, where
    assert left.shape == right.shape, where
    assert np.ascontiguousarray(left).tobytes() == np.ascontiguousarray(right).tobytes(), where
