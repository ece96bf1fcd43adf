"""How well the responses of programs to perturbations are recovered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim._random import RNGLike
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import matrix, pearson, same_length
from spsim.metrics._chance import Chance, chance_level
from spsim.metrics._matched_programs import checked_match
from spsim.metrics._sampling import generator


@dataclass(frozen=True, kw_only=True, eq=False)
class ResponseRecovery:
    """What :func:`response_recovery` found."""

    scores: dict[str, float]
    """``pearson`` and ``pearson_centred``; NaN where the truth does not vary, or not between conditions."""
    mean_effect: dict[str, float]
    """The same of the mean true response in place of each: what a method must beat."""
    chance: Chance | None
    """The same, in their order, over estimates whose conditions are permuted; None without draws."""
    per_program: np.ndarray
    """Pearson correlation over conditions of each true program; 0 for one that was not found, or does not vary."""
    n: int
    """Number of conditions."""


def response_recovery(
    estimate: ArrayLike,
    truth: ArrayLike,
    *,
    match: ArrayLike | None = None,
    sign: ArrayLike | None = None,
    n_draws: int = 100,
    rng: RNGLike = 0,
) -> ResponseRecovery:
    r"""Score estimated responses of programs to perturbations against the true ones.

    With responses R of conditions c and programs k: ``pearson`` is the correlation over all pairs (c, k),
    ``pearson_centred`` the same of :math:`R_{ck} - \operatorname{mean}_c R_{ck}`, which is not helped by what all
    perturbations have in common.

    Parameters
    ----------
    estimate
        Conditions x estimated programs, relative to the control. Programs should be in one unit, which the correlation over
        pairs does not take out.
    truth
        Conditions x true programs, rows in the same order.
    match
        Estimated program of each true one, -1 where there is none: its responses count as 0. By default programs are in the
        same order.
    sign
        -1 where a matched program is turned around, 0 where it is worth nothing; 1 by default.
    n_draws
        Draws of permuted conditions for chance; 0 for none.
    rng
        Seed of the draws.

    Returns
    -------
    Scores, those of the mean response, and chance.

    Raises
    ------
    ValueError
        If numbers of conditions differ, or the match does not fit.

    Examples
    --------
    >>> truth = [[1, 0], [0, -1], [1, 1]]
    >>> found = response_recovery(truth, truth)
    >>> {name: round(score, 2) for name, score in found.scores.items()}, round(found.mean_effect["pearson"], 2)
    ({'pearson': 1.0, 'pearson_centred': 1.0}, 0.45)
    """
    truth, estimate = in_one_order(truth=truth, estimate=estimate)
    truth, match, sign = in_one_order(axis=1, truth=truth, match=match, sign=sign)
    true, given = matrix("truth", truth).astype(np.float64), matrix("estimate", estimate).astype(np.float64)
    n_conditions = same_length(truth=true, estimate=given)
    places, signs = checked_match(given.shape[1], true.shape[1], match, sign)
    own = np.where(places >= 0, given[:, places] * signs, 0.0)
    mean, random = np.broadcast_to(true.mean(axis=0), true.shape), generator(rng)
    n_draws = _validate.whole("n_draws", n_draws)
    draws = [own[random.permutation(n_conditions)] for _ in range(n_draws)]
    return ResponseRecovery(
        scores=_scores(own, true),
        mean_effect=_scores(mean, true),
        chance=chance_level(lambda draw: np.array(list(_scores(draw, true).values())), draws) if n_draws else None,
        per_program=np.array([_correlation(own[:, k], true[:, k]) for k in range(true.shape[1])]),
        n=n_conditions,
    )


def _scores(estimate: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    # Asked of the truth as it is: once a mean that is not exact is taken out, what is left is rounding, not 0.
    varies, differs = bool((truth != truth[0, 0]).any()), bool((truth != truth[0]).any())
    centred = estimate - estimate.mean(axis=0), truth - truth.mean(axis=0)
    return {
        "pearson": _correlation(estimate.ravel(), truth.ravel()) if varies else float("nan"),
        "pearson_centred": _correlation(*(values.ravel() for values in centred)) if differs else float("nan"),
    }


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    return float(pearson(first[:, None], second[:, None])[0, 0])
