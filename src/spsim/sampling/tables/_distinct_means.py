"""Which tables are needed: one for each mean, variant of features and scale of the shape that occur together."""

from __future__ import annotations

import numpy as np

from spsim._random import Stream
from spsim.likelihoods import CountLikelihood
from spsim.sampling._thresholds import canonical
from spsim.sampling.tables._draw_counts import TableDraw
from spsim.sampling.tables._lane_tables import MOST_TABLES, lane_tables


def table_draw(
    likelihood: CountLikelihood,
    means: np.ndarray,
    spots: np.ndarray,
    features: np.ndarray,
    *,
    scales: np.ndarray | None,
    stream: Stream,
    first_spot: int,
) -> TableDraw | None:
    """Return the draw by tables for classes of spots and features, or nothing if there would be too many tables."""
    of_variant, variant = likelihood.variants(len(features))
    if not (len(spots) and len(features)):
        return None
    of_scale, scale = (np.ones(1), np.zeros_like(spots)) if scales is None else np.unique(scales, return_inverse=True)
    if max(len(of_variant), len(of_scale)) > MOST_TABLES:
        return None
    distinct, number = np.unique(canonical(means), return_inverse=True)
    needed, table_of = np.arange(len(distinct)), number.reshape(means.shape)
    n_beside = len(of_variant) * len(of_scale)
    if n_beside > 1:
        rows, spots = _crossed(spots, scale, len(of_scale))
        columns, features = _crossed(features, variant, len(of_variant))
        beside = (rows % len(of_scale))[:, None] * len(of_variant) + columns % len(of_variant)
        codes = table_of[rows // len(of_scale)][:, columns // len(of_variant)] * n_beside + beside
        needed, table_of = np.unique(codes, return_inverse=True)
        table_of = table_of.reshape(codes.shape)
    if len(needed) > MOST_TABLES:
        return None
    number, beside = np.divmod(needed, n_beside)
    tables = lane_tables(
        likelihood,
        tuple(distinct[number].tolist()),
        tuple(of_variant[beside % len(of_variant)].tolist()),
        None if scales is None else tuple(of_scale[beside // len(of_variant)].tolist()),
    )
    if tables is None:
        return None
    return TableDraw(tables, table_of, spots, features, stream=stream, first_spot=first_spot)


def _crossed(classes: np.ndarray, other: np.ndarray, n_other: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of a class and another number that occur, as one number, and which one each element has."""
    if n_other == 1:
        found = np.arange(classes.max(initial=-1) + 1)
        return found, classes
    found, inverse = np.unique(classes * n_other + other, return_inverse=True)
    return found, inverse
