"""Names of categories: types, slices, samples."""

from __future__ import annotations

from collections.abc import Sequence

from spsim import _validate
from spsim._names import distinct_names, usable_name

# Each has a name and a column: far more than anyone compares, far less than fills the memory.
MOST = 2**14


def category_count(name: str, value: object, *, at_least: int = 1) -> int:
    """Return how many categories there are, refused where their names alone would fill the memory."""
    return _validate.whole(name, value, at_least=at_least, at_most=MOST)


def category_names(names: Sequence[str], n_categories: int, *, kind: str) -> tuple[str, ...]:
    """Return one name per category, ``kind_1``, ``kind_2``, … if none are given."""
    if isinstance(names, str) or not isinstance(names, Sequence):
        msg = f"names must be a list of one name per {kind}, got {_validate.shown(names)}"
        raise TypeError(msg)
    if not names:
        return tuple(f"{kind}_{number + 1}" for number in range(n_categories))
    if len(names) != n_categories:
        msg = f"names must hold one name per {kind} ({n_categories}), got {len(names)}"
        raise ValueError(msg)
    checked = tuple(usable_name("names", name) for name in names)
    distinct_names("names", checked)
    return checked
