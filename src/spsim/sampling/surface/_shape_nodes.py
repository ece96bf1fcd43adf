"""Which likelihoods a surface of counts is built for: those of few kinds of features, or nodes between their shapes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from spsim.likelihoods import CountLikelihood
from spsim.likelihoods._shape import ShapedLikelihood

_MOST_KINDS = 8
_MOST_NODES = 64
_NODES_PER_OCTAVE = 3
# Nodes are even in the logarithm of 1 / shape plus this, so that they reach the Poisson limit.
_LEAST_DISPERSION = 2.0**-10
_NO_DISPERSION = 2.0**-40


@dataclass(frozen=True, kw_only=True, eq=False)
class Kinds:
    """Likelihoods with one shape each; every feature has the one of its node, or lies between it and the next."""

    nodes: Sequence[CountLikelihood]
    node: np.ndarray
    place: np.ndarray | None = None

    @property
    def n_tables(self) -> int:
        """Number of nodes, or of intervals between them."""
        return len(self.nodes) - (self.place is not None)


def surface_kinds(likelihood: CountLikelihood, n_features: int) -> Kinds:
    """Return the likelihoods of the kinds of features, or of nodes if there are many."""
    if not isinstance(likelihood, ShapedLikelihood):
        return Kinds(nodes=[likelihood], node=np.zeros(n_features, np.intp))
    of_features = np.broadcast_to(likelihood.shapes, n_features)
    shapes, kind = np.unique(of_features, return_inverse=True)
    if len(shapes) <= _MOST_KINDS:
        return Kinds(nodes=[replace(likelihood, shape=float(shape)) for shape in shapes], node=kind)
    coordinate = np.log2(1.0 / shapes + _LEAST_DISPERSION)
    low, high = coordinate.min(), coordinate.max()
    n_nodes = min(_MOST_NODES, max(4, int(np.ceil((high - low) * _NODES_PER_OCTAVE)) + 1))
    dispersions = 2.0 ** np.linspace(low, high, n_nodes) - _LEAST_DISPERSION
    # What rounding leaves of a dispersion of 0 is none.
    node_shapes = [math.inf if dispersion < _NO_DISPERSION else float(1.0 / dispersion) for dispersion in dispersions]
    nodes = [replace(likelihood, shape=shape) for shape in node_shapes]
    position = ((coordinate - low) / (high - low) * (n_nodes - 1))[kind]
    node = np.minimum(position.astype(np.intp), n_nodes - 2)
    return Kinds(nodes=nodes, node=node, place=(position - node).astype(np.float32))
