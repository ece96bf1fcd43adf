"""What a function is given: an AnnData, a MuData or something else, told apart without importing either."""

from __future__ import annotations

from typing import Any

import numpy as np

from spsim import _validate

_SLOTS = ("obs", "var", "obsm", "varm", "uns", "obs_names", "var_names")


def annotated(name: str, value: Any) -> Any:
    """Return ``value`` if it is an AnnData or a MuData."""
    if isinstance(value, type) or not all(hasattr(value, slot) for slot in _SLOTS):
        msg = f"{name}: expected an AnnData or MuData, got {type(value).__name__}"
        raise TypeError(msg)
    return value


def multimodal(name: str, value: Any) -> Any:
    """Return ``value`` if it is a MuData."""
    if not hasattr(annotated(name, value), "mod"):
        msg = f"{name} must be a MuData with all modalities, got one modality or another AnnData"
        raise TypeError(msg)
    return value


def unimodal(name: str, value: Any) -> Any:
    """Return ``value`` if it is an AnnData."""
    if hasattr(annotated(name, value), "mod"):
        msg = f"{name} must be one modality, as in {name}[{next(iter(value.mod), 'rna')!r}], got a MuData with all of them"
        raise TypeError(msg)
    return value


def table(name: str, value: Any) -> Any:
    """Return ``value`` if it is a table (a DataFrame)."""
    if not (hasattr(value, "columns") and hasattr(value, "index") and hasattr(value, "loc")):
        msg = f"{name} must be a table, got {_validate.shown(value)}"
        raise TypeError(msg)
    return value


def is_sparse(value: Any) -> bool:
    """Whether ``value`` is a sparse matrix; a view of an AnnData's array, which has a ``toarray`` too, is none."""
    from scipy.sparse import issparse

    return bool(issparse(value))


def as_dense(value: Any) -> np.ndarray:
    """Return a matrix, sparse or not, as an array."""
    return np.asarray(value.toarray() if is_sparse(value) else value)
