"""Draws from the Potts model by the algorithm of Swendsen & Wang (1987), Physical Review Letters 58, 86."""

from __future__ import annotations

import numpy as np

from spsim._random import Purpose, Stream, uniforms


def potts_states(
    pairs: np.ndarray, n_spots: int, *, n_states: int, interaction: float, n_sweeps: int, source: Stream
) -> np.ndarray:
    """State of each spot after ``n_sweeps`` from independent states; every sweep has words of its own.

    A sweep joins equal neighbours with probability 1 - exp(-interaction) and gives each cluster a new state.
    """
    start = uniforms(source, Purpose.PATTERN, n_spots)
    states = (start * n_states).astype(np.intp)
    for sweep in range(1, n_sweeps + 1):
        words = uniforms(source, Purpose.PATTERN, len(pairs) + n_spots, tile=sweep)
        is_equal = states[pairs[:, 0]] == states[pairs[:, 1]]
        joined = pairs[is_equal & (words[: len(pairs)] < -np.expm1(-interaction))]
        states = (words[len(pairs) :][_first_of_cluster(joined, n_spots)] * n_states).astype(np.intp)
    return states


def _first_of_cluster(pairs: np.ndarray, n_spots: int) -> np.ndarray:
    """The first spot of each spot's cluster, so that no library's numbering of clusters enters the draw."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(n_spots, n_spots))
    n_clusters, labels = connected_components(graph, directed=False)
    first = np.full(n_clusters, n_spots)
    np.minimum.at(first, labels, np.arange(n_spots))
    return first[labels]
