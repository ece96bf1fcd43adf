"""How well the ecotypes of cells are recovered, type by type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from spsim import _keys, _validate
from spsim._random import RNGLike
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import as_array, same_length
from spsim.metrics._factor_recovery import match_columns
from spsim.metrics._labels import label_codes, one_label
from spsim.metrics._sampling import generator

NONE = _keys.OUTSIDE
F1, MATCHED, ACCURACY, CONFIDENCE = "f1", "f1_matched", "accuracy", "confidence_auroc"


@dataclass(frozen=True, kw_only=True, eq=False)
class EcotypeRecovery:
    """What :func:`ecotype_recovery` found."""

    overall: dict[str, float]
    """``f1``, ``f1_matched``, ``accuracy`` and ``confidence_auroc``."""
    f1: np.ndarray
    """Types × ecotypes, each ecotype against the rest of its type; NaN where the type has no such cells."""
    f1_matched: np.ndarray
    """The same, labels given to ecotypes within each type anew."""
    types: list[object]
    """The types, rows of both."""
    ecotypes: list[object]
    """The ecotypes, columns of both."""
    matched: list[object]
    """Estimated label of each ecotype, ``None`` where there is none."""
    n: int
    """Number of cells."""
    chance: dict[str, float] = field(default_factory=dict)
    """Mean of the scores over labels that are permuted within types; empty without draws."""
    chance_p95: dict[str, float] = field(default_factory=dict)
    """95th percentile of the same."""


def ecotype_recovery(
    labels: ArrayLike | Sequence[object],
    truth: ArrayLike | Sequence[object],
    cell_types: ArrayLike | Sequence[object],
    *,
    confidence: ArrayLike | None = None,
    none: object = NONE,
    n_draws: int = 20,
    rng: RNGLike = 0,
) -> EcotypeRecovery:
    r"""Score estimated ecotypes of cells against the true ones, within each cell type.

    For type t and ecotype k, with the cells :math:`E_{tk}` of the type that truly belong to it and those :math:`P_{tk}`
    that are said to,

    .. math:: F_{tk} = \frac{2 |E_{tk} \cap P_{tk}|}{|E_{tk}| + |P_{tk}|}

    so that cells outside ecotypes that are said to be in one count as wrong. Labels that are all names of ecotypes are
    taken as they are; others are given to ecotypes one to one, by the assignment with the most cells in common.

    Parameters
    ----------
    labels
        Estimated ecotype of each cell, ``none`` for those that are in none.
    truth
        True ecotype of each cell, in the same order.
    cell_types
        Type of each cell.
    confidence
        How sure it is that a cell belongs to an ecotype at all, larger where it is; by default whether its label is not
        ``none``.
    none
        Label of cells outside ecotypes.
    n_draws
        Draws of labels that are permuted within types, together with the confidence; 0 leaves chance out.
    rng
        Seed of the draws.

    Returns
    -------
    ``f1``
        mean of :math:`F_{tk}` over the types and ecotypes that have cells, one assignment of labels for all types;
    ``f1_matched``
        the same with an assignment per type, by the largest sum of :math:`F_{tk}`: for methods that number the states of
        each type on their own;
    ``accuracy``
        share of the cells of ecotypes whose label is right, by the one assignment;
    ``confidence_auroc``
        probability that a cell of an ecotype has a higher confidence than one outside; NaN if there are no cells outside,
        or neither confidence nor a label ``none``.

    Raises
    ------
    ValueError
        If lengths differ, a label is missing, a confidence is not finite, or no cell is in an ecotype.

    Examples
    --------
    >>> truth = ["a", "a", "b", "outside", "a", "b"]
    >>> result = ecotype_recovery(["1", "1", "2", "2", "1", "1"], truth, ["T", "T", "T", "T", "B", "B"])
    >>> result.f1.round(2).tolist(), round(result.overall["accuracy"], 2)
    ([[1.0, 0.67], [0.67, 0.0]], 0.8)
    """
    cells = _cells(labels, truth, cell_types, confidence, one_label("none", none))
    found = _scores(cells)
    n_draws = _validate.whole("n_draws", n_draws)
    random = generator(rng)
    drawn = [_scores(_permuted(cells, random)).overall for _ in range(n_draws)]
    several = {name: [scores[name] for scores in drawn] for name in found.overall} if drawn else {}
    return EcotypeRecovery(
        overall=found.overall,
        f1=found.f1,
        f1_matched=found.f1_matched,
        types=cells.types,
        ecotypes=cells.ecotypes,
        matched=[None if column < 0 else cells.labels[column] for column in found.match],
        n=len(cells.true),
        chance={name: float(np.mean(values)) for name, values in several.items()},
        chance_p95={name: float(np.quantile(values, 0.95)) for name, values in several.items()},
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Cells:
    """Cells as small integers; -1 is in no ecotype."""

    given: np.ndarray
    true: np.ndarray
    type: np.ndarray
    confidence: np.ndarray | None
    labels: list[object]
    ecotypes: list[object]
    types: list[object]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Scores:
    overall: dict[str, float]
    f1: np.ndarray
    f1_matched: np.ndarray
    match: np.ndarray


def _cells(labels: object, truth: object, cell_types: object, confidence: object, none: object) -> _Cells:
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
    sure = None
    if confidence is not None:
        sure = _confidence(confidence)
        same_length(labels=given, confidence=sure)
    elif (given < 0).any():
        sure = (given >= 0).astype(np.float64)
    return _Cells(
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


def _permuted(cells: _Cells, random: np.random.Generator) -> _Cells:
    order = np.arange(len(cells.true))
    for number in range(len(cells.types)):
        own = np.flatnonzero(cells.type == number)
        order[own] = random.permutation(own)
    return _Cells(
        given=cells.given[order],
        true=cells.true,
        type=cells.type,
        confidence=None if cells.confidence is None else cells.confidence[order],
        labels=cells.labels,
        ecotypes=cells.ecotypes,
        types=cells.types,
    )


def _scores(cells: _Cells) -> _Scores:
    both, truly, said = _tables(cells)
    match = _match(cells, both.sum(axis=0))
    f1 = 2 * both / np.maximum(1, truly[:, :, None] + said[:, None, :])
    one = np.array([_of(table, match) for table in f1])
    own = np.array([_of(table, np.asarray(match_columns(table))) for table in f1])
    one[truly == 0] = own[truly == 0] = np.nan
    active = cells.true >= 0
    right = match[cells.true[active]] == cells.given[active]
    overall = {
        F1: float(np.nanmean(one)),
        MATCHED: float(np.nanmean(own)),
        ACCURACY: float(np.mean(right & (cells.given[active] >= 0))),
        CONFIDENCE: _auroc(cells, active),
    }
    return _Scores(overall=overall, f1=one, f1_matched=own, match=match)


def _of(table: np.ndarray, match: np.ndarray) -> np.ndarray:
    """Return the entry of each row at its column, 0 where it has none."""
    padded = np.column_stack([table, np.zeros(len(table))])
    return np.asarray(padded[np.arange(len(table)), match])


def _tables(cells: _Cells) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells by type, ecotype and label; by type and ecotype; by type and label, those outside ecotypes included."""
    shape = len(cells.types), len(cells.ecotypes) + 1, len(cells.labels) + 1
    table = np.zeros(shape, np.int64)
    np.add.at(table, (cells.type, cells.true, cells.given), 1)  # -1 is the last one
    return table[:, :-1, :-1], table[:, :-1].sum(axis=2), table[:, :, :-1].sum(axis=1)


def _match(cells: _Cells, both: np.ndarray) -> np.ndarray:
    """Return the label of each ecotype, -1 where there is none."""
    positions = {str(name): column for column, name in enumerate(cells.labels)}
    if set(positions) <= {str(name) for name in cells.ecotypes}:
        return np.array([positions.get(str(name), -1) for name in cells.ecotypes])
    return np.asarray(match_columns(both.astype(np.float64)))


def _auroc(cells: _Cells, active: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    if cells.confidence is None or active.all():
        return float("nan")
    return float(roc_auc_score(active, cells.confidence))
