"""What the shape of a likelihood is multiplied with, spot by spot."""

from __future__ import annotations

import numpy as np

from spsim.likelihoods import CountLikelihood, Likelihood
from spsim.likelihoods._shape import ShapedLikelihood


def checked_shape_scales(scales: np.ndarray | None, likelihood: Likelihood, n_spots: int) -> np.ndarray | None:
    """Return one number above 0 per spot, if any, for a likelihood that has a shape."""
    if scales is None:
        return None
    if not isinstance(likelihood, ShapedLikelihood):
        msg = f"shape_scales must be None for {likelihood!r}; a likelihood with a shape is NegativeBinomial(shape=10)"
        raise TypeError(msg)
    values = np.asarray(scales, np.float64)
    if values.shape != (n_spots,):
        msg = f"shape_scales must have one value per spot, shape {(n_spots,)}, got shape {values.shape}"
        raise ValueError(msg)
    # NaN fails this too. Below the smallest normal number the reciprocal of a shape would be infinite.
    wrong = values[~(values * np.min(likelihood.shapes) >= np.finfo(np.float64).tiny)]
    if len(wrong):
        msg = f"shape_scales must be above 0, and so must the shapes of {likelihood!r} times them, got {wrong[0]}"
        raise ValueError(msg)
    return values


def of_entries(likelihood: CountLikelihood, features: np.ndarray, scales: np.ndarray | None) -> CountLikelihood:
    """Return the distributions of entries of these features, with their shapes scaled if there is anything to scale."""
    taken = likelihood.take(features)
    return taken if scales is None else taken.scaled(scales)  # type: ignore[attr-defined]
