"""Whether a method's shared block holds what is private to a modality, and the reverse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim._random import RNGLike
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import block, same_length, unit_columns
from spsim.metrics._sampling import generator


@dataclass(frozen=True, kw_only=True, eq=False)
class FactorLeakage:
    """What :func:`factor_leakage` found: held-out R2 of each true factor from a block, 0 to 1."""

    private_in_shared: np.ndarray
    """Private factors from the shared block."""
    private_floor: np.ndarray
    """Private factors from the true shared factors: what a perfect shared block gives away already."""
    private_in_private: np.ndarray
    """Private factors from the private block, where they belong."""
    shared_in_private: np.ndarray
    """Shared factors from the private block."""
    shared_floor: np.ndarray
    """Shared factors from the true private factors."""
    shared_in_shared: np.ndarray
    """Shared factors from the shared block, where they belong."""
    into_shared: float
    """Mean over private factors of the leak above the floor, (R2 - floor) / (1 - floor) cut at 0; lower is better."""
    into_private: float
    """Mean over shared factors of the same."""
    n: int
    """Number of spots."""


def factor_leakage(
    shared: ArrayLike,
    private: ArrayLike,
    shared_truth: ArrayLike,
    private_truth: ArrayLike,
    *,
    n_folds: int = 5,
    rng: RNGLike = 0,
) -> FactorLeakage:
    r"""Measure how much of one block's truth can be predicted from the other block, for one modality.

    Each true factor is regressed linearly on a block; the coefficients come from the other folds, so columns that fit
    noise earn nothing:

    .. math:: R^2_k = 1 - \frac{\sum_i (F_{ik} - \hat F_{ik})^2}{\sum_i (F_{ik} - \bar F_k)^2}, \text{ at least } 0.

    True factors are not independent of each other (disjoint domains exclude each other), so even a perfect shared
    block predicts something of the private truth: that floor is measured and taken off.

    Parameters
    ----------
    shared
        The method's shared components, spots x K; K may be 0.
    private
        The method's components private to the modality, spots x M; M may be 0.
    shared_truth
        True factors that several modalities load.
    private_truth
        True factors that only this modality loads.
    n_folds
        Folds of the cross-validation.
    rng
        Seed of the folds. They are drawn at random, not in blocks of space: a smooth but unrelated block keeps some
        R2, which a smooth null (:func:`chance_level`) measures.

    Returns
    -------
    R2 per true factor for both blocks, with floors, and the two mean leaks (0 where there is no such factor). Factors that
    are constant have no R2: it is NaN, and the means leave them out.

    Examples
    --------
    >>> import numpy as np
    >>> truth = np.random.default_rng(0).normal(size=(200, 2))
    >>> clean = factor_leakage(truth[:, :1], truth[:, 1:], truth[:, :1], truth[:, 1:])
    >>> mixed = factor_leakage(truth, truth[:, 1:], truth[:, :1], truth[:, 1:])
    >>> round(clean.into_shared, 2), round(mixed.into_shared, 2), round(mixed.into_private, 2)
    (0.0, 1.0, 0.0)
    """
    shared_truth, private_truth, shared, private = in_one_order(
        shared_truth=shared_truth, private_truth=private_truth, shared=shared, private=private
    )
    named = {"shared": shared, "private": private, "shared_truth": shared_truth, "private_truth": private_truth}
    blocks = {name: block(name, values) for name, values in named.items()}
    n_spots = same_length(**blocks)
    if _validate.whole("n_folds", n_folds, at_least=2) > n_spots:
        msg = f"n_folds must be at most the number of spots, {n_spots}, got {n_folds}"
        raise ValueError(msg)
    columns = {name: unit_columns(values)[0] for name, values in blocks.items()}
    folds = generator(rng).permutation(np.arange(n_spots) % n_folds)

    def predicted(target: str, source: str) -> np.ndarray:
        return held_out_r2(columns[source], columns[target], folds)

    private_in_shared, private_floor = (predicted("private_truth", name) for name in ("shared", "shared_truth"))
    shared_in_private, shared_floor = (predicted("shared_truth", name) for name in ("private", "private_truth"))
    return FactorLeakage(
        private_in_shared=private_in_shared,
        private_floor=private_floor,
        private_in_private=predicted("private_truth", "private"),
        shared_in_private=shared_in_private,
        shared_floor=shared_floor,
        shared_in_shared=predicted("shared_truth", "shared"),
        into_shared=_above_floor(private_in_shared, private_floor),
        into_private=_above_floor(shared_in_private, shared_floor),
        n=n_spots,
    )


def held_out_r2(source: np.ndarray, target: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """R2 of each column of ``target`` predicted from ``source`` by folds, cut at 0; NaN for constant columns."""
    design = np.column_stack([np.ones(len(source)) / np.sqrt(len(source)), source])
    residual = np.empty_like(target)
    for fold in np.unique(folds):
        test = folds == fold
        coefficients = np.linalg.lstsq(design[~test], target[~test], rcond=None)[0]
        residual[test] = target[test] - design[test] @ coefficients
    variance = np.einsum("ij,ij->j", target, target)
    explained = variance - np.einsum("ij,ij->j", residual, residual)
    return np.clip(np.divide(explained, variance, out=np.full_like(variance, np.nan), where=variance > 0), 0, 1)


def _above_floor(r2: np.ndarray, floor: np.ndarray) -> float:
    if not len(r2):
        return 0.0
    r2, floor = r2[~np.isnan(r2)], floor[~np.isnan(r2)]
    if not len(r2):
        return float("nan")
    room = 1 - floor
    return float(np.mean(np.divide(np.maximum(r2 - floor, 0), room, out=np.zeros_like(r2), where=room > 0)))
