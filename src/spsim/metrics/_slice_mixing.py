"""Whether slices mix where they have the same domain, and whether a domain that one slice has stays apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim._random import RNGLike
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import same_length, squarable
from spsim.metrics._labels import label_codes
from spsim.metrics._own_label import own_label_counts
from spsim.metrics._sampling import generator

# Share of the embedding's spread by which spots are moved, so that equally near ones are chosen among by chance.
JITTER = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class SliceMixing:
    """What :func:`slice_mixing` found, one entry per domain unless said otherwise."""

    names: list[object]
    """The domains, in order of first appearance."""
    score: np.ndarray
    """Domains of several slices: neighbours from another slice, over those of a mixed domain. Domains of one slice: share of the neighbours that are of that slice."""
    ceiling: np.ndarray
    """The same of a perfect embedding: 1, or less where a domain of one slice has too few spots."""
    chance: np.ndarray
    """Domains of several slices: the same of an embedding that keeps slices apart. Domains of one slice: of unrelated embeddings."""
    n: np.ndarray
    """Number of spots."""
    n_slices: np.ndarray
    """How many slices have the domain."""
    n_neighbors: np.ndarray
    """Neighbours that were looked at."""
    shared: float
    """Score of the spots of all domains that several slices have."""
    shared_chance: float
    """Their chance."""


def slice_mixing(
    embedding: ArrayLike,
    slices: ArrayLike,
    domains: ArrayLike,
    *,
    n_neighbors: int = 49,
    rng: RNGLike = 0,
) -> SliceMixing:
    r"""Score how far slices mix in an embedding, domain by domain.

    In a domain :math:`d` that several slices have, let :math:`o_i` be the share of spot i's nearest others *of the
    domain* that lie in another slice, and :math:`e_i = 1 - (n_{ds} - 1) / (n_d - 1)` its expectation where the
    :math:`n_{ds}` spots of i's slice lie among the :math:`n_d` of the domain at random. The score

    .. math:: \sum_{i \in d} o_i \, / \sum_{i \in d} e_i

    is 1 in expectation if slices are dealt out within the domain, however unequal their sizes (the inverse Simpson
    index cannot reach the number of slices then), and 0 if they lie apart. Mixing says nothing of domains: an embedding
    without any information mixes perfectly. Read it beside agreement or purity of domains.

    A domain that one slice has must not be pulled into another slice: its score is the share of its spots' nearest
    others, among all spots, that are of the own slice.

    Parameters
    ----------
    embedding
        Spots x K.
    slices
        Slice of each spot, in the same order.
    domains
        True domain of each spot.
    n_neighbors
        Neighbours to look at, without the spot itself; in a domain of n spots in S slices at most n / S - 1: slices that
        lie apart would seem to mix if spots had more neighbours than their slice can give.
    rng
        Seed of the choice among spots that are equally near.

    Returns
    -------
    Scores, their ceilings and chance, for each domain and for the spots of all domains that several slices have.

    Raises
    ------
    ValueError
        If lengths differ, a label is missing, there is one slice only, or no domain is in two slices.

    Examples
    --------
    >>> import numpy as np
    >>> slices, domains = np.repeat(["s", "t"], 40), np.tile(["a", "b"], 40)
    >>> apart = np.random.default_rng(0).random((80, 2)) + (slices == "t")[:, None] * [9, 0]
    >>> result = slice_mixing(apart, slices, domains, n_neighbors=9)
    >>> result.names, result.score
    (['a', 'b'], array([0., 0.]))

    References
    ----------
    .. [1] Luecken et al. (2022), Benchmarking atlas-level data integration in single-cell genomics, Nature Methods 19,
       41-50.
    """
    embedding, codes, domain, names = checked_slices(embedding, slices, domains)
    n_neighbors = _validate.whole("n_neighbors", n_neighbors, at_least=1)
    points = spread_ties(embedding, rng)
    sizes = _sizes(domain, codes)
    rows = [
        _mixing(points, codes, spots, n_neighbors)
        if sizes.n_slices[d] > 1
        else _apart(points, codes, spots, n_neighbors)
        for d, spots in domain_members(domain)
    ]
    score, ceiling, chance, used, expected = np.array(rows).T
    several = sizes.n_slices > 1
    weights = expected[several]
    return SliceMixing(
        names=names,
        score=score,
        ceiling=ceiling,
        chance=chance,
        n=sizes.n,
        n_slices=sizes.n_slices,
        n_neighbors=used.astype(np.int64),
        shared=float(np.average(score[several], weights=weights)),
        shared_chance=float(np.average(chance[several], weights=weights)),
    )


def checked_slices(
    embedding: ArrayLike, slices: ArrayLike, domains: ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[object]]:
    """Return the embedding, codes of slices and domains, and the domains' names; refuse slices that share nothing."""
    slices, domains, embedding = in_one_order(slices=slices, domains=domains, embedding=embedding)
    slices, domains, embedding = in_one_order(slices=slices, domains=domains, embedding=embedding)
    array = squarable("embedding", embedding)
    (codes, slice_names), (domain, names) = label_codes("slices", slices), label_codes("domains", domains)
    same_length(embedding=array, slices=codes, domains=domain)
    if len(slice_names) < 2:
        msg = f"slices must be at least 2, got {_validate.listing(slice_names)} only: nothing can mix"
        raise ValueError(msg)
    if not (_sizes(domain, codes).n_slices > 1).any():
        msg = (
            f"domains must be shared by slices, got {_validate.listing(names)}, each in one slice only: nothing can mix"
        )
        raise ValueError(msg)
    return array, codes, domain, names


