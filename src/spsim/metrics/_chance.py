"""The range a score can have: what chance gives and what a perfect method could reach."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim._random import RNGLike
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import matrix, numbers, real_array, same_length, truth_values, unit_columns
from spsim.metrics._factor_recovery import matched_correlation
from spsim.metrics._nulls import smooth_null


@dataclass(frozen=True, kw_only=True, eq=False)
class Chance:
    """Distribution of a score over draws of a null."""

    mean: np.ndarray
    """Mean over the draws, of the score's own shape."""
    p95: np.ndarray
    """95th percentile over the draws."""
    draws: np.ndarray
    """Every draw's score, draws first."""
    n_draws: int
    """Number of draws."""


def chance_level(score: Callable[[np.ndarray], ArrayLike], nulls: Iterable[np.ndarray]) -> Chance:
    """Chance level of any score of an embedding.

    Parameters
    ----------
    score
        Function of an estimate that returns a number or an array, for example
        ``lambda estimate: variance_recovered(estimate, truth)``.
    nulls
        Unrelated estimates, from :func:`smooth_null`, :func:`toroidal_shift_null`, :func:`matched_variogram_null` or,
        without places, :func:`permutation_null`. White noise would make every smooth but unrelated estimate look good.

    Returns
    -------
    Mean, 95th percentile and all draws of the score.

    Examples
    --------
    >>> import numpy as np
    >>> from spsim.metrics import toroidal_shift_null, variance_recovered
    >>> line = np.arange(50.0)[:, None]
    >>> nulls = toroidal_shift_null(line, line, n_draws=200)
    >>> chance = chance_level(lambda null: variance_recovered(null, line), nulls)
    >>> chance.mean.round(1), chance.p95.shape, chance.n_draws
    (array([0.2]), (1,), 200)
    """
    if not callable(score):
        msg = f"score must be a function of an array, got {_validate.shown(score)}"
        raise TypeError(msg)
    if not np.iterable(nulls):
        msg = f"nulls must be several arrays, got {_validate.shown(nulls)}"
        raise TypeError(msg)
    _check_call(score)
    drawn = [numbers("what score returns", score(null)) for null in nulls]
    if not drawn:
        msg = "nulls must hold at least one draw, got none"
        raise ValueError(msg)
    shapes = list(dict.fromkeys(values.shape for values in drawn))
    if len(shapes) > 1:
        msg = f"score must return a number, or arrays of one shape, for every draw, got shapes {_validate.listing(shapes)}"
        raise ValueError(msg)
    draws = np.array(drawn)
    return Chance(mean=draws.mean(axis=0), p95=np.quantile(draws, 0.95, axis=0), draws=draws, n_draws=len(draws))


def _check_call(score: Callable[[np.ndarray], ArrayLike]) -> None:
    """Refuse a function that cannot be called with one array."""
    try:
        signature = inspect.signature(score)
    except (TypeError, ValueError):  # functions in C need not tell
        return
    try:
        signature.bind(None)
    except TypeError as error:
        msg = (
            f"score must be a function of one array, the estimate, got one that takes {signature}: fix what else it needs, "
            "as in lambda estimate: variance_recovered(estimate, truth)"
        )
        raise TypeError(msg) from error


def factor_chance(
    estimate: ArrayLike,
    truth: ArrayLike,
    coordinates: ArrayLike | None,
    *,
    groups: ArrayLike | None = None,
    n_draws: int = 100,
    rng: RNGLike = 0,
) -> Chance:
    """Score that an unrelated estimate, as smooth as the given one, reaches in :func:`factor_recovery`.

    Parameters
    ----------
    estimate
        Components, spots x K.
    truth
        True factors, spots x L, rows in the same order.
    coordinates
        Spots x dimensions, rows in the same order; they choose the null (:func:`null_of`). None for observations
        without places.
    groups
        One label per spot (slice, sample): values stay within their group.
    n_draws
        Draws of the null; each costs one match.
    rng
        Seed.

    Returns
    -------
    Chance of ``score``, one entry per true factor, NaN where it is constant. The 95th percentile of the worst factor is
    ``np.quantile(chance.draws.min(axis=1), 0.95)``. One map shows little of its longest waves, so unrelated smooth
    estimates were measured to pass their 95th percentile in 9 to 14 of 100 cases, not 5: read a score just above it
    as chance.

    Examples
    --------
    >>> import numpy as np
    >>> grid = np.indices((12, 12)).reshape(2, -1).T
    >>> truth = np.column_stack([grid[:, 0] < 6, grid[:, 1] < 4])
    >>> (factor_chance(truth, truth, grid, n_draws=50).mean > 0.3).all()
    np.True_
    """
    truth, estimate, coordinates, groups = in_one_order(
        truth=truth, estimate=estimate, coordinates=coordinates, groups=groups
    )
    estimated, true = matrix("estimate", estimate), matrix("truth", truth)
    placed = {} if coordinates is None else {"coordinates": matrix("coordinates", coordinates)}
    same_length(estimate=estimated, truth=true, **placed)
    columns, target = unit_columns(estimated)[0], unit_columns(true)[0]
    # A null rearranges the values of each column, so its columns keep mean 0 and length 1.
    nulls = smooth_null(columns, coordinates, groups=groups, n_draws=n_draws, rng=rng)
    return chance_level(lambda null: matched_correlation(null, target), nulls)


def factor_ceiling(visible: ArrayLike, *, chance: ArrayLike = 0.0) -> np.ndarray:
    """Score of a perfect method that sees some true factors only.

    Parameters
    ----------
    visible
        Boolean, one entry per true factor: whether a modality the method was given loads it.
    chance
        Score that is left for a factor it cannot see, one number or one per factor: at least :func:`factor_chance`, and
        more where what it sees, together with unrelated components, explains more.

    Returns
    -------
    1 for visible factors, what is left for the others.

    Examples
    --------
    >>> factor_ceiling([True, False, True], chance=[0.2, 0.3, 0.2])
    array([1. , 0.3, 1. ])
    """
    visible, chance = in_one_order(visible=visible, chance=chance)
    seen = truth_values("visible", visible)
    if seen.dtype != np.bool_ or seen.ndim != 1:
        msg = f"visible must be a boolean vector, got dtype {seen.dtype} and shape {seen.shape}"
        raise TypeError(msg)
    level = real_array("chance", chance)
    if level.shape not in ((), seen.shape):
        msg = f"chance must be one number or have shape {seen.shape} like visible, got {level.shape}"
        raise ValueError(msg)
    return np.where(seen, 1.0, level)
