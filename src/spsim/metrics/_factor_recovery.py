"""Which true factor came back as which component, and how well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import matrix, same_length, unit_columns


@dataclass(frozen=True, kw_only=True, eq=False)
class FactorRecovery:
    """What :func:`factor_recovery` found, one entry per true factor unless said otherwise."""

    score: np.ndarray
    """Absolute Pearson correlation with the matched component, 0 to 1, higher is better."""
    one_sided: np.ndarray
    """Largest absolute correlation with any component: one component may serve several factors."""
    match: np.ndarray
    """Column of the matched component, -1 where there were too few components, or where the factor is constant."""
    sign: np.ndarray
    """Sign of the matched correlation: -1, 0 or 1."""
    unmatched: np.ndarray
    """Columns of the estimate that no true factor was matched to."""
    constant_truth: np.ndarray
    """True factors without variance: nothing can recover them, so their scores are NaN and the means leave them out."""
    constant_estimate: np.ndarray
    """Components without variance (one entry per component): they score 0."""
    correlation: np.ndarray
    """Signed correlations, true factors x components."""
    minimum: float
    """Smallest score: the worst recovered factor; NaN if all are constant."""
    mean: float
    """Mean score of the factors that vary; NaN if none does."""
    n: int
    """Number of spots."""
    loading_correlation: np.ndarray | None = None
    """Correlation of the loadings under the match of the factors, times ``sign``; None without loadings."""
    constant_loadings: np.ndarray | None = None
    """Factors whose true or matched loadings have no variance: ``loading_correlation`` is NaN (true ones) or 0
    there."""


def factor_recovery(
    estimate: ArrayLike,
    truth: ArrayLike,
    *,
    loadings: ArrayLike | None = None,
    true_loadings: ArrayLike | None = None,
) -> FactorRecovery:
    r"""Match estimated components to true factors one to one and score each factor.

    With :math:`C_{kl} = |\operatorname{Pearson}(F_k, F'_l)|` for true factors :math:`F` and components :math:`F'`,
    the Hungarian assignment :math:`H` maximises :math:`\sum_k C_{k,H(k)}`; factor :math:`k` scores
    :math:`C_{k,H(k)}`. The one-sided score :math:`\max_l C_{kl}` of [1]_ stands beside it: it lets one component serve
    two factors, so it hides a lost one.

    Parameters
    ----------
    estimate
        Components, spots x K. Any sign, scale and order.
    truth
        True factors, spots x L, rows in the same order.
    loadings
        Loadings of the components, features x K. Needs ``true_loadings``.
    true_loadings
        Loadings of the true factors, features x L, rows in the same order.

    Returns
    -------
    Scores, match and flags. A constant column correlates 0 with everything and is flagged. A constant component is
    worth nothing, but for a constant true factor there is nothing to recover: it gets no match, and its scores are NaN.
    Where K < L some factors stay unmatched: ``match`` -1, ``score`` 0.

    Raises
    ------
    ValueError
        If shapes disagree, an array is empty or not finite, or only one kind of loadings is given.

    Examples
    --------
    >>> import numpy as np
    >>> truth = np.eye(6)[:, :2]
    >>> result = factor_recovery(-3 * truth[:, ::-1], truth)
    >>> result.score, result.match, result.sign
    (array([1., 1.]), array([1, 0]), array([-1, -1]))

    References
    ----------
    .. [1] Townes and Engelhardt (2023), Nonnegative spatial factorization applied to spatial genomics,
       Nature Methods 20, 229-238.
    """
    truth, estimate = in_one_order(truth=truth, estimate=estimate)
    true_loadings, loadings = in_one_order(true_loadings=true_loadings, loadings=loadings)
    estimate, loadings = in_one_order(axis=1, estimate=estimate, loadings=loadings)
    truth, true_loadings = in_one_order(axis=1, truth=truth, true_loadings=true_loadings)
    estimate, truth = matrix("estimate", estimate), matrix("truth", truth)
    n_spots = same_length(estimate=estimate, truth=truth)
    estimated, constant_estimate = unit_columns(estimate)
    true, constant_truth = unit_columns(truth)
    correlation = np.clip(true.T @ estimated, -1, 1)
    similarity = only_varying(np.abs(correlation), true)
    match = match_columns(similarity)
    sign = np.sign(matched_values(correlation, match)).astype(np.int64)
    score = matched_values(similarity, match)
    loading_correlation, constant_loadings = _loadings(loadings, true_loadings, match, sign, correlation.shape)
    if loading_correlation is not None:
        loading_correlation = np.where(constant_truth, np.nan, loading_correlation)  # without a match
    return FactorRecovery(
        score=score,
        one_sided=similarity.max(axis=1),
        match=match,
        sign=sign,
        unmatched=np.setdiff1d(np.arange(estimate.shape[1]), match),
        constant_truth=constant_truth,
        constant_estimate=constant_estimate,
        correlation=correlation,
        minimum=_of_varying(np.min, score),
        mean=_of_varying(np.mean, score),
        n=n_spots,
        loading_correlation=loading_correlation,
        constant_loadings=constant_loadings,
    )


def matched_correlation(columns: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Absolute correlation of each target with its matched column, all with mean 0 and length 1; NaN for targets that are 0."""
    similarity = only_varying(np.abs(target.T @ columns), target)
    return np.minimum(matched_values(similarity, match_columns(similarity)), 1)