def domain_members(domain: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yield each domain's number and its spots."""
    for d in range(domain.max() + 1):
        yield d, np.flatnonzero(domain == d)


def neighbors_within(n_neighbors: int, n_spots: int, n_slices: int) -> int:
    """Neighbours to look at in a domain: at most the others of a slice of mean size, at least one."""
    return min(n_neighbors, max(1, n_spots // n_slices - 1))


def spread_ties(embedding: np.ndarray, rng: RNGLike) -> np.ndarray:
    """Move spots by so little that only the order of equally near ones changes."""
    scale = np.abs(embedding - embedding.mean(axis=0)).max()
    return embedding + JITTER * (scale if scale > 0 else 1.0) * generator(rng).standard_normal(embedding.shape)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sizes:
    n: np.ndarray
    n_slices: np.ndarray


def _sizes(domain: np.ndarray, codes: np.ndarray) -> _Sizes:
    table = np.zeros((domain.max() + 1, codes.max() + 1), np.int64)
    np.add.at(table, (domain, codes), 1)
    return _Sizes(n=table.sum(axis=1), n_slices=np.count_nonzero(table, axis=1))


Row = tuple[float, float, float, int, float]


def _mixing(points: np.ndarray, codes: np.ndarray, spots: np.ndarray, n_neighbors: int) -> Row:
    """Score, ceiling, chance, neighbours and expected share of a domain that several slices have."""
    own = codes[spots]
    sizes = np.bincount(own)
    k, n_alike = neighbors_within(n_neighbors, len(spots), int(np.count_nonzero(sizes))), sizes[own] - 1
    expected = np.sum(1 - n_alike / (len(spots) - 1))
    found = np.sum(1 - own_label_counts(points[spots], own, k, np.arange(len(spots))) / k)
    apart = np.sum(1 - np.minimum(k, n_alike) / k)
    return float(found / expected), 1.0, float(apart / expected), k, float(expected)


def _apart(points: np.ndarray, codes: np.ndarray, spots: np.ndarray, n_neighbors: int) -> Row:
    """Return the same of a domain that one slice has; nothing is expected to mix."""
    n_spots, n_slice, n_domain = len(codes), int(np.sum(codes == codes[spots[0]])), len(spots)
    k = neighbors_within(n_neighbors, n_domain, 1)
    found = own_label_counts(points, codes, k, spots).mean() / k
    inside = min(k, n_domain - 1)
    ceiling = (inside + (k - inside) * (n_slice - n_domain) / (n_spots - n_domain)) / k
    return float(found), float(ceiling), (n_slice - 1) / (n_spots - 1), k, 0.0
