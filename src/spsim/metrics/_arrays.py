"""Checks and small algebra that every metric of arrays needs."""

from __future__ import annotations

import math
from numbers import Real
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim._objects import is_sparse

# Relative spread under which a column is rounding noise about a constant (scipy.stats.pearsonr uses the same figure).
NEARLY_CONSTANT = 1e-13
LARGEST = 1e150


def matrix(name: str, values: ArrayLike) -> np.ndarray:
    """Return ``values`` as a finite, non-empty float64 matrix."""
    array = block(name, values)
    if not array.shape[1]:
        msg = f"{name} must be a non-empty matrix (rows x columns), got shape {array.shape}"
        raise ValueError(msg)
    return array


def squarable(name: str, values: ArrayLike) -> np.ndarray:
    """Return ``values`` as :func:`matrix` does; refuse entries whose squares would be infinite."""
    array = matrix(name, values)
    if (largest := np.abs(array).max()) > LARGEST:
        msg = f"{name} must be at most {LARGEST:g} in size, so that squares are finite, got {largest:g}"
        raise ValueError(msg)
    return array


def block(name: str, values: ArrayLike) -> np.ndarray:
    """Return ``values`` as a finite float64 matrix with at least one row; it may have no column."""
    array = real_array(name, values)
    if array.ndim != 2 or not len(array):
        msg = f"{name} must be a non-empty matrix (rows x columns), got shape {array.shape}"
        raise ValueError(msg)
    return array


def as_array(name: str, values: ArrayLike) -> np.ndarray:
    """Return ``values`` as an array of whatever type; refuse what NumPy cannot read or would read as something else."""
    if is_sparse(values):
        msg = f"{name} must be a dense array, got a sparse {type(values).__name__}; call its .toarray()"
        raise TypeError(msg)
    if np.ma.is_masked(values):  # NumPy would read what lies behind the mask
        _refuse_missing(name, int(np.ma.count_masked(values)), np.size(values))
    try:
        return np.asarray(values)
    except (RuntimeError, TypeError, ValueError) as error:  # arrays of other libraries raise errors of their own
        msg = f"{name} must be an array that NumPy can read, with rows of one length, got {_validate.shown(values)}"
        raise (TypeError if isinstance(error, TypeError) else ValueError)(msg) from error


def vector(name: str, values: ArrayLike) -> np.ndarray:
    """Return ``values`` as a finite, non-empty float64 vector."""
    array = real_array(name, values)
    if array.ndim != 1 or not array.size:
        msg = f"{name} must be a non-empty vector, got shape {array.shape}"
        raise ValueError(msg)
    return array


def real_array(name: str, values: ArrayLike) -> np.ndarray:
    """Return ``values`` as a finite float64 array."""
    array = numbers(name, values)
    _validate.finite(name, array)
    return array


def numbers(name: str, values: ArrayLike) -> np.ndarray:
    """Return ``values`` as a float64 array, NaN where one is missing."""
    array = as_array(name, values)
    if (
        array.dtype.kind == "O"
        and array.ndim
        and all(_is_missing(value) or isinstance(value, Real | np.bool_) for value in array.flat)
    ):
        return _unboxed(name, array)
    if array.dtype.kind not in "biuf":
        msg = f"{name} must hold real numbers, got dtype {array.dtype}"
        raise TypeError(msg)
    return array.astype(np.float64, copy=False)


def truth_values(name: str, values: ArrayLike) -> np.ndarray:
    """Return ``values`` as a boolean array, if that is what they are; refuse missing ones."""
    array = as_array(name, values)
    if array.dtype.kind != "O":
        return array
    n_missing = sum(map(_is_missing, array.flat))
    if n_missing:
        _refuse_missing(name, n_missing, array.size)
    return array.astype(bool) if all(isinstance(value, bool | np.bool_) for value in array.flat) else array


def non_negative(name: str, array: np.ndarray) -> np.ndarray:
    """Return ``array``; refuse negative entries."""
    if array.min(initial=0) < 0:
        msg = f"{name} must not be negative, got {array.min():g}"
        raise ValueError(msg)
    return array


def mask(name: str, values: ArrayLike, n_rows: int) -> np.ndarray:
    """Return ``values`` as a boolean mask of ``n_rows`` entries with at least one True."""
    array = truth_values(name, values)
    if array.dtype != np.bool_:
        msg = f"{name} must be a boolean mask, got dtype {array.dtype}"
        raise TypeError(msg)
    if array.shape != (n_rows,):
        msg = f"{name} must have shape ({n_rows},), got {array.shape}"
        raise ValueError(msg)
    if not array.any():
        msg = f"{name} must keep at least one of the {n_rows} rows, got none"
        raise ValueError(msg)
    return array


def same_length(**arrays: np.ndarray) -> int:
    """Return the common number of rows; refuse arrays that differ in it."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        msg = f"{' and '.join(lengths)} must have the same number of rows, got {_counts(lengths)}"
        raise ValueError(msg)
    return next(iter(lengths.values()))


def same_width(**arrays: np.ndarray) -> int:
    """Return the common number of columns; refuse arrays that differ in it."""
    widths = {name: array.shape[1] for name, array in arrays.items()}
    if len(set(widths.values())) > 1:
        msg = f"{' and '.join(widths)} must have the same number of columns, got {_counts(widths)}"
        raise ValueError(msg)
    return next(iter(widths.values()))


def unit_columns(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centre the columns and scale them to length 1; constant ones become 0 and are flagged."""
    largest = np.abs(array).max(axis=0, initial=0)
    scaled = array / np.where(largest > 0, largest, 1)
    scaled -= scaled.mean(axis=0)
    length = np.sqrt(np.einsum("ij,ij->j", scaled, scaled))
    constant = length <= NEARLY_CONSTANT * np.sqrt(len(array))
    scaled /= np.where(constant, np.inf, length)
    return scaled, constant


def pearson(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Pearson correlations of the columns of two matrices; 0 where a column is constant."""
    return np.clip(unit_columns(first)[0].T @ unit_columns(second)[0], -1, 1)


def _unboxed(name: str, array: np.ndarray) -> np.ndarray:
    """Numbers of an array of objects, which is what NumPy makes of nullable columns and of columns of several types."""
    try:
        values = [math.nan if _is_missing(value) else float(value) for value in array.flat]
    except OverflowError as error:
        msg = f"{name} must be at most {LARGEST:g} in size, got numbers beyond double precision"
        raise ValueError(msg) from error
    return np.array(values, np.float64).reshape(array.shape)


def _is_missing(value: object) -> bool:
    # pandas is not imported here, so its NA is known by its type's name.
    return value is None or type(value).__name__ == "NAType"


def _refuse_missing(name: str, n_missing: int, n_values: int) -> NoReturn:
    msg = f"{name} must not be missing, got {n_missing} missing of {n_values}; drop those rows from every input"
    raise ValueError(msg)


def _counts(sizes: dict[str, int]) -> str:
    return " and ".join(str(size) for size in sizes.values())
