"""How well the couplings between programs are recovered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim._random import RNGLike
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import matrix
from spsim.metrics._chance import Chance, chance_level
from spsim.metrics._matched_programs import aligned
from spsim.metrics._sampling import generator

KINDS = {"": np.abs, "_positive": np.positive, "_negative": np.negative}


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkRecovery:
    """What :func:`network_recovery` found; values by name of the score, NaN where there is no such edge."""

    scores: dict[str, float]
    """``aupr_ratio`` and ``early_precision_ratio``, and both of the edges of either sign, ``…_positive``, ``…_negative``."""
    ceiling: dict[str, float]
    """The same of the true network."""
    chance: Chance | None
    """The same, in their order, over permuted edges; None without draws."""
    edges: dict[str, int]
    """Number of true edges that each score counts."""
    density: dict[str, float]
    """Share of the pairs of programs that they are."""
    n_pairs: int
    """Number of pairs of different programs."""
    n_missed: int
    """Pairs of which a program is unmatched: edges among them are missed."""


def network_recovery(
    estimate: ArrayLike,
    truth: ArrayLike,
    *,
    match: ArrayLike | None = None,
    sign: ArrayLike | None = None,
    n_draws: int = 100,
    rng: RNGLike = 0,
) -> NetworkRecovery:
    r"""Score an estimated network of programs against the true one.

    Over the pairs of different programs, with :math:`\rho` the share of them that are edges, ranked by the size of the
    estimate: the area under the precision-recall curve (average precision) and the precision of the first k, the number of
    true edges, both divided by :math:`\rho`. Random rankings have 1 of the second on average, and more of the first where
    pairs are few: the table has it as chance. Pairs with equal estimates share their places. Edges of each sign are scored
    apart, ranked by the estimate and by its negative.

    Parameters
    ----------
    estimate
        Couplings of the estimated programs, square. Of a directed estimate the direction that is larger in size counts;
        two of one size and of opposite signs are a coupling of this size without a sign.
    truth
        True couplings, square and symmetric; what is not 0 is an edge. Entries of a program with itself are left out.
    match
        Estimated program of each true one, -1 where there is none: its edges are missed, which no ranking finds. By
        default programs are in the same order.
    sign
        -1 where a matched program is turned around, so that its couplings change their sign, 0 where it is worth nothing, so
        that they are 0; 1 by default.
    n_draws
        Draws of permuted edges for chance; 0 for none.
    rng
        Seed of the draws.

    Returns
    -------
    Scores, their ceiling, chance, and what they count.

    Raises
    ------
    ValueError
        If a network is not square, the true one is not symmetric or has no edge, or the match does not fit.

    Examples
    --------
    >>> truth = [[0, 0.8, 0, 0], [0.8, 0, -0.6, 0], [0, -0.6, 0, 0], [0, 0, 0, 0]]
    >>> found = network_recovery(truth, truth)
    >>> found.scores["aupr_ratio"], found.scores["aupr_ratio_negative"]
    (3.0, 6.0)

    References
    ----------
    .. [1] Pratapa et al. (2020), Benchmarking algorithms for gene regulatory network inference from single-cell
       transcriptomic data, Nature Methods 17, 147-154.
    """
    # Rows and columns of the estimate are its own programs: labels say nothing across the two, only within.
    truth, match, sign = in_one_order(truth=truth, match=match, sign=sign)
    true, given = _square("truth", truth), _square("estimate", estimate)
    if not np.allclose(true, true.T):
        msg = "truth must be symmetric, because couplings have no direction, got a matrix that is not"
        raise ValueError(msg)
    own, sizes, is_there = aligned(given, len(true), match, sign)
    pairs = np.triu_indices(len(true), 1)
    weights, ranked = true[pairs], is_there[pairs]
    found = {"": sizes[pairs], "_positive": own[pairs], "_negative": -own[pairs]}
    if not weights.any():
        msg = "truth must have at least one edge between different programs, got none"
        raise ValueError(msg)
    scores = _scores(found, ranked, weights)
    perfect = {kind: of(weights) for kind, of in KINDS.items()}
    random = generator(rng)
    n_draws = _validate.whole("n_draws", n_draws)
    draws = [random.permutation(weights) for _ in range(n_draws)]
    edges = {
        f"{score}{kind}": int((of(weights) > 0).sum())
        for score in ("aupr_ratio", "early_precision_ratio")
        for kind, of in KINDS.items()
    }
    return NetworkRecovery(
        scores={name: scores[name] for name in edges},
        ceiling={name: _scores(perfect, np.ones(len(weights), bool), weights)[name] for name in edges},
        chance=chance_level(lambda draw: _in_order(_scores(found, ranked, draw), edges), draws) if n_draws else None,
        edges=edges,
        density={name: count / len(weights) for name, count in edges.items()},
        n_pairs=len(weights),
        n_missed=int((~ranked).sum()),
    )


def _square(name: str, values: ArrayLike) -> np.ndarray:
    array = matrix(name, values)
    if array.shape[0] != array.shape[1] or len(array) < 2:
        msg = f"{name} must be square with at least two programs, got shape {array.shape}"
        raise ValueError(msg)
    return array.astype(np.float64)


def _in_order(scores: dict[str, float], names: dict[str, int]) -> np.ndarray:
    return np.array([scores[name] for name in names])


def _scores(found: dict[str, np.ndarray], ranked: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    scores = {}
    for kind, of in KINDS.items():
        is_edge = of(weights) > 0
        n_edges = int(is_edge.sum())
        density = n_edges / len(is_edge)
        selected, hits = _hits(found[kind][ranked], is_edge[ranked])
        scores[f"aupr_ratio{kind}"] = _average_precision(selected, hits, n_edges) / density if n_edges else np.nan
        scores[f"early_precision_ratio{kind}"] = _early(selected, hits, n_edges) / density if n_edges else np.nan
    return scores


def _hits(values: np.ndarray, is_edge: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how many pairs, and how many edges among them, each distinct value selects, from nothing on."""
    order = np.argsort(-values, kind="stable")
    last = np.flatnonzero(np.append(np.diff(values[order]) != 0, True)) if len(values) else np.empty(0, np.intp)
    return np.append(0, last + 1), np.append(0, np.cumsum(is_edge[order])[last])


def _average_precision(selected: np.ndarray, hits: np.ndarray, n_edges: int) -> float:
    return float(np.sum(np.diff(hits) * hits[1:] / selected[1:]) / n_edges)


def _early(selected: np.ndarray, hits: np.ndarray, n_edges: int) -> float:
    """Return the precision of the first places; pairs with equal values are in each order with the same probability."""
    return float(np.interp(n_edges, selected, hits) / n_edges)
