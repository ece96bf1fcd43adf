"""Moran's I and Geary's C of labels on a graph."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spsim.metrics._alignment import in_one_order
from spsim.metrics._groups import group_members, in_group
from spsim.metrics._labels import label_codes


def label_autocorrelation(labels: ArrayLike, graph: Any, *, groups: ArrayLike | None = None) -> dict[str, Any]:
    r"""Moran's I and Geary's C of each label's indicator, averaged over the labels.

    For the indicator :math:`x` of one label, :math:`z = x - \bar x` and weights :math:`w` that sum to :math:`S`,

    .. math::
        I = \frac{n}{S} \frac{\sum_{ij} w_{ij} z_i z_j}{\sum_i z_i^2}, \qquad
        C = \frac{n - 1}{2S} \frac{\sum_{ij} w_{ij} (x_i - x_j)^2}{\sum_i z_i^2}

    The weights are taken as they are: scanpy does the same, squidpy divides each row by its sum first (the two differ
    where degrees differ). With groups, edges between them are left out, each group has its own means, and the values are
    those of the groups, weighted by their numbers of spots: labels that only tell slices apart are not continuous.

    Parameters
    ----------
    labels
        One label per spot.
    graph
        Sparse matrix of non-negative weights, spots x spots; on a lattice take :func:`lattice_graph`.
    groups
        One label per spot (slice, sample): each is scored by itself.

    Returns
    -------
    A dict with ``moran`` (higher is more continuous) and ``geary`` (lower is), the unweighted means over the labels (of
    a group); ``moran_per_label`` and ``geary_per_label``, dicts by label, over the groups that have it; ``n_labels`` and
    ``n``. A single label has no variance: its values are those of no autocorrelation, 0 and 1, and ``n_labels`` says 1.

    Examples
    --------
    >>> from spsim.metrics import lattice_graph
    >>> graph = lattice_graph([[0], [1], [2], [3]])
    >>> result = label_autocorrelation(["a", "a", "b", "b"], graph)
    >>> round(result["moran"], 3), round(result["geary"], 3)
    (0.333, 0.5)

    References
    ----------
    .. [1] Moran (1950), Notes on continuous stochastic phenomena, Biometrika 37, 17-23.
    .. [2] Geary (1954), The contiguity ratio and statistical mapping, The Incorporated Statistician 5, 115-145.
    """
    labels, graph, groups = in_one_order(labels=labels, graph=graph, groups=groups)
    codes, names = label_codes("labels", labels)
    n_spots, n_labels = len(codes), len(names)
    weights = _weights(graph, n_spots)
    members = group_members(groups, n_spots)
    score, per_label, weight = np.zeros(2), np.zeros((2, n_labels)), np.zeros(n_labels)
    for name, rows in members.items():
        present, own = np.unique(codes[rows], return_inverse=True)
        values = _per_label(own.ravel(), weights if name is None else _inside(weights, rows, name))
        share = len(rows) / n_spots
        score += share * values.mean(axis=1)
        per_label[:, present] += share * values
        weight[present] += share
    moran, geary = (dict(zip(names, row.tolist(), strict=True)) for row in per_label / weight)
    return {
        "moran": float(score[0]),
        "geary": float(score[1]),
        "moran_per_label": moran,
        "geary_per_label": geary,
        "n_labels": n_labels,
        "n": n_spots,
    }


def _per_label(codes: np.ndarray, weights: Any) -> np.ndarray:
    """Moran's I (first row) and Geary's C of each label's indicator."""
    from scipy.sparse import csr_matrix

    n_spots, n_labels = len(codes), int(codes.max()) + 1
    member = csr_matrix((np.ones(n_spots), (np.arange(n_spots), codes)), shape=(n_spots, n_labels))
    inside = np.asarray((member.multiply(weights @ member)).sum(axis=0)).ravel()
    reach = member.T @ np.asarray(weights.sum(axis=1)).ravel() + member.T @ np.asarray(weights.sum(axis=0)).ravel()
    share, total = np.bincount(codes) / n_spots, weights.sum()
    variance = n_spots * share * (1 - share)
    known = variance > 0
    moran, geary = np.zeros(n_labels), np.ones(n_labels)
    np.divide(n_spots / total * (inside - share * reach + share**2 * total), variance, out=moran, where=known)
    np.divide((n_spots - 1) / (2 * total) * (reach - 2 * inside), variance, out=geary, where=known)
    return np.array([moran, geary])


def _inside(weights: Any, rows: np.ndarray, name: object) -> Any:
    """The graph of one group."""
    own = weights[rows][:, rows]
    if own.sum() == 0:
        msg = f"graph must join spots{in_group(name)}, got no edge between any two of its {len(rows)} spots"
        raise ValueError(msg)
    return own


def _weights(graph: Any, n_spots: int) -> Any:
    """The graph as a CSR matrix of non-negative weights that are not all zero."""
    from scipy.sparse import csr_matrix, issparse

    if not issparse(graph):
        msg = f"graph must be a sparse matrix, got {type(graph).__name__}"
        raise TypeError(msg)
    if graph.shape != (n_spots, n_spots):
        msg = f"graph must have shape {(n_spots, n_spots)} for {n_spots} labels, got {graph.shape}"
        raise ValueError(msg)
    weights = csr_matrix(graph, dtype=np.float64)
    if not np.isfinite(weights.data).all() or weights.data.min(initial=0) < 0 or weights.sum() == 0:
        msg = "graph must hold finite, non-negative weights that are not all zero"
        raise ValueError(msg)
    return weights
