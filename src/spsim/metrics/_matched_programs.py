"""Estimated programs in the place of the true ones that they were matched to."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim.metrics._arrays import vector


def checked_match(
    n_estimated: int, n_true: int, match: ArrayLike | None, sign: ArrayLike | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the estimated program of each true one, -1 for none, and the sign of each."""
    if match is None and n_estimated != n_true:
        msg = f"match must be given where truth and estimate have different programs, got {n_true} and {n_estimated}"
        raise ValueError(msg)
    places = np.arange(n_true) if match is None else vector("match", match).astype(np.intp)
    signs = np.ones(n_true) if sign is None else vector("sign", sign).astype(np.float64)
    for name, values in (("match", places), ("sign", signs)):
        if len(values) != n_true:
            msg = f"{name} must have one entry per true program ({n_true}), got {len(values)}"
            raise ValueError(msg)
    if places.min(initial=-1) < -1 or places.max(initial=-1) >= n_estimated:
        msg = f"match must hold positions of estimated programs, 0 to {n_estimated - 1}, or -1, got {_validate.listing(places.tolist())}"
        raise ValueError(msg)
    if not np.isin(signs, (-1, 0, 1)).all():
        msg = f"sign must hold -1, 0 and 1 only, got {_validate.listing(signs.tolist())}"
        raise ValueError(msg)
    given = places[places >= 0]
    _validate.unique("match", [str(place) for place in given])
    return places, signs


def aligned(
    estimate: np.ndarray, n_true: int, match: ArrayLike | None, sign: ArrayLike | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return a network between the true programs, and which of them were found; entries of the others mean nothing."""
    places, signs = checked_match(len(estimate), n_true, match, sign)
    larger = np.where(np.abs(estimate) >= np.abs(estimate.T), estimate, estimate.T)
    return larger[np.ix_(places, places)] * signs[:, None] * signs, places >= 0
