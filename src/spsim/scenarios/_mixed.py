"""Means of which a part is measured elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spsim.truth import Mean, Mixing, Parts, folded_size


def mixed(mean: Mean, mixing: Mixing) -> Mean:
    """Return a mean whose terms are summed over observations, sizes included.

    Terms on the logarithm commute with that only where they are equal among the observations that are summed, as a batch
    effect of a slice is.
    """
    if mean.switch is not None:
        msg = f"{mixing.name} must not go with a switch of entries: leave one of the effects out"
        raise ValueError(msg)
    for block in mean.blocks:
        if block.scale == "log" and block.loadings.any() and not mixing.leaves(block.factors):
            msg = (
                f"{mixing.name} sums observations that differ in {block.name!r} on the logarithm of the mean, which only "
                "what whole slices or samples share may do: let features respond to it on the scale of the mean "
                "(link='identity', or another loading rule), set its size to 0, or leave one of them out"
            )
            raise ValueError(msg)
    size = folded_size(mean)[:, None]
    exposure = size if mean.exposure is None else size * mean.exposure[:, None]
    blocks = tuple(
        replace(block, mixed=mixing.mixed(size * block.factors).astype(np.float32)) if block.scale == "mean" else block
        for block in mean.blocks
    )
    return replace(
        mean,
        blocks=blocks,
        exposure=mixing.mixed(exposure)[:, 0].astype(np.float32),
        parts=None if mean.parts is None else _parts(mean, mean.parts, size, mixing),
        sizes={},
        folded={**mean.folded, **mean.sizes},
        mixing=mixing,
    )


def _parts(mean: Mean, parts: Parts, size: np.ndarray, mixing: Mixing) -> Parts:
    """Return shapes of sums over the cells of all observations that spill into one, each cell with its own weight."""
    contents = size * next(block.factors for block in mean.blocks if block.name == parts.block)
    squares = mixing.squared(contents**2 / parts.shape_scales)
    scales = np.divide(mixing.mixed(contents) ** 2, squares, out=np.ones_like(squares), where=squares > 0)
    return replace(parts, shape_scales=scales.astype(np.float32))
