"""Which way to the data is fastest; all ways give the same numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from spsim._random import Stream
from spsim._validate import whole
from spsim.likelihoods._base import CountLikelihood, Likelihood
from spsim.likelihoods._checks import checked_classes, checked_likelihood, checked_means, checked_shape
from spsim.likelihoods._classes import ClassDraw
from spsim.likelihoods._continuous import ContinuousDraw
from spsim.likelihoods._means import MeanDraw
from spsim.likelihoods._pending import Draw
from spsim.likelihoods._slots import MOST_TABLES, slot_tables
from spsim.likelihoods._thresholds import canonical


def plan_classes(
    likelihood: Likelihood,
    means: np.ndarray,
    spot_class: np.ndarray,
    feature_class: np.ndarray,
    *,
    stream: Stream,
    first_spot: int,
) -> Draw:
    """Check the input; take slot tables for few distinct means, else one mean per entry."""
    likelihood = checked_likelihood(likelihood)
    if np.ndim(means) != 2:
        msg = f"mean must have two dimensions (classes of spots x classes of features), got {np.ndim(means)}"
        raise ValueError(msg)
    values = checked_means(means, np.shape(means))
    spots = checked_classes("spot_class", spot_class, values.shape[0])
    features = checked_classes("feature_class", feature_class, values.shape[1])
    first_spot = whole("first_spot", first_spot)
    if isinstance(likelihood, CountLikelihood):
        tables = _class_draw(likelihood, values, spots, features, stream=stream, first_spot=first_spot)
        if tables is not None:
            return tables
    return plan_means(
        likelihood,
        lambda start, stop: values.take(spots[start:stop], axis=0).take(features, axis=1),
        (len(spots), len(features)),
        stream=stream,
        first_spot=first_spot,
    )


def plan_means(
    likelihood: Likelihood,
    mean_rows: Callable[[int, int], np.ndarray],
    shape: tuple[int, int],
    *,
    stream: Stream,
    first_spot: int,
) -> Draw:
    """Check the input; the means are checked as they come."""
    likelihood = checked_likelihood(likelihood)
    shape = checked_shape(shape)
    first_spot = whole("first_spot", first_spot)
    if isinstance(likelihood, CountLikelihood):
        return MeanDraw(likelihood, mean_rows, shape, stream=stream, first_spot=first_spot)
    return ContinuousDraw(likelihood, mean_rows, shape, stream=stream, first_spot=first_spot)


def _class_draw(
    likelihood: CountLikelihood,
    means: np.ndarray,
    spots: np.ndarray,
    features: np.ndarray,
    *,
    stream: Stream,
    first_spot: int,
) -> ClassDraw | None:
    """Return slot tables for the distinct pairs of a mean and a kind of features, or nothing if they are too many."""
    of_kind, kind = likelihood.kinds(len(features))
    distinct, number = np.unique(canonical(means), return_inverse=True)
    pair, table_of = np.arange(len(distinct)), number.reshape(means.shape)
    if len(of_kind) > 1:
        columns, features = np.unique(features * len(of_kind) + kind, return_inverse=True)
        pairs = table_of[:, columns // len(of_kind)] * len(of_kind) + columns % len(of_kind)
        pair, table_of = np.unique(pairs, return_inverse=True)
        table_of = table_of.reshape(pairs.shape)
    if not (0 < len(pair) <= MOST_TABLES and len(features)):
        return None
    table_means, table_features = distinct[pair // len(of_kind)], of_kind[pair % len(of_kind)]
    tables = slot_tables(likelihood, tuple(table_means.tolist()), tuple(table_features.tolist()))
    if tables is None:
        return None
    return ClassDraw(tables, table_of, spots, features, stream=stream, first_spot=first_spot)
