"""What an unrelated partition, as smooth in space as a given one, agrees with the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim._random import RNGLike
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import mask, same_length
from spsim.metrics._domain_agreement import agreement_of_codes
from spsim.metrics._groups import group_members, placed_groups
from spsim.metrics._labels import label_codes
from spsim.metrics._lattice import Lattice
from spsim.metrics._nulls import PERMUTATION, SHIFT, null_of
from spsim.metrics._sampling import generator

Move = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def domain_chance(
    labels: ArrayLike,
    truth: ArrayLike,
    coordinates: ArrayLike | None,
    *,
    groups: ArrayLike | None = None,
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
        Spots x dimensions, rows in the same order; None for observations without places.
    groups
        One label per spot (slice, sample): labels stay within their group.
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
    truth, labels, coordinates, groups, foreground = in_one_order(
        truth=truth, labels=labels, coordinates=coordinates, groups=groups, foreground=foreground
    )
    nulls = label_shift_null(labels, coordinates, groups=groups, n_draws=n_draws, rng=rng)
    true, _ = label_codes("truth", truth)
    n_spots = same_length(labels=np.asarray(labels), truth=true)
    kept = slice(None) if foreground is None else mask("foreground", foreground, n_spots)
    draws = [agreement_of_codes(drawn[kept], true[kept]) for drawn in nulls]
    return {name: float(np.mean([draw[name] for draw in draws])) for name in draws[0]}


def label_shift_null(
    labels: ArrayLike,
    coordinates: ArrayLike | None,
    *,
    groups: ArrayLike | None = None,
    n_draws: int = 20,
    rng: RNGLike = 0,
) -> Iterator[np.ndarray]:
    """Shift a map of labels as a whole.

    On a rectangular or hexagonal lattice by a random offset around the torus, as :func:`toroidal_shift_null`; where a
    spot sees a hole it takes the label of the spot nearest to it. Elsewhere every spot, moved by such an offset around
    the bounding box, takes the label of the spot nearest to where it lands. Around holes and off lattices sizes of
    clusters change a little. Without places labels are shuffled.

    Parameters
    ----------
    labels
        One label per spot.
    coordinates
        Spots x dimensions, rows in the same order; None for observations without places.
    groups
        One label per spot (slice, sample): each group's map is shifted by an offset of its own.
    n_draws
        Number of draws.
    rng
        Seed.

    Returns
    -------
    Iterator over ``n_draws`` arrays of whole numbers that stand for the labels, in order of first appearance.

    Raises
    ------
    ValueError
        If more than half of a group's spots share their position with another: such maps lie on each other and need
        ``groups``.

    Examples
    --------
    >>> import numpy as np
    >>> line = np.arange(5)[:, None]
    >>> [draw.tolist() for draw in label_shift_null(["a", "a", "b", "b", "b"], line, n_draws=2)]
    [[1, 0, 0, 1, 1], [1, 1, 0, 0, 1]]
    """
    labels, coordinates, groups = in_one_order(labels=labels, coordinates=coordinates, groups=groups)
    codes, _ = label_codes("labels", labels)
    n_draws = _validate.whole("n_draws", n_draws, at_least=1)
    if coordinates is None:
        parts: list[tuple[np.ndarray, Move]] = [
            (rows, _shuffled) for rows in group_members(groups, len(codes)).values()
        ]
    else:
        points, members = placed_groups(coordinates, groups)
        same_length(labels=codes, coordinates=points)
        parts = [(rows, _move(points[rows])) for rows in members.values()]
    random = generator(rng)

    def one() -> np.ndarray:
        drawn = np.empty_like(codes)
        for rows, move in parts:
            drawn[rows] = move(codes[rows], random)
        return drawn

    return (one() for _ in range(n_draws))


def label_null_of(coordinates: ArrayLike | None, *, groups: ArrayLike | None = None) -> str:
    """Name the null of labels, which are shifted off lattices too; refuse what :func:`null_of` refuses."""
    return PERMUTATION if null_of(coordinates, groups=groups) == PERMUTATION else SHIFT


def _shuffled(codes: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return random.permutation(codes)


def _move(points: np.ndarray) -> Move:
    """How the labels of one group are moved."""
    from scipy.spatial import cKDTree

    lattice = Lattice.of(points)
    if lattice is not None:
        return lattice.shift_labels
    tree, low, span = cKDTree(points), points.min(axis=0), np.ptp(points, axis=0)

    def move(codes: np.ndarray, random: np.random.Generator) -> np.ndarray:
        moved = points - low + random.random(points.shape[1]) * span
        return codes[tree.query(low + np.mod(moved, np.where(span > 0, span, 1)))[1]]

    return move
