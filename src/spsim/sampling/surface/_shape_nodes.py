"""Which likelihoods a surface of counts is built for: those of few distinct shapes, or nodes between many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from spsim.likelihoods import CountLikelihood
from spsim.likelihoods._shape import ShapedLikelihood

_MOST_SHAPES = 8
_MOST_NODES = 64
_NODES_PER_OCTAVE = 3
# Nodes are even in the logarithm of 1 / shape plus this, so that they reach the Poisson limit.
_LEAST_DISPERSION = 2.0**-10
_NO_DISPERSION = 2.0**-40
# Nodes of shapes that hardly differ; a difference of 0 could not be divided by.
_LEAST_RANGE = 2.0**-20


@dataclass(frozen=True, kw_only=True, eq=False)
class ShapeNodes:
    """Likelihoods with one shape each; the shape of every entry is that of a node, or lies between it and the next.

    Parameters
    ----------
    likelihoods
        The nodes, by rising shape if these are all shapes that occur, else by falling shape.
    shapes
        Shape of each feature, or the one of all features.
    scales
        What they are multiplied with in each spot, if anything.
    ends
        Coordinates of the first and the last node, where shapes lie between nodes.
    """

    likelihoods: Sequence[CountLikelihood]
    shapes: np.ndarray
    scales: np.ndarray | None = None
    ends: tuple[float, float] | None = None

    @property
    def lie_between(self) -> bool:
        """Whether shapes lie between nodes."""
        return self.ends is not None

    @property
    def n_sheets(self) -> int:
        """Number of nodes, or of intervals between them."""
        return len(self.likelihoods) - self.lie_between

    def of_rows(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray | None]:
        """Return node, and place between it and the next, of the entries of some spots; they broadcast."""
        if self.scales is None:
            return self._of_features
        return self._located(self.scales[start:stop, None] * self.shapes)

    @cached_property
    def _of_features(self) -> tuple[np.ndarray, np.ndarray | None]:
        return self._located(self.shapes)

    @cached_property
    def _node_shapes(self) -> list[float]:
        return [getattr(likelihood, "shape", math.inf) for likelihood in self.likelihoods]

    def _located(self, shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        if self.ends is None:
            return np.searchsorted(self._node_shapes, shapes), None
        low, high = self.ends
        position = (_coordinate(shapes) - low) * ((len(self.likelihoods) - 1) / (high - low))
        node = np.minimum(position.astype(np.intp), len(self.likelihoods) - 2)
        return node, (position - node).astype(np.float32)


def shape_nodes(likelihood: CountLikelihood, scales: np.ndarray | None = None) -> ShapeNodes:
    """Return the likelihoods of all shapes of entries if they are few, else of nodes between them."""
    if not isinstance(likelihood, ShapedLikelihood):
        return ShapeNodes(likelihoods=[likelihood], shapes=np.full(1, math.inf))
    shapes = np.atleast_1d(likelihood.shapes)
    of_features, of_spots = np.unique(shapes), np.unique(np.ones(1) if scales is None or not len(scales) else scales)
    if max(len(of_features), len(of_spots)) <= _MOST_SHAPES:
        distinct = np.unique(np.multiply.outer(of_spots, of_features))
        if len(distinct) <= _MOST_SHAPES:
            nodes = [replace(likelihood, shape=float(shape)) for shape in distinct]
            return ShapeNodes(likelihoods=nodes, shapes=shapes, scales=scales)
    low = float(_coordinate(of_spots[-1] * of_features[-1]))
    high = max(float(_coordinate(of_spots[0] * of_features[0])), low + _LEAST_RANGE)
    n_nodes = min(_MOST_NODES, max(4, int(np.ceil((high - low) * _NODES_PER_OCTAVE)) + 1))
    dispersions = 2.0 ** np.linspace(low, high, n_nodes) - _LEAST_DISPERSION
    # What rounding leaves of a dispersion of 0 is none.
    node_shapes = [math.inf if dispersion < _NO_DISPERSION else float(1.0 / dispersion) for dispersion in dispersions]
    nodes = [replace(likelihood, shape=shape) for shape in node_shapes]
    return ShapeNodes(likelihoods=nodes, shapes=shapes, scales=scales, ends=(low, high))


def _coordinate(shape: np.ndarray | float) -> np.ndarray:
    """Return where a shape lies among nodes, which are even in this."""
    return np.log2(1.0 / shape + _LEAST_DISPERSION)
