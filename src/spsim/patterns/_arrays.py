"""Arrays that a user brings: checked, copied and made read-only."""

from __future__ import annotations

import numpy as np

from spsim import _validate


def matrix(name: str, value: object, dtype: type) -> np.ndarray:
    """Return a read-only numeric copy, 2-D and not empty."""
    try:
        with np.errstate(over="ignore"):  # infinity is refused by name
            array: np.ndarray = np.array(value, dtype)
    except (OverflowError, RecursionError, TypeError, ValueError) as error:
        msg = f"{name} must be a numeric 2-D array, got {type(value).__name__}"
        raise TypeError(msg) from error
    if array.ndim != 2 or 0 in array.shape:
        msg = f"{name} must be a non-empty 2-D array, got shape {array.shape}"
        raise ValueError(msg)
    array.flags.writeable = False
    return array


def positions(name: str, value: object, *, n_spots: int | str = "n") -> np.ndarray:
    """Return a read-only copy of coordinates, n × 2 or n × 3."""
    array = matrix(name, value, np.float64)
    if array.shape[1] not in (2, 3) or n_spots not in ("n", len(array)):
        msg = f"{name} must be {n_spots} × 2 or {n_spots} × 3, got shape {array.shape}"
        raise ValueError(msg)
    _validate.held(name, array)
    return array
