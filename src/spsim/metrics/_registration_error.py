"""How far aligned slices lie from where they are in truth, up to one motion of all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import mask, same_length, same_width, squarable
from spsim.metrics._labels import label_codes
from spsim.metrics._neighbors import distance_to_nearest

# A slice reaches as far beyond its spots as this share of them have a neighbour.
COVERED = 0.99


@dataclass(frozen=True, kw_only=True, eq=False)
class RegistrationError:
    """What :func:`registration_error` found, one entry per slice; lengths in coordinate units."""

    names: list[object]
    """The slices, in order of first appearance."""
    score: np.ndarray
    """Root mean squared distance between aligned and true positions, after the common motion."""
    angle: np.ndarray
    """Turn in degrees, 0 to 180, that the slice still needs."""
    shift: np.ndarray
    """Distance between the centres of the aligned and the true spots."""
    scale: np.ndarray
    """Size of the aligned slice, 1 for the true one."""
    is_reflected: np.ndarray
    """Whether the slice is mirrored against the truth."""
    residual: np.ndarray
    """Root mean squared distance that is left after the slice's own best turn, shift, scale and reflection: its warp."""
    n: np.ndarray
    """Spots in the shared area."""


def registration_error(
    aligned: ArrayLike, truth: ArrayLike, slices: ArrayLike, *, shared: ArrayLike | None = None
) -> RegistrationError:
    """Compare aligned coordinates of several slices with the true ones.

    Coordinates in a common frame are right up to one rigid motion of all slices together: the orthogonal matrix (a turn
    or a reflection) and shift that fit all spots of the shared area best are taken out, no scale. What remains is the
    error, and the best motion of each slice alone says what it consists of.

    Parameters
    ----------
    aligned
        Aligned coordinates, spots x 2 or 3.
    truth
        True coordinates in one frame, of the same shape.
    slices
        Slice of each spot, in the same order.
    shared
        Boolean mask of the spots to score; by default those in the area that all slices share (:func:`shared_area`).

    Returns
    -------
    Error of each slice and its parts.

    Raises
    ------
    ValueError
        If shapes differ, coordinates have another number of columns than 2 or 3, or a slice has fewer than two places in
        the shared area.

    Examples
    --------
    >>> import numpy as np
    >>> grid = np.indices((4, 4)).reshape(2, -1).T.astype(float)
    >>> truth, slices = np.vstack([grid, grid]), np.repeat(["s", "t"], 16)
    >>> registration_error(truth @ [[0, 1], [-1, 0]] + 7, truth, slices).score.round(6)
    array([0., 0.])
    >>> registration_error(truth + (slices == "t")[:, None] * [1, 0], truth, slices).score
    array([0.5, 0.5])
    """
    truth, aligned, slices = in_one_order(truth=truth, aligned=aligned, slices=slices)
    truth, aligned, slices = in_one_order(truth=truth, aligned=aligned, slices=slices)
    aligned, truth = squarable("aligned", aligned), squarable("truth", truth)
    codes, names = label_codes("slices", slices)
    same_length(aligned=aligned, truth=truth, slices=codes)
    n_axes = same_width(aligned=aligned, truth=truth)
    if n_axes not in (2, 3):
        msg = f"aligned and truth must have 2 or 3 columns, got {n_axes}"
        raise ValueError(msg)
    inside = shared_area(truth, codes) if shared is None else mask("shared", shared, len(codes))
    _enough(truth[inside], codes[inside], names)
    moved, true, own = _common_motion(aligned[inside], truth[inside]), truth[inside], codes[inside]
    parts = [_parts(moved[own == s], true[own == s]) for s in range(len(names))]
    score, angle, shift, scale, is_reflected, residual, n = (np.array(part) for part in zip(*parts, strict=True))
    return RegistrationError(
        names=names,
        score=score,
        angle=angle,
        shift=shift,
        scale=scale,
        is_reflected=is_reflected,
        residual=residual,
        n=n,
    )


