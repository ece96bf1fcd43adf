"""Which way to the counts is fastest; all ways give the same integers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from spsim._random import Stream
from spsim._validate import whole
from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._checks import check_count_likelihood, checked_classes, checked_means, checked_shape
from spsim.likelihoods._classes import ClassDraw
from spsim.likelihoods._slots import slot_tables
from spsim.likelihoods._squeeze import MeanDraw
from spsim.likelihoods._thresholds import canonical, count_bounds

# Beyond 64 tables of 128 KB they leave the cache; beyond 2**22 thresholds they take longer to build than to draw.
_MOST_TABLES = 64
_MOST_THRESHOLDS = 1 << 22


class Draw(Protocol):
    """Counts of a block of spots, drawn in groups of rows."""

    dtype: np.dtype

    def groups(self) -> list[tuple[int, int]]:
        """Return the row ranges to fill one after the other."""

    def fill(self, start: int, out: np.ndarray) -> None:
        """Write the counts of the rows from ``start`` on."""

    def expected_nonzeros(self) -> tuple[float, float]:
        """Return mean and standard deviation of the number of counts above 0, or zeros where unknown."""


def plan_classes(
    likelihood: CountLikelihood,
    means: np.ndarray,
    spot_class: np.ndarray,
    feature_class: np.ndarray,
    *,
    stream: Stream,
    first_spot: int,
) -> Draw:
    """Check the input; take slot tables for few distinct means, else the grid."""
    check_count_likelihood(likelihood)
    if np.ndim(means) != 2:
        msg = f"mean must have two dimensions (classes of spots x classes of features), got {np.ndim(means)}"
        raise ValueError(msg)
    values = checked_means(means, np.shape(means))
    spots = checked_classes("spot_class", spot_class, values.shape[0])
    features = checked_classes("feature_class", feature_class, values.shape[1])
    first_spot = whole("first_spot", first_spot)
    distinct = np.unique(canonical(values))
    bounds = count_bounds(likelihood, distinct[:_MOST_TABLES])
    if len(distinct) <= _MOST_TABLES and bounds.sum() <= _MOST_THRESHOLDS:
        tables = slot_tables(likelihood, distinct, bounds)
        return ClassDraw(tables, tables.table_of(values), spots, features, stream=stream, first_spot=first_spot)
    return MeanDraw(
        likelihood,
        lambda start, stop: values.take(spots[start:stop], axis=0).take(features, axis=1),
        (len(spots), len(features)),
        stream=stream,
        first_spot=first_spot,
    )


def plan_means(
    likelihood: CountLikelihood,
    mean_rows: Callable[[int, int], np.ndarray],
    shape: tuple[int, int],
    *,
    stream: Stream,
    first_spot: int,
) -> Draw:
    """Check the input; the means are checked as they come."""
    check_count_likelihood(likelihood)
    shape = checked_shape(shape)
    return MeanDraw(likelihood, mean_rows, shape, stream=stream, first_spot=whole("first_spot", first_spot))
