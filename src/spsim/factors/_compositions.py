"""Named compositions of regions, those of synthspot: which types a region has, and how much of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from spsim import _validate
from spsim._random import Purpose, Stream, uniforms

# Tiles of the stream of factors whose words are a recipe's: odd ones, since sets of observations draw from even ones.
ORDER, WEIGHTS, OVERLAP, MAIN = 3, 5, 7, 9
N_OVERLAP = 4
DIVERSE, DOMINANT, ABUNDANT, RARE = (1, 10), (75, 100), (75, 125), 10


def named_composition(name: str, n_regions: int, n_types: int, source: Stream) -> np.ndarray:
    """Return the share of each type in each region, regions × types.

    ``uniform_distinct``, ``diverse_distinct``
        Types are dealt to the regions, each to one; equal weights, or a permutation of 1 … 10 in each region.
    ``uniform_overlap``, ``diverse_overlap``
        Four types are set aside, and each region has one of them beside its own.
    ``dominant``
        As ``diverse_overlap``, and one type more, of weight 75 … 100, in all regions.
    ``partially_dominant``
        The same, but in one region it weighs 1 … 10, and in another one it is missing.
    ``dominant_rare``
        As ``uniform_overlap`` with weights 75 … 125, and one type more, of weight 10, in all regions.
    ``regional_rare``
        The same, but it is in one region only.
    """
    _validate.one_of("composition", name, COMPOSITIONS)
    least, make = COMPOSITIONS[name]
    if n_types < least(n_regions):
        msg = f"composition {name!r} needs at least {least(n_regions)} types in {n_regions} regions, got n_types={n_types}"
        raise ValueError(msg)
    weights = make(n_regions, n_types, source)
    return weights / weights.sum(axis=1, keepdims=True)


def _distinct(n_regions: int, n_types: int, source: Stream) -> np.ndarray:
    """Which types a region has: each type is in one region."""
    return _dealt(_order(n_types, source), n_regions, n_types)


def _overlapping(n_regions: int, n_types: int, source: Stream, *, n_other: int = 0) -> np.ndarray:
    """Which types a region has, if four are shared; the last ``n_other`` of the order are left out."""
    order = _order(n_types, source)[: n_types - n_other]
    shared, own = order[:N_OVERLAP], order[N_OVERLAP:]
    has = _dealt(own, n_regions, n_types)
    chosen = shared[(uniforms(source, Purpose.FACTORS, n_regions, tile=OVERLAP) * N_OVERLAP).astype(np.intp)]
    has[np.arange(n_regions), chosen] = True
    return has


def _uniform_distinct(n_regions: int, n_types: int, source: Stream) -> np.ndarray:
    return _distinct(n_regions, n_types, source).astype(float)


def _diverse_distinct(n_regions: int, n_types: int, source: Stream) -> np.ndarray:
    return _diverse(_distinct(n_regions, n_types, source), source)


def _uniform_overlap(n_regions: int, n_types: int, source: Stream) -> np.ndarray:
    return _overlapping(n_regions, n_types, source).astype(float)


def _diverse_overlap(n_regions: int, n_types: int, source: Stream) -> np.ndarray:
    return _diverse(_overlapping(n_regions, n_types, source), source)


def _dominant(n_regions: int, n_types: int, source: Stream) -> np.ndarray:
    weights = _diverse(_overlapping(n_regions, n_types, source, n_other=1), source)
    drawn = uniforms(source, Purpose.FACTORS, (n_regions, 2), tile=MAIN)
    weights[:, _order(n_types, source)[-1]] = _whole(drawn[:, 0], *DOMINANT)
    return weights


def _partially_dominant(n_regions: int, n_types: int, source: Stream) -> np.ndarray:
    weights = _dominant(n_regions, n_types, source)
    drawn = uniforms(source, Purpose.FACTORS, (n_regions, 2), tile=MAIN)
    main, regions = _order(n_types, source)[-1], drawn[:, 1].argsort(kind="stable")
    weights[regions[0], main] = _whole(drawn[regions[0], 0], *DIVERSE)
    if n_regions > 1:
        weights[regions[1], main] = 0.0
    return weights


def _dominant_rare(n_regions: int, n_types: int, source: Stream) -> np.ndarray:
    has = _overlapping(n_regions, n_types, source, n_other=1)
    weights = has * _whole(uniforms(source, Purpose.FACTORS, has.shape, tile=WEIGHTS), *ABUNDANT)
    weights[:, _order(n_types, source)[-1]] = RARE
    return weights


def _regional_rare(n_regions: int, n_types: int, source: Stream) -> np.ndarray:
    weights = _dominant_rare(n_regions, n_types, source)
    drawn = uniforms(source, Purpose.FACTORS, (n_regions, 2), tile=MAIN)
    weights[drawn[:, 1].argsort(kind="stable")[1:], _order(n_types, source)[-1]] = 0.0
    return weights


def _order(n_types: int, source: Stream) -> np.ndarray:
    return uniforms(source, Purpose.FACTORS, n_types, tile=ORDER).argsort(kind="stable")


def _dealt(order: np.ndarray, n_regions: int, n_types: int) -> np.ndarray:
    has = np.zeros((n_regions, n_types), bool)
    has[np.arange(len(order)) % n_regions, order] = True
    return has


def _diverse(has: np.ndarray, source: Stream) -> np.ndarray:
    """Give the types of a region different weights, 1 … 10 or as many as it has types."""
    least, most = DIVERSE
    place = np.cumsum(has, axis=1) - 1
    n_weights = max(most, int(place.max()) + 1)
    permuted = uniforms(source, Purpose.FACTORS, (len(has), n_weights), tile=WEIGHTS).argsort(axis=1, kind="stable")
    return has * (np.take_along_axis(permuted, np.maximum(place, 0), axis=1) + least)


def _whole(drawn: np.ndarray, least: int, most: int) -> np.ndarray:
    return least + np.floor(drawn * (most - least + 1))


def _as_many(n_regions: int) -> int:
    return n_regions


def _shared(n_regions: int) -> int:
    return N_OVERLAP


def _one_more(n_regions: int) -> int:
    return N_OVERLAP + 1


Rule = Callable[[int, int, Stream], np.ndarray]
# Fewest types for a number of regions, and the weights.
COMPOSITIONS: Mapping[str, tuple[Callable[[int], int], Rule]] = {
    "uniform_distinct": (_as_many, _uniform_distinct),
    "diverse_distinct": (_as_many, _diverse_distinct),
    "uniform_overlap": (_shared, _uniform_overlap),
    "diverse_overlap": (_shared, _diverse_overlap),
    "dominant": (_one_more, _dominant),
    "partially_dominant": (_one_more, _partially_dominant),
    "dominant_rare": (_one_more, _dominant_rare),
    "regional_rare": (_one_more, _regional_rare),
}
