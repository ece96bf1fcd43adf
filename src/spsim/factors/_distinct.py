"""Distinct rows of a matrix with few levels per column."""

from __future__ import annotations

import numpy as np

MOST_BITS = 52  # columns whose bits a float64 holds exactly


def distinct_rows(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Index of the first row of each kind, and the kind of every row.

    Rows are packed into one integer: ``unique(axis=0)`` on float rows costs a thousand times more.
    """
    _, first, inverse = np.unique(_codes(values), return_index=True, return_inverse=True)
    return first, inverse


def _codes(values: np.ndarray) -> np.ndarray:
    """Return equal numbers for equal rows: of bits where each column is zero or one value, else of levels."""
    is_on = values != 0
    if values.shape[1] <= MOST_BITS and len(values) and (values == np.where(is_on, values.max(axis=0), 0)).all():
        return is_on @ 2.0 ** np.arange(values.shape[1])[::-1]
    return _packed_levels(values)


def _packed_levels(values: np.ndarray) -> np.ndarray:
    codes = np.zeros(len(values), np.int64)
    n_codes = 1
    for column in values.T:
        levels = np.unique(column)
        if n_codes * len(levels) > 2**62:
            codes = np.unique(codes, return_inverse=True)[1]
            n_codes = int(codes.max()) + 1
        codes = codes * len(levels) + np.searchsorted(levels, column)
        n_codes *= len(levels)
    return codes
