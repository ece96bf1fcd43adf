"""Which features of each true program came back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import as_array, matrix, same_length
from spsim.metrics._clustered_loadings import main_factor
from spsim.metrics._ranking import ranking_scores


@dataclass(frozen=True, kw_only=True, eq=False)
class LoadingRecovery:
    """What :func:`loading_recovery` found, one entry per true factor unless said otherwise."""

    auroc: np.ndarray
    """Probability that a feature of the program outranks one outside it; 0.5 is chance."""
    average_precision: np.ndarray
    """Area under the precision-recall curve; chance is the program's share of the features."""
    precision_at_support: np.ndarray
    """Share of the program among as many top features as it has."""
    support_size: np.ndarray
    """Features in the true program."""
    scored: np.ndarray
    """False where the program holds no feature or all of them: there is nothing to rank, and its scores are NaN."""
    assignment_accuracy: float
    """Share of features whose largest loading is in the component matched to their true main factor; NaN if none has one."""
    assignment_ari: float
    """Adjusted Rand index of the same two groupings, which needs no match; NaN if all have the same main factor."""
    n_assigned: int
    """Features with a true main factor: those the assignment scores count."""
    n: int
    """Number of features."""


def loading_recovery(
    estimate: ArrayLike, truth: ArrayLike, *, match: ArrayLike, sign: ArrayLike | None = None
) -> LoadingRecovery:
    """Score each true program's features by the loadings of the component matched to its factor.

    The match comes from the factors (:func:`factor_recovery`), never from the loadings themselves: matched on their
    own, factors and loadings can be credited to different components. Support and size are different questions: a
    graded estimate of a yes-or-no program can have AUROC 1 and a Pearson correlation of 0.63.

    Parameters
    ----------
    estimate
        Estimated loadings, features x K. The assignment compares a feature's loadings across components, so bring
        these to one scale first, for example times the total of the component's factor.
    truth
        True loadings, features x L, rows in the same order. A program is where they are above 0; if it has loadings
        of both signs, where they are not 0, and then the estimate is ranked by absolute value.
    match
        Column of the estimate matched to each true factor, -1 for none: its loadings count as all equal.
    sign
        Sign of each match, by which the estimate is multiplied; by default 1.

    Returns
    -------
    Scores per true factor and of the assignment of features to factors.

    Examples
    --------
    >>> import numpy as np
    >>> truth = np.repeat(np.eye(2), 3, axis=0)
    >>> result = loading_recovery(truth[:, ::-1] * 4 + 1, truth, match=[1, 0])
    >>> result.auroc, result.precision_at_support, result.assignment_accuracy
    (array([1., 1.]), array([1., 1.]), 1.0)
    """
    truth, estimate = in_one_order(truth=truth, estimate=estimate)
    truth, match, sign = in_one_order(axis=1, truth=truth, match=match, sign=sign)
    estimate, truth = matrix("estimate", estimate), matrix("truth", truth)
    n_features, n_factors = same_length(estimate=estimate, truth=truth), truth.shape[1]
    columns = _columns("match", match, n_factors, range(-1, estimate.shape[1]))
    signs = np.ones(n_factors) if sign is None else _columns("sign", sign, n_factors, range(-1, 2))
    scores = np.zeros((n_factors, 3))
    support_size = np.zeros(n_factors, np.int64)
    for k, column in enumerate(columns):
        ranking = np.zeros(n_features) if column < 0 else estimate[:, column] * signs[k]
        scores[k], support_size[k] = _program(ranking, truth[:, k])
    assigned = main_factor(truth)
    known = assigned >= 0
    accuracy, ari = _assignment(_largest(estimate, columns, signs)[known], columns[assigned[known]], assigned[known])
    return LoadingRecovery(
        auroc=scores[:, 0],
        average_precision=scores[:, 1],
        precision_at_support=scores[:, 2],
        support_size=support_size,
        scored=(support_size > 0) & (support_size < n_features),
        assignment_accuracy=accuracy,
        assignment_ari=ari,
        n_assigned=int(np.count_nonzero(known)),
        n=n_features,
    )


def _columns(name: str, values: ArrayLike, n_factors: int, allowed: range) -> np.ndarray:
    array = as_array(name, values)
    if array.shape != (n_factors,) or array.dtype.kind not in "iu" or not np.isin(array, allowed).all():
        msg = f"{name} must hold {n_factors} whole numbers from {allowed[0]} to {allowed[-1]}, got {_validate.shown(array.tolist())}"
        raise ValueError(msg)
    return array


def _program(ranking: np.ndarray, loadings: np.ndarray) -> tuple[tuple[float, float, float], int]:
    signed, support = loadings.min() < 0, program(loadings)
    size = int(np.count_nonzero(support))
    if size in (0, len(support)):
        return (np.nan, np.nan, np.nan), size
    return ranking_scores(np.abs(ranking) if signed else ranking, support), size


def program(loadings: np.ndarray) -> np.ndarray:
    """Which features are in the program of a factor with these loadings."""
    return np.asarray(loadings != 0 if loadings.min() < 0 else loadings > 0)


def _largest(estimate: np.ndarray, match: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Column of each feature's largest loading, after turning the matched columns to the truth's sign."""
    turned = estimate.copy()
    turned[:, match[match >= 0]] *= signs[match >= 0]
    return np.where(np.ptp(turned, axis=1) + np.abs(turned).max(axis=1) > 0, turned.argmax(axis=1), -1)


def _assignment(largest: np.ndarray, expected: np.ndarray, assigned: np.ndarray) -> tuple[float, float]:
    from sklearn.metrics import adjusted_rand_score

    n_groups = len(np.unique(assigned))
    accuracy = float(np.mean((largest == expected) & (expected >= 0))) if n_groups else np.nan
    return accuracy, float(adjusted_rand_score(assigned, largest)) if n_groups > 1 else np.nan
