"""LISI and kBET of slices within domains, by scib-metrics, which is an optional extra (it brings jax)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim._random import RNGLike
from spsim.metrics._neighbors import nearest_in_embedding
from spsim.metrics._sampling import generator
from spsim.metrics._slice_mixing import (
    SliceMixing,
    checked_slices,
    domain_members,
    neighbors_within,
    spread_ties,
)

Measure = Callable[[np.ndarray, np.ndarray, int], float]
# Permutations of the slices within a domain over which a ceiling is the mean.
N_DRAWS = 3


def slice_lisi(
    embedding: ArrayLike, slices: ArrayLike, domains: ArrayLike, *, n_neighbors: int = 49, rng: RNGLike = 0
) -> SliceMixing:
    r"""Local inverse Simpson index of slices within domains, by scib-metrics.

    :math:`(\text{iLISI} - 1) / (S - 1)` with the median over the spots of a domain that S slices have, as scib scales it.
    Needs the extra ``integration``.

    Parameters
    ----------
    embedding
        Spots x K.
    slices
        Slice of each spot, in the same order.
    domains
        True domain of each spot.
    n_neighbors
        Neighbours to look at, without the spot itself, as in :func:`slice_mixing`; the perplexity is a third of them.
    rng
        Seed of the choice among equally near spots and of the ceiling.

    Returns
    -------
    As :func:`slice_mixing`; a domain that one slice has scores NaN. ``ceiling`` is the mean over slices that are dealt
    out anew within the domain (unequal slices cannot reach 1), ``chance`` the value of the same embedding with the
    slices moved apart. ``shared`` is the mean over domains, weighted by their spots.

    Raises
    ------
    ImportError
        If scib-metrics is not installed.
    ValueError
        As :func:`slice_mixing`.

    Examples
    --------
    >>> import numpy as np
    >>> slices, domains = np.repeat(["s", "t"], 40), np.tile(["a", "b"], 40)
    >>> mixed = np.random.default_rng(0).random((80, 2))
    >>> slice_lisi(mixed, slices, domains).shared > 0.8  # doctest: +SKIP
    True

    References
    ----------
    .. [1] Korsunsky et al. (2019), Fast, sensitive and accurate integration of single-cell data with Harmony, Nature
       Methods 16, 1289-1296.
    """
    return _by_domain(_lisi, embedding, slices, domains, n_neighbors=n_neighbors, rng=rng)


def slice_kbet(
    embedding: ArrayLike, slices: ArrayLike, domains: ArrayLike, *, n_neighbors: int = 49, rng: RNGLike = 0
) -> SliceMixing:
    """Acceptance rate of kBET within domains, by scib-metrics.

    Share of a domain's spots whose neighbours' slices are not told from the domain's by a chi-squared test at 0.05.
    Needs the extra ``integration``.

    Parameters
    ----------
    embedding
        Spots x K.
    slices
        Slice of each spot, in the same order.
    domains
        True domain of each spot.
    n_neighbors
        Neighbours to look at, without the spot itself, as in :func:`slice_mixing`.
    rng
        Seed of the choice among equally near spots and of the ceiling.

    Returns
    -------
    As :func:`slice_lisi`.

    Raises
    ------
    ImportError
        If scib-metrics is not installed.
    ValueError
        As :func:`slice_mixing`.

    Examples
    --------
    >>> import numpy as np
    >>> slices, domains = np.repeat(["s", "t"], 40), np.tile(["a", "b"], 40)
    >>> mixed = np.random.default_rng(0).random((80, 2))
    >>> slice_kbet(mixed, slices, domains).shared > 0.8  # doctest: +SKIP
    True

    References
    ----------
    .. [1] Buttner et al. (2019), A test metric for assessing single-cell RNA-seq batch correction, Nature Methods 16,
       43-49.
    """
    return _by_domain(_kbet, embedding, slices, domains, n_neighbors=n_neighbors, rng=rng)


def _lisi(points: np.ndarray, codes: np.ndarray, n_neighbors: int) -> float:
    return float(_library().ilisi_knn(_neighbors(points, n_neighbors), codes))


def _kbet(points: np.ndarray, codes: np.ndarray, n_neighbors: int) -> float:
    return float(_library().kbet(_neighbors(points, n_neighbors), codes)[0])


def _by_domain(
    measure: Measure, embedding: ArrayLike, slices: ArrayLike, domains: ArrayLike, *, n_neighbors: int, rng: RNGLike
) -> SliceMixing:
    array, codes, domain, names = checked_slices(embedding, slices, domains)
    n_neighbors = _validate.whole("n_neighbors", n_neighbors, at_least=1)
    _library()  # before anything is computed
    points, random = spread_ties(array, rng), generator(rng)
    rows: list[tuple[float, ...]] = []
    for _, spots in domain_members(domain):
        here, own = points[spots], np.unique(codes[spots], return_inverse=True)[1]
        n_here = int(own.max()) + 1
        k = neighbors_within(n_neighbors, len(spots), n_here)
        values = (np.nan, np.nan, np.nan)
        if n_here > 1:
            dealt = [measure(here, random.permutation(own), k) for _ in range(N_DRAWS)]
            values = measure(here, own, k), float(np.mean(dealt)), measure(_moved_apart(here, own), own, k)
        rows.append((*values, k, len(spots), n_here))
    score, ceiling, chance, used, sizes, n_slices = np.array(rows, np.float64).T
    several = n_slices > 1
    return SliceMixing(
        names=names,
        score=score,
        ceiling=ceiling,
        chance=chance,
        n=sizes.astype(np.int64),
        n_slices=n_slices.astype(np.int64),
        n_neighbors=used.astype(np.int64),
        shared=float(np.average(score[several], weights=sizes[several])),
        shared_chance=float(np.average(chance[several], weights=sizes[several])),
    )


def _moved_apart(points: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Return the embedding with the slices too far apart to be neighbours."""
    return np.column_stack([points, own * 10 * (1 + np.abs(points).max())])


def _neighbors(points: np.ndarray, n_neighbors: int) -> Any:
    """Return what scib-metrics takes: each row itself, then its nearest others in order."""
    from scib_metrics.nearest_neighbors import NeighborsResults

    rows = np.arange(len(points))
    found = nearest_in_embedding(points, n_neighbors, rows)
    indices = np.column_stack([rows, found])
    distances = np.linalg.norm(points[indices] - points[:, None], axis=2)
    return NeighborsResults(indices=indices, distances=distances)


def _library() -> Any:
    try:
        import scib_metrics
    except ImportError as error:
        msg = 'LISI and kBET need scib-metrics: pip install "spsim-omics[integration]"'
        raise ImportError(msg) from error
    return scib_metrics
