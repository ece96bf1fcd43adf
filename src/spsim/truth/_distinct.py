"""Distinct rows of a matrix with few levels per column."""

from __future__ import annotations

import numpy as np

# Columns of bits up to which all their codes are listed: then nothing needs to be sorted.
_LISTED_BITS = 10
_MOST_BITS = 52  # columns whose bits a float64 holds exactly


def distinct_rows(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Index of the first row of each kind, and the kind of every row.

    Rows are packed into one integer: ``unique(axis=0)`` on float rows costs a thousand times more.
    """
    columns = np.ascontiguousarray(values.T)
    is_on = columns != 0
    n_columns = len(columns)
    if n_columns > _MOST_BITS or not values.size or (columns != is_on * columns.max(axis=1, keepdims=True)).any():
        return _sorted(_packed_levels(columns))
    codes = 2.0 ** np.arange(n_columns)[::-1] @ is_on
    return _sorted(codes) if n_columns > _LISTED_BITS else _listed(codes.astype(np.intp), 1 << n_columns)


def _sorted(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    return first, inverse


def _listed(codes: np.ndarray, n_codes: int) -> tuple[np.ndarray, np.ndarray]:
    first = np.full(n_codes, -1)
    # Of several values for one place the last stays.
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    occurs = first >= 0
    return first[occurs], (np.cumsum(occurs) - 1)[codes]


def _packed_levels(columns: np.ndarray) -> np.ndarray:
    codes = np.zeros(columns.shape[1], np.int64)
    n_codes = 1
    for column in columns:
        levels = np.unique(column)
        if n_codes * len(levels) > 2**62:
            codes = np.unique(codes, return_inverse=True)[1]
            n_codes = int(codes.max()) + 1
        codes = codes * len(levels) + np.searchsorted(levels, column)
        n_codes *= len(levels)
    return codes
