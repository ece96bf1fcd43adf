"""What an unrelated partition, as smooth in space as a given one, agrees with the truth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim._random import RNGLike
from spsim.metrics._domain_agreement import domain_agreement
from spsim.metrics._labels import placed_labels
from spsim.metrics._nulls import lattice_positions, toroidal_shift_null
from spsim.metrics._sampling import generator


def domain_chance(
    labels: ArrayLike,
    truth: ArrayLike,
    coordinates: ArrayLike,
    *,
    foreground: ArrayLike | None = None,
    n_draws: int = 20,
    rng: RNGLike = 0,
) -> dict[str, float]:
    """Mean of each score of :func:`domain_agreement` over shifts of the labels in space (:func:`label_shift_null`).

    Shuffled labels would be rough, agree with nothing, and make every smooth but wrong map look good.

    Parameters
    ----------
    labels
        One label per spot.
    truth
        True domain of each spot, in the same order.
    coordinates
        Spots x dimensions, rows in the same order.
    foreground
        Boolean mask of the spots to score, as in :func:`domain_agreement`.
    n_draws
        Number of shifts; each costs one agreement.
    rng
        Seed.

    Returns
    -------
    The same mapping as :func:`domain_agreement`.

    Examples
    --------
    >>> import numpy as np
    >>> grid = np.indices((12, 12)).reshape(2, -1).T
    >>> left = grid[:, 1] < 6
    >>> round(domain_chance(left, left, grid, n_draws=50)["ari"], 1)
    0.3
    """
    nulls = label_shift_null(labels, coordinates, n_draws=n_draws, rng=rng)
    draws = [domain_agreement(drawn, truth, foreground=foreground) for drawn in nulls]
    return {name: float(np.mean([draw[name] for draw in draws])) for name in draws[0]}


def label_shift_null(
    labels: ArrayLike, coordinates: ArrayLike, *, n_draws: int = 20, rng: RNGLike = 0
) -> Iterator[np.ndarray]:
    """Shift a map of labels as a whole.

    On a filled rectangular lattice by a random offset around the torus, as :func:`toroidal_shift_null`. Elsewhere every
    spot, moved by such an offset around the bounding box, takes the label of the spot nearest to where it lands, so
    sizes of clusters change a little.

    Parameters
    ----------
    labels
        One label per spot.
    coordinates
        Spots x dimensions, rows in the same order.
    n_draws
        Number of draws.
    rng
        Seed.

    Returns
    -------
    Iterator over ``n_draws`` arrays of whole numbers that stand for the labels, in order of first appearance.

    Examples
    --------
    >>> import numpy as np
    >>> line = np.arange(5)[:, None]
    >>> [draw.tolist() for draw in label_shift_null(["a", "a", "b", "b", "b"], line, n_draws=2)]
    [[1, 0, 0, 1, 1], [1, 1, 0, 0, 1]]
    """
    codes, points = placed_labels(labels, coordinates)
    n_draws = _validate.whole("n_draws", n_draws, at_least=1)
    if lattice_positions(points) is None:
        return _nearest_shifts(codes, points, n_draws, generator(rng))
    shifts = toroidal_shift_null(codes[:, None], points, n_draws=n_draws, rng=rng)
    return (draw[:, 0].astype(np.int64) for draw in shifts)


def _nearest_shifts(
    codes: np.ndarray, points: np.ndarray, n_draws: int, random: np.random.Generator
) -> Iterator[np.ndarray]:
    from scipy.spatial import cKDTree

    tree, low, span = cKDTree(points), points.min(axis=0), np.ptp(points, axis=0)
    for _ in range(n_draws):
        moved = points - low + random.random(points.shape[1]) * span
        yield codes[tree.query(low + np.mod(moved, np.where(span > 0, span, 1)))[1]]
