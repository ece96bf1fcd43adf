"""Whether spots of one slice are matched to the spots of another that lie at the same place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from spsim._objects import is_sparse
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import matrix, same_length, squarable
from spsim.metrics._labels import label_codes
from spsim.metrics._neighbors import TREE_COLUMNS

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, kw_only=True, eq=False)
class CorrespondenceAccuracy:
    """What :func:`correspondence_accuracy` found, one entry per ordered pair of slices."""

    pairs: list[tuple[object, object]]
    """The slice whose spots are matched, and the slice that they are matched to."""
    score: np.ndarray
    """Share of the spots whose match is a true partner; of weighted matches, the mean share of a spot's weight."""
    ceiling: np.ndarray
    """Share of the spots that have a partner."""
    chance: np.ndarray
    """The same of a spot drawn at random: 1 / n of the partner slice for each partner."""
    mass: np.ndarray
    """Share of all weight of the pair that lies on true partners; 0 without any."""
    agreement: np.ndarray
    """Share of the spots whose match has the same label; NaN without labels."""
    n: np.ndarray
    """Spots of the first slice."""
    n_matched: np.ndarray
    """How many of them have a match."""


def correspondence_accuracy(
    plan: ArrayLike | csr_matrix,
    partners: ArrayLike | csr_matrix,
    slices: ArrayLike,
    *,
    labels: ArrayLike | None = None,
) -> CorrespondenceAccuracy:
    """Score a correspondence between slices against the true partners.

    A row of the plan says which spots of another slice a spot is matched to, and with what weight; each row is divided
    by its sum within that slice, so that hard matches and transport plans are on one scale. A spot without a match is
    a miss. A pair of slices that is given in one direction only is read in both.

    Parameters
    ----------
    plan
        Spots x spots, sparse or dense, weights that are not negative; those within a slice are not looked at.
    partners
        Spots x spots, not zero where two spots of different slices are partners.
    slices
        Slice of each spot, in the same order.
    labels
        Label of each spot, for the agreement of matched spots that papers print.

    Returns
    -------
    Score, ceiling and chance of each ordered pair of slices.

    Raises
    ------
    ValueError
        If shapes differ, a weight is negative or not finite, or there is one slice only.

    Examples
    --------
    >>> import numpy as np
    >>> partners = np.array([[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]])
    >>> plan = np.array([[0, 0, 3, 0], [0, 0, 1, 1], [1, 0, 0, 0], [0, 2, 0, 0]])
    >>> result = correspondence_accuracy(plan, partners, ["s", "s", "t", "t"])
    >>> result.score, result.chance
    (array([0.75, 1.  ]), array([0.5, 0.5]))

    References
    ----------
    .. [1] Zeira et al. (2022), Alignment and integration of spatial transcriptomics data, Nature Methods 19, 567-575.
    """
    slices, plan, partners, labels = in_one_order(slices=slices, plan=plan, partners=partners, labels=labels)
    slices, plan, partners = in_one_order(axis=1, slices=slices, plan=plan, partners=partners)
    slices, plan, partners, labels = in_one_order(slices=slices, plan=plan, partners=partners, labels=labels)
    slices, plan, partners = in_one_order(axis=1, slices=slices, plan=plan, partners=partners)
    codes, names = label_codes("slices", slices)
    _several(names)
    weights, true = _square("plan", plan, len(codes)), _square("partners", partners, len(codes))
    of_label = None if labels is None else label_codes("labels", labels)[0]
    if of_label is not None:
        same_length(slices=codes, labels=of_label)
    rows = [np.flatnonzero(codes == s) for s in range(len(names))]
    pairs = [(a, b) for a in range(len(names)) for b in range(len(names)) if a != b]
    found = [_pair(weights, true, rows[a], rows[b], of_label) for a, b in pairs]
    score, ceiling, chance, mass, agreement, n, n_matched = (np.array(part) for part in zip(*found, strict=True))
    return CorrespondenceAccuracy(
        pairs=[(names[a], names[b]) for a, b in pairs],
        score=score,
        ceiling=ceiling,
        chance=chance,
        mass=mass,
        agreement=agreement,
        n=n,
        n_matched=n_matched,
    )


