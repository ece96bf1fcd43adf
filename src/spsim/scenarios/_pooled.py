"""Means of spots, which are sums over the cells in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from spsim.truth import Mean, Observations, Parts, Pooled, folded_size


def pooled_mean(own: Mean, pooled: Pooled, sets: Mapping[str, Observations], cells: Mean) -> Mean:
    r"""Return the mean of spots, given that of the cells whose features they have.

    .. math:: \Lambda_{ij} = \sum_t A_{it} (b_j + B_{jt}), \qquad A_{it} = \sum_{c \in t} w_{ic} \ell_c

    Only the types pool: a cell's other factors would need a block per type.
    """
    types = next(block for block in cells.blocks if block.name == pooled.by)
    other = [block.name for block in cells.blocks if block is not types and block.loadings.any()]
    if other:
        msg = f"only {pooled.by!r} can be summed over cells, but features respond to {', '.join(other)}, too"
        raise ValueError(msg)
    size = folded_size(cells)[:, None]
    indicators = sets[pooled.of].labels[pooled.by].indicators
    contents = (pooled.weights @ (size * types.factors)).astype(np.float32)
    squares = pooled.weights.power(2) @ (size * types.factors) ** 2
    scales = np.divide(contents.astype(np.float64) ** 2, squares, out=np.ones_like(squares), where=squares > 0)
    parts = Parts(
        block=types.name,
        numbers=(pooled.weights @ indicators).astype(np.float32),
        shape_scales=scales.astype(np.float32),
    )
    block = replace(types, factors=contents)
    return replace(
        own, blocks=(*own.blocks, block), baseline=cells.baseline, exposure=contents.sum(axis=1), parts=parts
    )
