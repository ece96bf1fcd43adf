"""Labels as small integers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim.metrics._arrays import as_array


def label_codes(name: str, labels: ArrayLike | Sequence[object]) -> tuple[np.ndarray, list[object]]:
    """Return one integer per row and the label each integer stands for, in order of first appearance.

    Works for text, numbers and categoricals alike; missing labels are refused, since dropping them silently is how
    two methods end up scored on different spots.
    """
    array = _unmixed(as_array(name, labels), labels)  # type: ignore[arg-type]
    if array.ndim != 1 or not array.size:
        msg = f"{name} must be a non-empty vector of labels, got shape {array.shape}"
        raise ValueError(msg)
    if array.dtype.kind in "biuU":  # nothing can be missing, and sorting is faster than a loop
        return _by_first_appearance(array)
    values = array.tolist()
    n_missing = sum(map(_missing, values))
    if n_missing:
        msg = f"{name} must not be missing, got {n_missing} missing of {len(values)}; drop those rows from every input"
        raise ValueError(msg)
    first: dict[object, int] = {}
    try:
        hash(tuple(values))
    except TypeError as error:
        msg = f"{name} must hold texts, numbers or other labels that compare, got {_validate.shown(values)}"
        raise TypeError(msg) from error
    codes = np.fromiter((first.setdefault(value, len(first)) for value in values), np.int64, len(values))
    _read_differently(name, first)
    return codes, list(first)


def one_label(name: str, value: object) -> object:
    """Return ``value`` if it can be a label: one that compares, no array."""
    if not isinstance(value, Hashable) or getattr(value, "shape", ()) != ():
        msg = f"{name} must be one label, got {_validate.shown(value)}"
        raise TypeError(msg)
    return value


def _unmixed(array: np.ndarray, labels: object) -> np.ndarray:
    """Return the labels as they are where NumPy made texts of all, as it does of a list with some."""
    if array.dtype.kind != "U" or array.ndim != 1 or not isinstance(labels, list | tuple):
        return array
    return array if all(isinstance(label, str) for label in labels) else np.array(labels, object)


def _read_differently(name: str, labels: Iterable[object]) -> None:
    """Refuse labels that are one when written: files and tables would not tell them apart."""
    texts: dict[str, object] = {}
    for label in labels:
        other = texts.setdefault(str(label), label)
        if other is not label:
            msg = (
                f"{name} must be told apart as text, got both {_validate.shown(other)} and {_validate.shown(label)}; "
                "make all of one type, as in labels.astype(str)"
            )
            raise ValueError(msg)


def _by_first_appearance(array: np.ndarray) -> tuple[np.ndarray, list[object]]:
    names, first, codes = np.unique(array, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[codes.ravel()], names[order].tolist()


def _missing(value: object) -> bool:
    # pandas.NA compares to NA, not to a boolean; pandas is not imported here, so it is known by its type's name.
    return value is None or type(value).__name__ == "NAType" or value != value
