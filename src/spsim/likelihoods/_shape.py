"""A shape that all features share, or one shape per feature."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from spsim._validate import positive, shown
from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._trend import Trend, as_trend

_MOST_PRINTED = 6
# Beyond, shape / (shape + mean) loses the digits of the mean; the variance differs from Poisson's by a part in 1e12.
MOST_SHAPE = 1e12


class Shapes(tuple[float, ...]):
    """Shapes of features; prints its first ones only."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return a tuple's text, shortened in the middle."""
        if len(self) <= _MOST_PRINTED:
            return super().__repr__()
        first = ", ".join(repr(value) for value in self[: _MOST_PRINTED - 1])
        return f"({first}, ..., {self[-1]!r}; {len(self)} values)"


@dataclass(frozen=True, kw_only=True)
class ShapedLikelihood(CountLikelihood):
    """A count likelihood with the shape of a negative binomial."""

    shape: float | Sequence[float] | Trend = field(default=10.0, kw_only=False)

    def __post_init__(self) -> None:
        """Check and freeze the shape."""
        object.__setattr__(self, "shape", frozen_shape(self.shape))

    def variants(self, n_features: int) -> tuple[np.ndarray, np.ndarray]:
        """Group features by shape."""
        if not isinstance(self.shape, tuple):
            return super().variants(n_features)
        if len(self.shape) != n_features:
            msg = f"shape must have one value per feature ({n_features}), got {len(self.shape)} values"
            raise ValueError(msg)
        _, first, variant = np.unique(self.shapes, return_index=True, return_inverse=True)
        return first, variant

    def take(self, elements: np.ndarray) -> ShapedLikelihood:
        """Put the shape of each chosen element in the place of the shape of each feature."""
        return self._with_shapes(self.shapes.take(elements)) if isinstance(self.shapes, np.ndarray) else self

    def scaled(self, scales: np.ndarray) -> ShapedLikelihood:
        """Multiply the shapes, element by element."""
        return self._with_shapes(self.shapes * scales)

    @cached_property
    def shapes(self) -> np.ndarray | float:
        """The shape, or an array of shapes that broadcasts against arrays of features in their last axis."""
        if isinstance(self.shape, tuple):
            return np.asarray(self.shape, np.float64)
        # Of a trend that no means have settled yet: the shape at its middle.
        return float(self.shape.shape if isinstance(self.shape, Trend) else self.shape)  # type: ignore[arg-type]

    def _with_shapes(self, shapes: np.ndarray) -> ShapedLikelihood:
        changed = copy(self)
        changed.__dict__["shapes"] = shapes
        return changed


def frozen_shape(shape: object) -> float | Shapes | Trend:
    """Return one shape as float, several as a tuple of floats of single precision (what a data set stores)."""
    shape = as_trend(shape)
    if isinstance(shape, Trend):
        return shape
    if isinstance(shape, Sequence | np.ndarray) and not isinstance(shape, str):
        is_nested = (
            shape.ndim != 1
            if isinstance(shape, np.ndarray)
            else any(np.iterable(item) and not isinstance(item, str) for item in shape)
        )
        if is_nested or not len(shape):
            msg = f"shape must be one number or one number per feature, got {shown(shape)}"
            raise ValueError(msg)
        # An item of an array knows Python's number types.
        values = shape.tolist() if isinstance(shape, np.ndarray) else shape
        return Shapes(_single(usable_shape("shape", value)) for value in values)
    return usable_shape("shape", shape)


def usable_shape(name: str, shape: object) -> float:
    """Return a shape that is no larger than distribution functions can tell from the Poisson limit, or that limit."""
    value = positive(name, shape)
    if MOST_SHAPE < value < np.inf:
        msg = f"{name} must be at most {MOST_SHAPE:g}, or math.inf for the Poisson limit, got {value:g}"
        raise ValueError(msg)
    return value


def _single(value: float) -> float:
    """Round to single precision, which may make nothing of a tiny one."""
    return positive("shape", float(np.float32(value)))


def negative_binomial_cdf(mean: np.ndarray | float, shape: np.ndarray | float, count: np.ndarray) -> np.ndarray:
    r"""Return :math:`P(Y \le k)` element by element, as a regularised incomplete beta function."""
    from scipy.special import betainc, gammaincc

    limit, finite = _limit(shape)
    above = np.asarray(count) + 1.0
    if limit is None:
        return betainc(finite, above, finite / (finite + mean))
    if np.ndim(limit) == 0:
        return gammaincc(above, mean)
    return np.where(limit, gammaincc(above, mean), betainc(finite, above, finite / (finite + mean)))


def negative_binomial_survival(mean: np.ndarray | float, shape: np.ndarray | float, count: np.ndarray) -> np.ndarray:
    r"""Return :math:`P(Y > k)` element by element, as a regularised incomplete beta function."""
    from scipy.special import betainc, gammainc

    limit, finite = _limit(shape)
    above = np.asarray(count) + 1.0
    if limit is None:
        return betainc(above, finite, mean / (finite + mean))
    if np.ndim(limit) == 0:
        return gammainc(above, mean)
    return np.where(limit, gammainc(above, mean), betainc(above, finite, mean / (finite + mean)))


def _limit(shape: np.ndarray | float) -> tuple[np.ndarray | bool | None, np.ndarray | float]:
    """Return where the Poisson limit is meant, if anywhere, and shapes that are finite there as well."""
    infinite = np.isinf(shape)
    if not infinite.any():
        return None, shape
    return infinite, np.where(infinite, 1.0, shape)
