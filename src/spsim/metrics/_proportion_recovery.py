"""How well the shares of cell types in mixtures of cells are recovered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import NEARLY_CONSTANT, matrix, non_negative, same_length, same_width, unit_columns

# synthspot calls a type present in a spot from this share on.
PRESENT = 0.005


@dataclass(frozen=True, kw_only=True, eq=False)
class ProportionRecovery:
    """What :func:`proportion_recovery` found."""

    overall: dict[str, float]
    """``rmse``, ``jensen_shannon``, ``jensen_shannon_divergence``, ``r2``, ``pearson`` and ``aupr``."""
    per_type: dict[str, np.ndarray]
    """``rmse``, ``r2``, ``pearson`` and ``aupr`` of each type; the last is NaN for a type that is in no spot."""
    per_spot: dict[str, np.ndarray]
    """``rmse``, ``jensen_shannon``, ``jensen_shannon_divergence`` and ``pearson`` of each spot."""
    constant: np.ndarray
    """Types whose true share does not vary: they are in no mean of ``r2`` and ``pearson``."""
    n: int
    """Number of spots."""


def proportion_recovery(estimate: ArrayLike, truth: ArrayLike, *, presence: float = PRESENT) -> ProportionRecovery:
    r"""Score estimated shares of cell types against the true ones.

    Rows are divided by their sums first, so abundances will do; a row of zeros stays one.

    Parameters
    ----------
    estimate
        Shares or abundances, spots x types, not negative.
    truth
        True shares or numbers of cells, of the same shape; each spot holds something.
    presence
        True share from which on a type is present in a spot.

    Returns
    -------
    ``rmse``
        root mean squared error over spots and types;
    ``jensen_shannon``, ``jensen_shannon_divergence``
        mean over spots of the Jensen-Shannon distance, the square root of the divergence, and of the divergence itself,
        both with logarithms to base 2, so that the largest is 1; an estimate of zeros has 1;
    ``r2``, ``pearson``
        means over the types whose true share varies of :math:`1 - \text{RSS} / \text{TSS}` and of the correlation over
        spots (0 where the estimate is constant);
    ``aupr``
        average precision of the presence of a type in a spot, over all pairs of both.

    Raises
    ------
    ValueError
        If shapes differ, there are fewer than two spots, an entry is negative or not finite, or a true row is all zeros.

    Examples
    --------
    >>> result = proportion_recovery([[3, 1], [0, 5], [1, 1]], [[1, 1], [0, 1], [1, 1]])
    >>> round(result.overall["rmse"], 3), result.overall["aupr"]
    (0.144, 1.0)

    References
    ----------
    .. [1] Li et al. (2022), Benchmarking spatial and single-cell transcriptomics integration methods for transcript
       distribution prediction and cell type deconvolution, Nature Methods 19, 662-670.
    .. [2] Sang-Aram et al. (2024), Spotless, a reproducible pipeline for benchmarking cell type deconvolution in spatial
       transcriptomics, eLife 12, RP88431.
    """
    from scipy.spatial.distance import jensenshannon

    presence = _validate.fraction("presence", presence)
    for axis in (0, 1):
        truth, estimate = in_one_order(axis=axis, truth=truth, estimate=estimate)
    for axis in (0, 1):
        truth, estimate = in_one_order(axis=axis, truth=truth, estimate=estimate)
    given, true = non_negative("estimate", matrix("estimate", estimate)), non_negative("truth", matrix("truth", truth))
    n_spots = same_length(estimate=given, truth=true)
    same_width(estimate=given, truth=true)
    if n_spots < 2:
        msg = f"estimate and truth must hold at least 2 spots, got {n_spots}"
        raise ValueError(msg)
    n_empty = int(np.count_nonzero(~true.any(axis=1)))
    if n_empty:
        msg = f"truth must hold something in each spot, got {n_empty} spots of zeros: leave them out of estimate and truth"
        raise ValueError(msg)
    given, true = shares(given), shares(true)
    error = given - true
    distance = np.ones(n_spots)
    held = given.any(axis=1)
    with np.errstate(invalid="ignore"):  # rounding may leave a divergence of less than nothing
        distance[held] = np.nan_to_num(jensenshannon(given[held], true[held], base=2, axis=1))
    # Equal rows differ by rounding only, of which a root would make something.
    distance[np.abs(error).max(axis=1) < NEARLY_CONSTANT] = 0.0
    constant = np.ptp(true, axis=0) <= NEARLY_CONSTANT
    per_type = {
        "rmse": _rms(error, axis=0),
        "r2": _r2(error, true, constant),
        "pearson": _correlation(given, true),
        "aupr": np.array([_aupr(given[:, [k]], true[:, [k]] >= presence) for k in range(true.shape[1])]),
    }
    per_spot = {
        "rmse": _rms(error, axis=1),
        "jensen_shannon": distance,
        "jensen_shannon_divergence": distance**2,
        "pearson": _correlation(given.T, true.T),
    }
    overall = {
        "rmse": float(np.sqrt(np.mean(error**2))),
        "jensen_shannon": float(distance.mean()),
        "jensen_shannon_divergence": float(np.mean(distance**2)),
        "r2": _mean(per_type["r2"][~constant]),
        "pearson": _mean(per_type["pearson"][~constant]),
        "aupr": _aupr(given, true >= presence),
    }
    return ProportionRecovery(overall=overall, per_type=per_type, per_spot=per_spot, constant=constant, n=n_spots)


def shares(values: np.ndarray) -> np.ndarray:
    """Divide rows by their sums, of whatever size; rows of zeros stay zeros."""
    largest = values.max(axis=1, keepdims=True)
    scaled = values / np.where(largest > 0, largest, 1.0)
    totals = scaled.sum(axis=1, keepdims=True)
    return np.asarray(scaled / np.where(totals > 0, totals, 1.0))


def _rms(error: np.ndarray, *, axis: int) -> np.ndarray:
    return np.asarray(np.sqrt(np.mean(error**2, axis=axis)))


def _r2(error: np.ndarray, true: np.ndarray, constant: np.ndarray) -> np.ndarray:
    """1 - RSS / TSS of each type; a constant type is 1 if it is right and 0 if not, as scikit-learn has it."""
    total = np.sum((true - true.mean(axis=0)) ** 2, axis=0)
    left = np.sum(error**2, axis=0)
    exact = np.abs(error).max(axis=0) <= NEARLY_CONSTANT
    return np.where(constant, exact, 1 - left / np.where(constant, 1.0, total))


def _correlation(given: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Correlation of each column with its own; 0 where one is constant."""
    return np.clip(np.einsum("ij,ij->j", unit_columns(given)[0], unit_columns(true)[0]), -1, 1)


def _aupr(given: np.ndarray, present: np.ndarray) -> float:
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(present.ravel(), given.ravel())) if present.any() else np.nan


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else 0.0