def only_varying(values: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Values of some targets, which come first, with NaN for those that are 0 and not of length 1: they do not vary."""
    varies = np.einsum("ij,ij->j", target, target) > 0.5
    return np.where(varies.reshape(-1, *[1] * (values.ndim - 1)), values, np.nan)


def match_columns(similarity: np.ndarray) -> np.ndarray:
    """Hungarian assignment: the column given to each row, -1 for rows that get none or hold NaN."""
    from scipy.optimize import linear_sum_assignment

    match = np.full(len(similarity), -1)
    there = np.flatnonzero(~np.isnan(similarity).any(axis=1))
    rows, columns = linear_sum_assignment(similarity[there], maximize=True)
    match[there[rows]] = columns
    return match


def matched_values(values: np.ndarray, match: np.ndarray) -> np.ndarray:
    """Each row's value in its matched column, 0 where there is none, NaN where the row holds NaN."""
    found = np.where(match < 0, 0.0, values[np.arange(len(match)), match])
    return np.where(np.isnan(values).any(axis=1), np.nan, found)


def _of_varying(summary: Callable[[np.ndarray], np.floating], score: np.ndarray) -> float:
    there = score[~np.isnan(score)]
    return float(summary(there)) if len(there) else float("nan")


def _loadings(
    loadings: ArrayLike | None,
    true_loadings: ArrayLike | None,
    match: np.ndarray,
    sign: np.ndarray,
    shape: tuple[int, ...],
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Loading correlation under a given match, with its flag."""
    if loadings is None and true_loadings is None:
        return None, None
    if loadings is None or true_loadings is None:
        msg = "loadings and true_loadings must be given together, got only one of them"
        raise ValueError(msg)
    loadings, true_loadings = matrix("loadings", loadings), matrix("true_loadings", true_loadings)
    same_length(loadings=loadings, true_loadings=true_loadings)
    if (true_loadings.shape[1], loadings.shape[1]) != shape:
        msg = (
            f"true_loadings and loadings must have {shape[0]} and {shape[1]} columns like truth and estimate, "
            f"got {true_loadings.shape[1]} and {loadings.shape[1]}"
        )
        raise ValueError(msg)
    estimated, constant_estimate = unit_columns(loadings)
    true, constant_truth = unit_columns(true_loadings)
    # F W' is unchanged when factor and loadings both change sign, hence the sign of the factor's match.
    return (
        matched_values(only_varying(np.clip(true.T @ estimated, -1, 1), true), match) * sign,
        constant_truth | (match >= 0) & constant_estimate[match],
    )
