"""Whether spots that are alike stay neighbours in an embedding."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from spsim._random import RNGLike
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import mask, same_length, squarable
from spsim.metrics._groups import group_members, in_group
from spsim.metrics._labels import label_codes
from spsim.metrics._neighbors import nearest_in_embedding
from spsim.metrics._own_label import own_label_counts
from spsim.metrics._sampling import sampled_rows


def neighborhood_jaccard(
    embedding: ArrayLike,
    reference: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    n_neighbors: int = 49,
    n_sampled: int | None = None,
    rng: RNGLike = 0,
) -> float:
    r"""Overlap of each spot's neighbours in an embedding with those in a reference space.

    .. math:: \frac1n \sum_i \frac{|N_i \cap M_i|}{|N_i \cup M_i|}

    :math:`N_i` and :math:`M_i` are the nearest *other* spots in Euclidean distance. [1]_ and [2]_ ask for 50 with the
    spot itself among them, hence the default of 49 others. Score one modality at a time, always against the same
    reference: the value depends more on the reference than on the method.

    Above 6 columns the search compares all pairs of spots: its time grows with their square.

    Parameters
    ----------
    embedding
        Spots x K.
    reference
        Spots x M, rows in the same order, for example the modality's principal components.
    groups
        One label per spot (slice, sample): neighbours are searched within the spot's group, and the mean is over all
        spots. Give it where one of the two spaces is that of the coordinates or differs between slices.
    n_neighbors
        Neighbours to compare, without the spot itself. Equal rows are neighbours at distance 0. Where more spots are
        equally far than can be neighbours, the choice among them is arbitrary.
    n_sampled
        Spots in the seeded sample over which the mean is taken; None takes all. The neighbours are always searched
        among all spots.
    rng
        Seed of the sample.

    Returns
    -------
    0 to 1, higher is better.

    Examples
    --------
    >>> import numpy as np
    >>> line = np.arange(20.0)[:, None]
    >>> neighborhood_jaccard(-3 * line, line, n_neighbors=2)
    1.0

    References
    ----------
    .. [1] Long et al. (2024), Deciphering spatial domains from spatial multi-omics with SpatialGlue, Nature Methods
       21, 1658-1667.
    .. [2] Interpretable spatial multi-omics data integration and dimension reduction with SpaMV (2025), bioRxiv,
       doi 10.1101/2025.08.02.668264.
    """
    embedding, reference, groups = in_one_order(embedding=embedding, reference=reference, groups=groups)
    embedding, reference = squarable("embedding", embedding), squarable("reference", reference)
    rows = sampled_rows(same_length(embedding=embedding, reference=reference), n_sampled, rng)
    n_shared = np.empty(len(rows), np.int64)
    for name, members, place, own in _rows_by_group(rows, groups, len(embedding)):
        near = [
            nearest_in_embedding(array[members], n_neighbors, own, where=in_group(name))
            for array in (embedding, reference)
        ]
        both = np.sort(np.concatenate(near, axis=1), axis=1)
        n_shared[place] = np.count_nonzero(both[:, 1:] == both[:, :-1], axis=1)
    return float(np.mean(n_shared / (2 * n_neighbors - n_shared)))


def neighborhood_purity(
    embedding: ArrayLike,
    labels: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    n_neighbors: int = 49,
    foreground: ArrayLike | None = None,
    n_sampled: int | None = None,
    rng: RNGLike = 0,
) -> float:
    """Mean share of a spot's nearest others in an embedding that carry its own label.

    Above 6 columns the search compares all pairs of spots: its time grows with their square.

    Parameters
    ----------
    embedding
        Spots x K.
    labels
        True domain of each spot, in the same order.
    groups
        One label per spot (slice, sample): neighbours are searched within the spot's group, and the mean is over all
        spots, so that it says nothing of how groups mix.
    n_neighbors
        Neighbours to look at, without the spot itself.
    foreground
        Boolean mask of the spots over which the mean is taken; neighbours are searched among all spots.
    n_sampled
        Spots in the seeded sample over which the mean is taken; None takes all.
    rng
        Seed of the sample.

    Returns
    -------
    0 to 1, higher is better. Chance is the sum of the squared shares of the labels, and a domain with fewer than
    ``n_neighbors`` + 1 spots cannot reach 1. NaN where all spots are of one label.

    Examples
    --------
    >>> import numpy as np
    >>> neighborhood_purity(np.arange(4.0)[:, None], ["a", "a", "b", "b"], n_neighbors=1)
    0.75
    """
    labels, embedding, groups, foreground = in_one_order(
        labels=labels, embedding=embedding, groups=groups, foreground=foreground
    )
    embedding, (codes, _) = squarable("embedding", embedding), label_codes("labels", labels)
    n_spots = same_length(embedding=embedding, labels=codes)
    scored = np.arange(n_spots) if foreground is None else np.flatnonzero(mask("foreground", foreground, n_spots))
    rows = scored[sampled_rows(len(scored), n_sampled, rng)]
    counts = same_label_counts(embedding, codes, rows, groups=groups, n_neighbors=n_neighbors)
    return float(counts.sum() / (n_neighbors * len(rows))) if codes.any() else float("nan")


def same_label_counts(
    embedding: np.ndarray, codes: np.ndarray, rows: np.ndarray, *, groups: ArrayLike | None, n_neighbors: int
) -> np.ndarray:
    """Count, for each of ``rows``, the nearest others in its group that carry its own code."""
    counts = np.empty(len(rows), np.int64)
    for name, members, place, own in _rows_by_group(rows, groups, len(embedding)):
        counts[place] = own_label_counts(embedding[members], codes[members], n_neighbors, own, where=in_group(name))
    return counts


def _rows_by_group(
    rows: np.ndarray, groups: ArrayLike | None, n_spots: int
) -> Iterator[tuple[object, np.ndarray, np.ndarray, np.ndarray]]:
    """Yield, for each group that holds any of ``rows``, its name, its members, where its own stand in ``rows``, and their places among the members."""
    for name, members in group_members(groups, n_spots).items():
        within = np.full(n_spots, -1)
        within[members] = np.arange(len(members))
        place = np.flatnonzero(within[rows] >= 0)
        if len(place):
            yield name, members, place, within[rows[place]]
