"""Several stacks of motifs as one."""

from __future__ import annotations

import math

import numpy as np

from spsim import _validate
from spsim.patterns._motifs import Motifs

# Pixels along a side: 64 MiB per factor. Sides without a common divisor soon exceed it.
LARGEST = 4096
# Of all factors together: 256 MiB, three times as much on the way.
MOST_PIXELS = 2**26


def union(*stacks: Motifs) -> Motifs:
    r"""Lay stacks of motifs over each other: all their factors, in the order given.

    Each stack is enlarged to the least common multiple of the heights and of the widths, pixel by pixel, so that each
    factor looks as in its own stack.

    Parameters
    ----------
    *stacks
        Stacks to unite; no factor's name may occur twice.

    Returns
    -------
    One stack.

    Raises
    ------
    ValueError
        No stack, a name that occurs twice, or sizes whose least common multiple exceeds 4096.
    TypeError
        Something else than a stack of motifs.

    Examples
    --------
    >>> import spsim as sps
    >>> pattern = sps.patterns.union(sps.patterns.ggblocks(), sps.patterns.spamv_shapes())
    >>> pattern.pixels.shape, pattern.names[:5]
    ((13, 18, 18), ('block_1', 'block_2', 'block_3', 'block_4', 'T'))
    """
    for stack in stacks:
        if not isinstance(stack, Motifs):
            msg = f"stacks must be Motifs, got {_validate.shown(stack)}"
            raise TypeError(msg)
    if not stacks:
        msg = "stacks must hold at least one stack of motifs, got none"
        raise ValueError(msg)
    height, width = (math.lcm(*(stack.pixels.shape[axis] for stack in stacks)) for axis in (1, 2))
    if max(height, width) > LARGEST:
        sizes = ", ".join(f"{stack.pixels.shape[1]} × {stack.pixels.shape[2]}" for stack in stacks)
        msg = f"stacks need a common multiple of at most {LARGEST} pixels, got sizes {sizes}: {height} × {width}"
        raise ValueError(msg)
    n_factors = sum(stack.n_factors for stack in stacks)
    if n_factors * height * width > MOST_PIXELS:
        msg = f"stacks must have at most {MOST_PIXELS} pixels when enlarged, got {n_factors} × {height} × {width}"
        raise ValueError(msg)
    pixels = np.concatenate([_enlarged(stack.pixels, height, width) for stack in stacks])
    return Motifs(pixels=pixels, names=[name for stack in stacks for name in stack.names])


def _enlarged(pixels: np.ndarray, height: int, width: int) -> np.ndarray:
    return pixels.repeat(height // pixels.shape[1], axis=1).repeat(width // pixels.shape[2], axis=2)
