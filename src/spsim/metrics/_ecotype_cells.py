"""Cells, their types, true ecotypes and estimated ones, as small integers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from spsim import _validate
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import as_array, same_length
from spsim.metrics._labels import label_codes


@dataclass(frozen=True, kw_only=True, eq=False)
class Cells:
    """Cells as small integers; -1 is in no ecotype."""

    given: np.ndarray
    true: np.ndarray
    type: np.ndarray
    confidence: np.ndarray | None
    labels: list[object]
    ecotypes: list[object]
    types: list[object]


def coded_cells(
    labels: object, truth: object, cell_types: object, confidence: object, ecotypes: object, none: object
) -> Cells:
    """Return the cells in the order of the truth; what does not fit is refused by name."""
    truth, labels, cell_types, confidence = in_one_order(
        truth=truth, labels=labels, cell_types=cell_types, confidence=confidence
    )
    given, given_names = _without(none, *label_codes("labels", labels))  # type: ignore[arg-type]
    true, names = _without(none, *label_codes("truth", truth))  # type: ignore[arg-type]
    types, type_names = label_codes("cell_types", cell_types)  # type: ignore[arg-type]
    same_length(labels=given, truth=true, cell_types=types)
    if not names:
        msg = f"truth must hold a cell of an ecotype, got {_validate.shown(none)} only"
        raise ValueError(msg)
    if ecotypes is not None:
        true, names = _among(true, names, _validate.listed("ecotypes", ecotypes), none)
    sure = None
    if confidence is not None:
        sure = _confidence(confidence)
        same_length(labels=given, confidence=sure)
    elif (given < 0).any():
        sure = (given >= 0).astype(np.float64)
    return Cells(
        given=given,
        true=true,
        type=types,
        confidence=sure,
        labels=given_names,
        ecotypes=names,
        types=type_names,
    )


def _confidence(values: object) -> np.ndarray:
    array = as_array("confidence", values)  # type: ignore[arg-type]
    if array.ndim != 1 or array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        msg = f"confidence must be a vector of finite numbers, got {_validate.shown(values)}"
        raise ValueError(msg)
    return array.astype(np.float64)


def _without(none: object, codes: np.ndarray, names: list[object]) -> tuple[np.ndarray, list[object]]:
    """Return codes in which the label of none is -1, and the other names in order."""
    kept = [code for code, name in enumerate(names) if str(name) != str(none)]
    new = np.full(len(names), -1)
    new[kept] = np.arange(len(kept))
    return new[codes], [names[code] for code in kept]


def _among(
    codes: np.ndarray, names: list[object], ecotypes: list[object], none: object
) -> tuple[np.ndarray, list[object]]:
    """Return codes of true labels among all ecotypes, and these."""
    every = [name for name in ecotypes if str(name) != str(none)]
    _validate.unique("ecotypes", [str(name) for name in every])
    positions = {str(name): code for code, name in enumerate(every)}
    for name in names:
        _validate.one_of("truth", str(name), positions)
    return np.array([*(positions[str(name)] for name in names), -1])[codes], every


def order_within(cells: Cells, random: np.random.Generator) -> np.ndarray:
    """Return an order of the cells that is random within each type."""
    order = np.arange(len(cells.true))
    for number in range(len(cells.types)):
        own = np.flatnonzero(cells.type == number)
        order[own] = random.permutation(own)
    return order


def part_of(cells: Cells, rows: np.ndarray, true: np.ndarray, types: np.ndarray) -> Cells:
    """Return what was estimated of some cells, beside a truth and types."""
    sure = None if cells.confidence is None else cells.confidence[rows]
    return replace(cells, given=cells.given[rows], true=true, type=types, confidence=sure)