def shared_area(coordinates: ArrayLike, slices: ArrayLike) -> np.ndarray:
    """Return which spots lie in the area that all slices share.

    A slice covers a place if one of its spots is no further away than the nearest other spot is for 99 in 100 of its
    spots: one spacing on a lattice.

    Parameters
    ----------
    coordinates
        True coordinates in one frame, spots x dimensions.
    slices
        Slice of each spot, in the same order.

    Returns
    -------
    Boolean mask of the spots that all slices cover.

    Raises
    ------
    ValueError
        If lengths differ, a label is missing, or a slice has one spot only.

    Examples
    --------
    >>> import numpy as np
    >>> line = np.array([0, 1, 2, 3, 2, 3, 4, 5.0])
    >>> shared_area(line[:, None], list("aaaabbbb"))
    array([False,  True,  True,  True,  True,  True,  True, False])
    """
    from scipy.spatial import cKDTree

    slices, coordinates = in_one_order(slices=slices, coordinates=coordinates)
    slices, coordinates = in_one_order(slices=slices, coordinates=coordinates)
    points, (codes, names) = squarable("coordinates", coordinates), label_codes("slices", slices)
    same_length(coordinates=points, slices=codes)
    inside = np.ones(len(points), bool)
    for s, name in enumerate(names):
        own = points[codes == s]
        if len(own) < 2:
            msg = f"slice {name!r} must hold at least 2 spots, got {len(own)}"
            raise ValueError(msg)
        reach = np.quantile(distance_to_nearest(own), COVERED)
        # Rounding must not decide on a lattice, where many distances are the reach.
        inside &= cKDTree(own).query(points)[0] <= reach * (1 + 1e-6)
    return inside


def _enough(true: np.ndarray, own: np.ndarray, names: list[object]) -> None:
    few = [name for s, name in enumerate(names) if len(np.unique(true[own == s], axis=0)) < 2]
    if few:
        msg = (
            f"slices must share an area, got fewer than 2 places there of {_validate.listing(few)}: score slices that "
            "overlap, or give the mask shared"
        )
        raise ValueError(msg)


def _common_motion(aligned: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Move all slices together onto the truth: turn or reflect, and shift, but do not scale."""
    from scipy.linalg import orthogonal_procrustes

    centred, true = aligned - aligned.mean(axis=0), truth - truth.mean(axis=0)
    return centred @ orthogonal_procrustes(centred, true)[0] + truth.mean(axis=0)


def _parts(moved: np.ndarray, true: np.ndarray) -> tuple[float, float, float, float, bool, float, int]:
    error = np.sqrt(np.mean(np.sum((moved - true) ** 2, axis=1)))
    shift = np.linalg.norm(moved.mean(axis=0) - true.mean(axis=0))
    own, target = moved - moved.mean(axis=0), true - true.mean(axis=0)
    left, singular, right = np.linalg.svd(own.T @ target)
    is_reflected = bool(np.linalg.det(left @ right) < 0) and bool(singular[-1] > 1e-9 * singular[0])
    left[:, -1] *= np.sign(np.linalg.det(left @ right))  # the best proper rotation
    fit, size, true_size = singular.sum(), np.sum(own**2), np.sum(target**2)
    left_over = true_size - (fit**2 / size if size > 0 else 0.0)
    residual = np.sqrt(max(left_over, 0.0) / len(true))
    return (
        float(error),
        _angle(left @ right),
        float(shift),
        float(fit / true_size),
        is_reflected,
        float(residual),
        len(true),
    )


def _angle(rotation: np.ndarray) -> float:
    """Angle of a rotation in two or three dimensions, in degrees."""
    cosine = (np.trace(rotation) - (len(rotation) - 2)) / 2
    # The antisymmetric part keeps small angles exact, which a cosine near 1 loses.
    odd = rotation - rotation.T
    sine = np.sqrt(np.sum(odd**2) / 8)
    return float(np.degrees(np.arctan2(sine, cosine)))
