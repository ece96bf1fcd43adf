"""How well the ecotypes of cells are recovered, type by type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from spsim import _keys, _validate
from spsim._random import RNGLike
from spsim.metrics._ecotype_cells import Cells, coded_cells, order_within, part_of
from spsim.metrics._factor_recovery import match_columns
from spsim.metrics._labels import one_label
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
    ecotypes: Sequence[object] | None = None,
    none: object = NONE,
    n_draws: int = 20,
    rng: RNGLike = 0,
) -> EcotypeRecovery:
    r"""Score estimated ecotypes of cells against the true ones, within each cell type.

    For type t and ecotype k, with the cells :math:`E_{tk}` of the type that truly belong to it and those :math:`P_{tk}`
    that are said to,

    .. math:: F_{tk} = \frac{2 |E_{tk} \cap P_{tk}|}{|E_{tk}| + |P_{tk}|}

    so that cells outside ecotypes that are said to be in one count as wrong. Labels that are all names of ecotypes are
    taken as they are; others are given to ecotypes one to one, by the assignment with the most cells in common, of several
    the one with the larger F1.

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
    ecotypes
        Names of all ecotypes, also of those without cells here: their names are wrong rather than numbers of clusters. Those
        in ``truth`` by default.
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
        If lengths differ, a label is missing, a confidence is not finite, no cell is in an ecotype, or a true one is not among
        ``ecotypes``.

    Examples
    --------
    >>> truth = ["a", "a", "b", "outside", "a", "b"]
    >>> result = ecotype_recovery(["1", "1", "2", "2", "1", "1"], truth, ["T", "T", "T", "T", "B", "B"])
    >>> result.f1.round(2).tolist(), round(result.overall["accuracy"], 2)
    ([[1.0, 0.67], [0.67, 0.0]], 0.8)
    """
    cells = coded_cells(labels, truth, cell_types, confidence, ecotypes, one_label("none", none))
    found = _scores(cells, _match(cells))
    n_draws = _validate.whole("n_draws", n_draws)
    random = generator(rng)
    permuted = (part_of(cells, order_within(cells, random), cells.true, cells.type) for _ in range(n_draws))
    drawn = [_scores(own, _match(own)).overall for own in permuted]
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


def recovery_of_parts(
    labels: ArrayLike | Sequence[object],
    truth: ArrayLike | Sequence[object],
    cell_types: ArrayLike | Sequence[object],
    parts: Mapping[object, np.ndarray],
    *,
    confidence: ArrayLike | None = None,
    ecotypes: Sequence[object] | None = None,
) -> dict[str, dict[str, float]]:
    """Return the scores over each part's rows, labels read as they are over all of them.

    A part without a cell in an ecotype has none. Read anew in each part, a label could mean different ecotypes in different
    samples, and the name of an ecotype that a sample lacks would be given to another one there.
    """
    cells = coded_cells(labels, truth, cell_types, confidence, ecotypes, NONE)
    match = _match(cells)
    found = {}
    for name, rows in parts.items():
        true = cells.true[rows]
        if (true < 0).all():
            continue
        own = part_of(cells, rows, true, cells.type[rows])
        if confidence is None and not (own.given < 0).any():
            own = replace(own, confidence=None)
        scores = _scores(own, match)
        n_states = int(np.isfinite(scores.f1).sum())
        found[str(name)] = {**scores.overall, "n": len(own.true), "n_states": n_states}
    return found


@dataclass(frozen=True, kw_only=True, eq=False)
class _Scores:
    overall: dict[str, float]
    f1: np.ndarray
    f1_matched: np.ndarray
    match: np.ndarray


def _scores(cells: Cells, match: np.ndarray) -> _Scores:
    _, truly, f1 = _tables(cells)
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


def _tables(cells: Cells) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells by type, ecotype and label; by type and ecotype; F1 of all three, cells outside ecotypes included."""
    shape = len(cells.types), len(cells.ecotypes) + 1, len(cells.labels) + 1
    table = np.zeros(shape, np.int64)
    np.add.at(table, (cells.type, cells.true, cells.given), 1)  # -1 is the last one
    both, truly, said = table[:, :-1, :-1], table[:, :-1].sum(axis=2), table[:, :, :-1].sum(axis=1)
    return both, truly, 2 * both / np.maximum(1, truly[:, :, None] + said[:, None, :])


def _match(cells: Cells) -> np.ndarray:
    """Return the label of each ecotype, -1 where there is none."""
    positions = {str(name): column for column, name in enumerate(cells.labels)}
    if set(positions) <= {str(name) for name in cells.ecotypes}:
        return np.array([positions.get(str(name), -1) for name in cells.ecotypes])
    both, _, f1 = _tables(cells)
    # Means of F1 over types add up to less than this, so they decide between equal numbers of cells and nothing else.
    most = min(f1.shape[1:]) + 1
    return np.asarray(match_columns(both.sum(axis=0) + f1.mean(axis=0) / most))


def _auroc(cells: Cells, active: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    if cells.confidence is None or active.all():
        return float("nan")
    return float(roc_auc_score(active, cells.confidence))
