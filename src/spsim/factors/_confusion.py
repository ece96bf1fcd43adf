"""Factors that the features of a modality do not tell apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from spsim import _validate
from spsim._names import usable_name


def checked_pairs(pairs: object) -> tuple[tuple[str, str], ...]:
    """Return pairs of different names."""
    items: list[Any] = list(pairs) if isinstance(pairs, Sequence) and not isinstance(pairs, str) else [pairs]
    if not all(isinstance(item, Sequence) and not isinstance(item, str) and len(item) == 2 for item in items):
        msg = f'confuse must be a list of pairs of names, such as [("A", "B")], got {_validate.shown(pairs)}'
        raise TypeError(msg)
    checked = tuple((usable_name("confuse", first), usable_name("confuse", second)) for first, second in items)
    for first, second in checked:
        if first == second:
            msg = f"confuse must hold pairs of two different names, got {first!r} twice"
            raise ValueError(msg)
    return checked


def told(pairs: Sequence[tuple[str, str]]) -> str:
    """Say which pairs are not told apart, at the end of what a Methods section says."""
    return f" ({', '.join(f'{first} and {second}' for first, second in pairs)} are not told apart)" if pairs else ""


def largest(loadings: np.ndarray) -> np.ndarray:
    """Return the loading of each feature that is largest in size: one that goes down is not lost to a 0."""
    return np.take_along_axis(loadings, np.abs(loadings).argmax(axis=1)[:, None], axis=1)[:, 0]


def first_of_some(loadings: np.ndarray) -> np.ndarray:
    """Return the first loading of each feature that is not 0: it has the law of each, which the larger one has not."""
    return np.take_along_axis(loadings, (loadings != 0).argmax(axis=1)[:, None], axis=1)[:, 0]


def with_equal_columns(
    loadings: np.ndarray,
    columns: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    common: Callable[[np.ndarray], np.ndarray] = largest,
) -> np.ndarray:
    """Return loadings in which both factors of each pair have those of either, ``common`` of those where both have some.

    Of pairs (A, B) and (B, C), all three have the same.
    """
    result, names = loadings.copy(), list(columns)
    group = np.arange(len(names))
    for pair in pairs:
        for name in pair:
            _validate.one_of("name in confuse", name, names)
        first, second = (group[names.index(name)] for name in pair)
        group[group == second] = first
    for members in (np.flatnonzero(group == own) for own in np.unique(group)):
        result[:, members] = common(result[:, members])[:, None]
    return result
