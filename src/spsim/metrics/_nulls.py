"""Estimates that know nothing of the truth but are as smooth in space as a given one.

Two unrelated smooth fields correlate far more than two columns of white noise, so chance has to be measured on fields
that are smooth. Every null keeps each column's values within each group and rearranges them there.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim._random import RNGLike
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import matrix, same_length, squarable
from spsim.metrics._groups import group_members, placed_groups
from spsim.metrics._lattice import Lattice
from spsim.metrics._null_columns import Draw, draws_of, fields, shifts, shifts_or_fields, shuffles

SHIFT, VARIOGRAM, PERMUTATION = "toroidal_shift", "matched_variogram", "permutation"


def null_of(coordinates: ArrayLike | None, *, groups: ArrayLike | None = None) -> str:
    """Name the null that fits the coordinates: the one place that decides it.

    Parameters
    ----------
    coordinates
        Spots x dimensions; None for observations without places.
    groups
        One label per spot (slice, sample); every group is looked at by itself.

    Returns
    -------
    ``"permutation"`` without places; ``"toroidal_shift"`` where the spots fill a rectangular or hexagonal lattice, of
    whose sites at most a quarter may be empty; ``"matched_variogram"`` elsewhere; the last two joined by ``+`` if
    groups differ.

    Raises
    ------
    ValueError
        If more than half of a group's spots share their position with another: such maps lie on each other and need
        ``groups``.

    Examples
    --------
    >>> import numpy as np
    >>> grid = np.indices((4, 5)).reshape(2, -1).T
    >>> null_of(grid), null_of(grid[1:]), null_of(np.sqrt(grid)), null_of(None)
    ('toroidal_shift', 'toroidal_shift', 'matched_variogram', 'permutation')
    """
    if coordinates is None:
        return PERMUTATION
    points, members = placed_groups(coordinates, groups)
    found = {VARIOGRAM if Lattice.of(points[rows]) is None else SHIFT for rows in members.values()}
    return "+".join(name for name in (SHIFT, VARIOGRAM) if name in found)


def smooth_null(
    values: ArrayLike,
    coordinates: ArrayLike | None,
    *,
    groups: ArrayLike | None = None,
    n_draws: int = 100,
    rng: RNGLike = 0,
) -> Iterator[np.ndarray]:
    """Nulls of the kind that fits the coordinates (:func:`null_of`), group by group.

    Draws are those of :func:`toroidal_shift_null`, :func:`matched_variogram_null` or, without places,
    :func:`permutation_null`.

    Parameters
    ----------
    values
        Spots x columns.
    coordinates
        Spots x dimensions, rows in the same order; None for observations without places.
    groups
        One label per spot (slice, sample): values stay within their group.
    n_draws
        Number of draws.
    rng
        Seed.

    Returns
    -------
    Iterator over ``n_draws`` arrays of the shape of ``values``.

    Raises
    ------
    ValueError
        As :func:`null_of`.

    Examples
    --------
    >>> import numpy as np
    >>> grid = np.indices((4, 5)).reshape(2, -1).T
    >>> [draw.shape for draw in smooth_null(grid[:, :1], grid, n_draws=2)]
    [(20, 1), (20, 1)]
    """
    if coordinates is None:
        return permutation_null(values, groups=groups, n_draws=n_draws, rng=rng)
    values, coordinates, groups = in_one_order(values=values, coordinates=coordinates, groups=groups)
    array, points, n_draws = _checked(values, coordinates, n_draws)
    _, members = placed_groups(points, groups)
    return draws_of(array, members, lambda rows: shifts_or_fields(array[rows], points[rows]), n_draws, rng)


def toroidal_shift_null(
    values: ArrayLike,
    coordinates: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    n_draws: int = 100,
    rng: RNGLike = 0,
) -> Iterator[np.ndarray]:
    """Shift each column by its own random offset around a lattice whose opposite borders are joined.

    All of a column's texture stays, at the price of one seam. A motif that repeats itself meets itself again at some
    offsets: that is part of what an unrelated estimate of this texture scores. At most a quarter of the lattice's sites
    may be empty: from there a spot sees the value of the spot nearest to the hole, and the column's own values are then
    dealt out again by rank.

    Parameters
    ----------
    values
        Spots x columns.
    coordinates
        Spots x dimensions, rows in the same order: a rectangular or hexagonal lattice.
    groups
        One label per spot (slice, sample): each group is a lattice of its own, and columns are shifted in each by an
        offset of its own.
    n_draws
        Number of draws.
    rng
        Seed.

    Returns
    -------
    Iterator over ``n_draws`` arrays of the shape of ``values``; no column of any keeps its place.

    Raises
    ------
    ValueError
        If the spots, or those of a group, do not fill such a lattice.

    Examples
    --------
    >>> import numpy as np
    >>> line = np.arange(4.0)[:, None]
    >>> [draw.ravel() for draw in toroidal_shift_null(line, line, n_draws=2)]
    [array([3., 0., 1., 2.]), array([2., 3., 0., 1.])]
    """
    values, coordinates, groups = in_one_order(values=values, coordinates=coordinates, groups=groups)
    array, points, n_draws = _checked(values, coordinates, n_draws)
    members = group_members(groups, len(points))
    if len(points) == len(members):
        msg = f"coordinates must hold at least 2 spots, got {len(points)}" + (
            " groups of one" if groups is not None else ""
        )
        raise ValueError(msg)

    def shifts_of(rows: np.ndarray) -> list[Draw]:
        lattice = Lattice.of(points[rows])
        if lattice is None:
            msg = (
                "coordinates must fill a rectangular or hexagonal lattice, with at most a quarter of its sites empty, for "
                "a toroidal shift; take matched_variogram_null elsewhere"
            )
            raise ValueError(msg)
        return shifts(array[rows], lattice)

    return draws_of(array, members, shifts_of, n_draws, rng)


def matched_variogram_null(
    values: ArrayLike,
    coordinates: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    n_draws: int = 100,
    rng: RNGLike = 0,
) -> Iterator[np.ndarray]:
    """Random fields with each column's values and, at any coordinates, its variogram.

    The autocorrelation of a column is measured at every lag between the cells of a grid (at most 4,096 cells, so the
    cost does not grow with the square of the spots) and made a spectrum on a torus of twice the extent, which is
    sharpened until a Gaussian field with it, turned into the column's values by rank, shows the measured one. Each
    draw is such a field, with white noise added for what varies within cells, and gives the column's values to the
    spots by rank. Columns are drawn independently of each other.

    One map shows little of its longest waves, so draws are a little rougher than the field behind it: between
    independent smooth fields, graded or yes-or-no, on lattices or scattered spots, mean chance came out at 0.83 to
    0.99 of its true value, where white noise gave 0.2 to 0.3. Take :func:`toroidal_shift_null` where the spots allow it.

    Parameters
    ----------
    values
        Spots x columns.
    coordinates
        Spots x dimensions, rows in the same order.
    groups
        One label per spot (slice, sample): each group has fields of its own.
    n_draws
        Number of draws.
    rng
        Seed.

    Returns
    -------
    Iterator over ``n_draws`` arrays of the shape of ``values``; each column is a permutation of the original.

    Examples
    --------
    >>> import numpy as np
    >>> points = np.random.default_rng(0).random((50, 2))
    >>> draw = next(matched_variogram_null(points, points, n_draws=1))
    >>> bool((np.sort(draw, axis=0) == np.sort(points, axis=0)).all())
    True

    References
    ----------
    .. [1] Viladomat et al. (2014), Assessing the significance of global and local correlations under spatial
       autocorrelation, Biometrics 70, 409-418.
    .. [2] Schreiber and Schmitz (1996), Improved surrogate data for nonlinearity tests, Physical Review Letters 77,
       635-638.
    """
    values, coordinates, groups = in_one_order(values=values, coordinates=coordinates, groups=groups)
    array, points, n_draws = _checked(values, coordinates, n_draws)
    members = group_members(groups, len(points))
    return draws_of(array, members, lambda rows: fields(array[rows], points[rows]), n_draws, rng)


def permutation_null(
    values: ArrayLike, *, groups: ArrayLike | None = None, n_draws: int = 100, rng: RNGLike = 0
) -> Iterator[np.ndarray]:
    """Shuffle each column: the null of observations without places.

    Parameters
    ----------
    values
        Observations x columns.
    groups
        One label per observation (sample): values stay within their group.
    n_draws
        Number of draws.
    rng
        Seed.

    Returns
    -------
    Iterator over ``n_draws`` arrays of the shape of ``values``.

    Examples
    --------
    >>> [draw.ravel().tolist() for draw in permutation_null([[1], [2], [3]], n_draws=2)]
    [[3.0, 1.0, 2.0], [3.0, 2.0, 1.0]]
    """
    values, groups = in_one_order(values=values, groups=groups)
    array, n_draws = matrix("values", values), _validate.whole("n_draws", n_draws, at_least=1)
    members = group_members(groups, len(array))
    return draws_of(array, members, lambda rows: shuffles(array[rows]), n_draws, rng)


def _checked(values: ArrayLike, coordinates: ArrayLike, n_draws: int) -> tuple[np.ndarray, np.ndarray, int]:
    array, points = squarable("values", values), squarable("coordinates", coordinates)
    same_length(values=array, coordinates=points)
    return array, points, _validate.whole("n_draws", n_draws, at_least=1)
