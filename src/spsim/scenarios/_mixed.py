"""Means of which a part is measured elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spsim.truth import Mean, Mixing, folded_size


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
                f"{mixing.name} sums observations whose {block.name!r} differ on the logarithm of the mean: put that block "
                'on the scale of the mean (link="identity"), or leave one of them out'
            )
            raise ValueError(msg)
    size = folded_size(mean)[:, None]
    blocks = tuple(
        replace(block, mixed=mixing.mixed(size * block.factors).astype(np.float32)) if block.scale == "mean" else block
        for block in mean.blocks
    )
    return replace(
        mean,
        blocks=blocks,
        exposure=mixing.mixed(size)[:, 0].astype(np.float32),
        sizes={},
        folded={**mean.folded, **mean.sizes},
        mixing=mixing,
    )
