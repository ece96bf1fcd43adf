"""Whether labels are continuous in space, which is not the same as right.

The method with the worst agreement can be the most continuous, so each value belongs beside the truth's own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import same_length
from spsim.metrics._groups import in_group, placed_groups
from spsim.metrics._label_autocorrelation import label_autocorrelation
from spsim.metrics._labels import label_codes
from spsim.metrics._neighbors import distance_to_nearest, lattice_graph, nearest_in_space


def chaos(labels: ArrayLike, coordinates: ArrayLike, *, groups: ArrayLike | None = None) -> float:
    r"""Mean distance from a spot to the nearest one with the same label.

    .. math:: \frac1n \sum_{k:\, n_k > 2} \sum_{i \in k} \min_{j \in k,\, j \ne i} \lVert x_i - x_j \rVert

    Each axis is first scaled to unit standard deviation. Clusters of at most two spots add nothing to the sum but
    count in n, as published, so many tiny clusters lower the value. With groups each is scored by itself, axes and
    clusters included, and the value is the mean over groups weighted by their numbers of spots.

    Parameters
    ----------
    labels
        One label per spot.
    coordinates
        Spots x dimensions, rows in the same order.
    groups
        One label per spot (slice, sample): spots of different groups are no neighbours, wherever they lie.

    Returns
    -------
    0 or more, lower is more continuous; compare with the truth's own value.

    Examples
    --------
    >>> line = [[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]]
    >>> round(chaos(["a", "a", "a", "b", "b", "b"], line), 3), round(chaos(["a", "b"] * 3, line), 3)
    (0.586, 1.171)

    References
    ----------
    .. [1] Yuan et al. (2024), Benchmarking spatial clustering methods with spatially resolved transcriptomics data,
       Nature Methods 21, 712-722.
    """
    codes, points, members = _placed(labels, coordinates, groups)
    return float(sum(_nearest_own(codes[rows], points[rows]) for rows in members.values()) / len(codes))


def pas(labels: ArrayLike, coordinates: ArrayLike, *, groups: ArrayLike | None = None, n_neighbors: int = 10) -> float:
    """Share of spots with another label than most of their neighbours.

    With groups a spot's neighbours are those of its own group, and the share is over all spots.

    Parameters
    ----------
    labels
        One label per spot.
    coordinates
        Spots x dimensions, rows in the same order.
    groups
        One label per spot (slice, sample): spots of different groups are no neighbours, wherever they lie.
    n_neighbors
        Nearest other spots to look at; a spot counts if more than half of them carry another label. Of equally
        distant spots those that come first are taken: on a lattice the tenth nearest is a tie, and an undefined
        choice moves the score of one and the same map by some 0.004.

    Returns
    -------
    0 to 1, lower is more continuous; compare with the truth's own value.

    Examples
    --------
    >>> line = [[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]]
    >>> pas(["a", "a", "b", "a", "a", "a"], line, n_neighbors=2)
    0.16666666666666666

    References
    ----------
    .. [1] Yuan et al. (2024), Benchmarking spatial clustering methods with spatially resolved transcriptomics data,
       Nature Methods 21, 712-722.
    """
    codes, points, members = _placed(labels, coordinates, groups)
    n_odd = 0
    for name, rows in members.items():
        near = nearest_in_space(points[rows], n_neighbors, where=in_group(name))
        n_other = np.count_nonzero(codes[rows][near] != codes[rows, None], axis=1)
        n_odd += int(np.count_nonzero(n_other > n_neighbors / 2))
    return float(n_odd / len(codes))


def domain_continuity(
    labels: ArrayLike,
    truth: ArrayLike,
    coordinates: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    graph: Any | None = None,
) -> dict[str, float]:
    """Continuity of labels beside that of the true domains.

    Parameters
    ----------
    labels
        One label per spot.
    truth
        True domain of each spot, in the same order.
    coordinates
        Spots x dimensions, rows in the same order.
    groups
        One label per spot (slice, sample): each is scored by itself; see the single scores.
    graph
        Sparse weights, spots x spots, for Moran's I and Geary's C; by default :func:`lattice_graph`, which refuses
        coordinates that lie on no lattice.

    Returns
    -------
    A dict with ``chaos``, ``pas``, ``moran``, ``geary``, each of them again with the ending ``_truth``, and ``n``.

    Examples
    --------
    >>> import numpy as np
    >>> grid = np.indices((6, 6)).reshape(2, -1).T
    >>> left = grid[:, 1] < 3
    >>> scores = domain_continuity(grid.sum(axis=1) % 2, left, grid)
    >>> round(scores["moran"], 3), round(scores["moran_truth"], 3)
    (-1.0, 0.8)
    """
    truth, labels, coordinates, groups, graph = in_one_order(
        truth=truth, labels=labels, coordinates=coordinates, groups=groups, graph=graph
    )
    graph = lattice_graph(coordinates, groups=groups) if graph is None else graph
    own, best = (continuity(values, coordinates, groups=groups, graph=graph) for values in (labels, truth))
    return own | {f"{name}_truth": value for name, value in best.items()} | {"n": len(np.asarray(labels))}


def continuity(
    labels: ArrayLike, coordinates: ArrayLike, *, groups: ArrayLike | None, graph: Any | None
) -> dict[str, float]:
    """Score one map of labels; without a graph there is no Moran's I and Geary's C."""
    scores = {
        "chaos": chaos(labels, coordinates, groups=groups),
        "pas": pas(labels, coordinates, groups=groups),
    }
    if graph is not None:
        autocorrelation = label_autocorrelation(labels, graph, groups=groups)
        scores |= {name: autocorrelation[name] for name in ("moran", "geary")}
    return scores


def _placed(
    labels: ArrayLike, coordinates: ArrayLike, groups: ArrayLike | None
) -> tuple[np.ndarray, np.ndarray, dict[object, np.ndarray]]:
    """Codes of the labels, coordinates of their spots and the rows of each group."""
    labels, coordinates, groups = in_one_order(labels=labels, coordinates=coordinates, groups=groups)
    codes, _ = label_codes("labels", labels)
    points, members = placed_groups(coordinates, groups)
    same_length(labels=codes, coordinates=points)
    return codes, points, members


def _nearest_own(codes: np.ndarray, points: np.ndarray) -> float:
    """Sum of the distances from each spot to the nearest one with its label, on scaled axes."""
    spread = points.std(axis=0)
    points = (points - points.mean(axis=0)) / np.where(spread > 0, spread, 1)
    order = np.argsort(codes, kind="stable")
    total = 0.0
    for cluster in np.split(order, np.cumsum(np.bincount(codes))[:-1]):
        if len(cluster) > 2:
            total += distance_to_nearest(points[cluster]).sum()
    return total
