"""Which tables are needed: one for each distinct pair of a mean and a kind of features."""

from __future__ import annotations

import numpy as np

from spsim._random import Stream
from spsim.likelihoods import CountLikelihood
from spsim.sampling._thresholds import canonical
from spsim.sampling.tables._draw_counts import TableDraw
from spsim.sampling.tables._lane_tables import MOST_TABLES, slot_tables


def table_draw(
    likelihood: CountLikelihood,
    means: np.ndarray,
    spots: np.ndarray,
    features: np.ndarray,
    *,
    stream: Stream,
    first_spot: int,
) -> TableDraw | None:
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
    return TableDraw(tables, table_of, spots, features, stream=stream, first_spot=first_spot)
