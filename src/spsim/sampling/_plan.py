"""Which way to the data is fastest; all ways give the same numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from spsim._random import Stream
from spsim._validate import whole
from spsim.likelihoods import CountLikelihood, Likelihood
from spsim.sampling._checks import checked_classes, checked_likelihood, checked_means, checked_size
from spsim.sampling._draw_values import ValueDraw
from spsim.sampling._shape_scales import checked_shape_scales
from spsim.sampling._tile_by_tile import Draw
from spsim.sampling.surface import SurfaceDraw
from spsim.sampling.tables import table_draw


def plan_classes(
    likelihood: Likelihood,
    means: np.ndarray,
    spot_class: np.ndarray,
    feature_class: np.ndarray,
    *,
    stream: Stream,
    first_spot: int,
    shape_scales: np.ndarray | None = None,
) -> Draw:
    """Check the input; take a table for each of few distinct means, else one mean per entry."""
    likelihood = checked_likelihood(likelihood)
    if np.ndim(means) != 2:
        msg = f"mean must have two dimensions (classes of spots x classes of features), got {np.ndim(means)}"
        raise ValueError(msg)
    values = checked_means(means, np.shape(means), lowest=likelihood.lowest_mean)
    spots = checked_classes("spot_class", spot_class, values.shape[0])
    features = checked_classes("feature_class", feature_class, values.shape[1])
    first_spot = whole("first_spot", first_spot)
    scales = checked_shape_scales(shape_scales, likelihood, len(spots))
    if isinstance(likelihood, CountLikelihood):
        tables = table_draw(likelihood, values, spots, features, scales=scales, stream=stream, first_spot=first_spot)
        if tables is not None:
            return tables
    return plan_means(
        likelihood,
        lambda start, stop: values.take(spots[start:stop], axis=0).take(features, axis=1),
        (len(spots), len(features)),
        stream=stream,
        first_spot=first_spot,
        shape_scales=scales,
    )


def plan_means(
    likelihood: Likelihood,
    mean_rows: Callable[[int, int], np.ndarray],
    size: tuple[int, int],
    *,
    stream: Stream,
    first_spot: int,
    shape_scales: np.ndarray | None = None,
) -> Draw:
    """Check the input; the means are checked as they come."""
    likelihood = checked_likelihood(likelihood)
    size = checked_size(size)
    first_spot = whole("first_spot", first_spot)
    scales = checked_shape_scales(shape_scales, likelihood, size[0])
    if isinstance(likelihood, CountLikelihood):
        return SurfaceDraw(likelihood, mean_rows, size, scales=scales, stream=stream, first_spot=first_spot)
    return ValueDraw(likelihood, mean_rows, size, stream=stream, first_spot=first_spot)
