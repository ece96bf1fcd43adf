"""Frames and series carry labels: what is compared is brought into one order by them, or refused."""

from __future__ import annotations

from typing import Any

from spsim import _validate


def in_one_order(*, axis: int = 0, **values: Any) -> tuple[Any, ...]:
    """Return ``values`` with the rows (or columns: ``axis=1``) of all that have labels in the order of the first that has.

    Arrays, and None, have no labels and stay as they are. An index is a series' only axis, whatever ``axis`` says.
    """
    labels = {name: _labels(value, axis) for name, value in values.items() if hasattr(value, "iloc")}
    moved = {name: index for name, index in labels.items() if not index.equals(_first(labels))}
    if not moved:
        return tuple(values.values())
    what = "column" if axis else "row"
    leader, order = next(iter(labels.items()))
    for name, index in moved.items():
        _same_labels(what, {name: index, leader: order})
    bare = [name for name, value in values.items() if name not in labels and getattr(value, "ndim", value is not None)]
    if bare:
        others = " and ".join((leader, *moved))
        msg = (
            f"{bare[0]} must carry {what} labels too (a DataFrame or Series), since {others} hold theirs in different "
            "orders; or bring all into one order and pass arrays"
        )
        raise ValueError(msg)
    return tuple(
        _taken(value, moved[name].get_indexer(order), axis) if name in moved else value
        for name, value in values.items()
    )


def _first(labels: dict[str, Any]) -> Any:
    return next(iter(labels.values()))


def _labels(value: Any, axis: int) -> Any:
    return value.columns if axis and hasattr(value, "columns") else value.index


def _taken(value: Any, positions: Any, axis: int) -> Any:
    return value.iloc[:, positions] if axis and hasattr(value, "columns") else value.iloc[positions]


def _same_labels(what: str, labels: dict[str, Any]) -> None:
    """Refuse labels that occur twice, or in one of the two only."""
    for name, index in labels.items():
        if not index.is_unique:
            repeated = _validate.listing(index[index.duplicated()].unique()[:3])
            msg = f"{what} labels of {name} must be unique to be aligned, got {repeated} more than once"
            raise ValueError(msg)
    (one, own), (other, known) = labels.items()
    lacking = {one: known[own.get_indexer(known) < 0], other: own[known.get_indexer(own) < 0]}
    found = [
        f"{name} lacks {len(names)} ({_validate.listing(names[:3])})" for name, names in lacking.items() if len(names)
    ]
    if found:
        msg = (
            f"{one} and {other} must have the same {what} labels to be aligned: {' and '.join(found)}; take those that "
            "both have, or pass arrays (.to_numpy()) that are in one order"
        )
        raise ValueError(msg)