def nearest_correspondence(embedding: ArrayLike, slices: ArrayLike) -> csr_matrix:
    """Match each spot to the nearest spot of each other slice.

    Parameters
    ----------
    embedding
        Coordinates or an embedding, spots x K; above 6 columns all pairs are compared.
    slices
        Slice of each spot, in the same order.

    Returns
    -------
    Sparse matrix, spots x spots, with one 1 per spot and other slice; of equally near spots any.

    Raises
    ------
    ValueError
        If lengths differ, a label is missing, or there is one slice only.

    Examples
    --------
    >>> nearest_correspondence([[0.0], [5.0], [4.0], [1.0]], ["s", "s", "t", "t"]).toarray().astype(int)
    array([[0, 0, 0, 1],
           [0, 0, 1, 0],
           [0, 1, 0, 0],
           [1, 0, 0, 0]])
    """
    from scipy.sparse import csr_matrix
    from sklearn.neighbors import NearestNeighbors

    slices, embedding = in_one_order(slices=slices, embedding=embedding)
    slices, embedding = in_one_order(slices=slices, embedding=embedding)
    points, (codes, names) = squarable("embedding", embedding), label_codes("slices", slices)
    same_length(embedding=points, slices=codes)
    _several(names)
    centred = points - points.mean(axis=0)  # large offsets would cancel in the fast distance formula
    algorithm = "kd_tree" if points.shape[1] <= TREE_COLUMNS else "brute"
    rows, columns = [], []
    for s in range(len(names)):
        own, others = np.flatnonzero(codes == s), np.flatnonzero(codes != s)
        search = NearestNeighbors(n_neighbors=1, algorithm=algorithm).fit(centred[own])
        rows.append(others)
        columns.append(own[search.kneighbors(centred[others], return_distance=False)[:, 0]])
    places = np.concatenate(rows), np.concatenate(columns)
    return csr_matrix((np.ones(len(places[0])), places), shape=(len(codes), len(codes)))


def partners_within(coordinates: np.ndarray, codes: np.ndarray, reach: float) -> csr_matrix:
    """Pairs of spots of different slices that are at most ``reach`` apart in the true frame."""
    from scipy.sparse import csr_matrix
    from scipy.spatial import cKDTree

    # Rounding must not decide where lattices are shifted by half a spacing.
    pairs = cKDTree(coordinates).query_pairs(reach * (1 + 1e-6), output_type="ndarray")
    pairs = pairs[codes[pairs[:, 0]] != codes[pairs[:, 1]]]
    rows, columns = np.concatenate([pairs, pairs[:, ::-1]]).T
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(codes), len(codes)))


def _several(names: list[object]) -> None:
    if len(names) < 2:
        msg = f"slices must be at least 2, got {names[0]!r} only: nothing can be matched"
        raise ValueError(msg)


def _square(name: str, values: Any, n_spots: int) -> csr_matrix:
    from scipy.sparse import csr_matrix

    if is_sparse(values):
        kept = values.tocsr().copy()
        kept.sum_duplicates()
        if kept.data.size:
            matrix(name, np.atleast_2d(kept.data))
    else:
        kept = matrix(name, values)
    if kept.shape != (n_spots, n_spots):
        msg = f"{name} must have a row and a column for each of the {n_spots} spots, got shape {kept.shape}"
        raise ValueError(msg)
    square = csr_matrix(kept, dtype=np.float64)
    square.eliminate_zeros()
    if square.data.min(initial=0.0) < 0:
        msg = f"{name} must not be negative, got {square.data.min():g}"
        raise ValueError(msg)
    return square


def _pair(
    weights: csr_matrix, partners: csr_matrix, own: np.ndarray, other: np.ndarray, labels: np.ndarray | None
) -> tuple[float, float, float, float, float, int, int]:
    plan, true = weights[own][:, other], partners[own][:, other] > 0
    if not plan.nnz:
        plan = weights[other][:, own].T.tocsr()
    # Of any size, also one whose sum is infinite.
    plan = plan / plan.data.max(initial=1.0)
    totals = np.asarray(plan.sum(axis=1)).ravel()
    is_matched = totals > 0
    on_partner = np.asarray(plan.multiply(true).sum(axis=1)).ravel()
    share = np.divide(on_partner, totals, out=np.zeros(len(own)), where=is_matched)
    agreement = np.nan
    if labels is not None:
        entries = plan.tocoo()
        same = labels[own[entries.row]] == labels[other[entries.col]]
        alike = np.bincount(entries.row[same], weights=entries.data[same], minlength=len(own))
        agreement = float(np.mean(np.divide(alike, totals, out=np.zeros(len(own)), where=is_matched)))
    mass = on_partner.sum() / totals.sum() if is_matched.any() else 0.0
    return (
        float(share.mean()),
        float(np.mean(np.diff(true.tocsr().indptr) > 0)),
        float(true.nnz / (len(own) * len(other))),
        float(mass),
        agreement,
        len(own),
        int(is_matched.sum()),
    )
