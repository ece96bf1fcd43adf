"""Whether a measurement of a mean can be held: counts without rounding, values in single precision."""

from __future__ import annotations

import numpy as np

from spsim._validate import LARGEST
from spsim.likelihoods import ContinuousLikelihood, CountLikelihood, Likelihood
from spsim.sampling._thresholds import count_bounds

_ENDS = np.array([0, 2**64 - 1], np.uint64)


def check_extremes(likelihood: Likelihood, mean: float, n_features: int) -> None:
    """Refuse a largest mean, or a likelihood for it, of which some uniform gives a number that cannot be held."""
    if not mean <= LARGEST:
        msg = f"mean must be at most {LARGEST:g}, got {mean:g}"
        raise ValueError(msg)
    if isinstance(likelihood, CountLikelihood):
        feature, _ = likelihood.variants(n_features)
        count_bounds(likelihood.parts()[0].take(feature), np.full(len(feature), mean))
    elif isinstance(likelihood, ContinuousLikelihood):
        with np.errstate(over="ignore", invalid="ignore"):
            ends = likelihood.quantile(np.full(2, mean), _ENDS)
        if not (np.abs(ends) <= np.finfo(np.float32).max).all():
            msg = f"mean must be small enough for values in single precision, got {mean:g} with {likelihood}"
            raise ValueError(msg)
