"""A shape that falls with the mean of a feature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from spsim import _validate
from spsim._recipe import Recipe, as_recipe
from spsim.likelihoods._base import Likelihood

# Shapes that single precision and the distribution functions hold, whatever the mean.
SMALLEST, LARGEST = 1e-6, 1e12
MOST_SLOPE = 10.0


@dataclass(frozen=True, kw_only=True)
class Trend(Recipe):
    r"""A negative binomial's shape per feature, which depends on the feature's mean over all observations.

    .. math:: r_j = r \, (\bar\mu_j / m)^{-s}

    Parameters
    ----------
    shape
        The shape r of a feature with mean m.
    slope
        s: by how much the logarithm of the shape falls when that of the mean rises; 0 gives all features the shape r.
    at
        The mean m.

    Raises
    ------
    ValueError
        A value out of range.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> trend = sps.likelihoods.Trend(shape=10, slope=0.5)
    >>> likelihood = sps.likelihoods.NegativeBinomial(shape=trend)
    >>> mdata = sps.datasets.quilt(n_side=12, n_spatial=20, n_flat=20, likelihood=likelihood)
    >>> [round(float(s), 1) for s in mdata["rna"].var.groupby("kind", observed=True)["shape"].mean()]
    [3.5, 22.4]
    """

    shape: float = field(default=10.0, kw_only=False)
    slope: float = 0.5
    at: float = 1.0

    def __post_init__(self) -> None:
        for name in ("shape", "at"):
            object.__setattr__(self, name, _validate.real(name, getattr(self, name), above=0, at_most=LARGEST))
        object.__setattr__(self, "slope", _validate.real("slope", self.slope, at_least=-MOST_SLOPE, at_most=MOST_SLOPE))

    def shapes(self, means: np.ndarray) -> np.ndarray:
        """Return the shape of each feature, float32; one that is never expressed has that of the mean m."""
        at = np.where(means > 0, means, self.at)
        with np.errstate(over="ignore", under="ignore"):
            shapes = self.shape * (at / self.at) ** -self.slope
        return np.clip(shapes, SMALLEST, LARGEST).astype(np.float32)


def as_trend(value: object) -> object:
    """Return the trend that a mapping describes, anything else as it is."""
    return as_recipe("shape", value, Trend) if isinstance(value, Mapping) else value


def resolved_shapes(likelihood: Likelihood, means: Callable[[], np.ndarray]) -> np.ndarray | None:
    """Return the shape of each feature where a trend gives it, from the features' means; else None."""
    trend = getattr(likelihood, "shape", None)
    # Without a slope there is one shape, as if there were no trend.
    return trend.shapes(means()) if isinstance(trend, Trend) and trend.slope else None


def with_shapes(likelihood: Likelihood, shapes: np.ndarray) -> Likelihood:
    """Return a likelihood with these shapes of features."""
    return replace(likelihood, shape=shapes.tolist())  # type: ignore[call-arg]
