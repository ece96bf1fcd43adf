"""The nine shapes of SpaMV's simulations (bioRxiv 2025.08.02.668264)."""

from __future__ import annotations

import numpy as np

from spsim.patterns._motifs import Motifs

# Tiles of 3 × 3 pixels, row by row over the 9 × 9 motif; pixels as (row, column) in the tile: the paper's simulation
# script.
SHAPES = {
    "T": ((0, 0), (0, 1), (0, 2), (1, 1), (2, 1)),
    "ring": ((0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (2, 2)),
    "stair": ((0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2)),
    "cross": ((0, 1), (1, 0), (1, 1), (1, 2), (2, 1)),
    "L": ((0, 0), (1, 0), (2, 0), (2, 1), (2, 2)),
    "inverted_T": ((0, 1), (1, 1), (2, 0), (2, 1), (2, 2)),
    "mirrored_L": ((0, 2), (1, 2), (2, 0), (2, 1), (2, 2)),
    "mirrored_stair": ((0, 2), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)),
    "bar": ((1, 0), (1, 1), (1, 2)),
}


def spamv_shapes() -> Motifs:
    """Return SpaMV's shapes: nine disjoint factors, one in each third by third of the tissue.

    As a pattern of a data set they are called ``"spamv"``.

    Returns
    -------
    A stack of nine 9 × 9 motifs.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.patterns.spamv_shapes().pixels.sum(axis=(1, 2)).tolist()
    [5.0, 8.0, 6.0, 5.0, 5.0, 5.0, 5.0, 6.0, 3.0]

    References
    ----------
    :cite:t:`spamv2025interpretable`, simulated data.
    """
    pixels = np.zeros((len(SHAPES), 9, 9))
    for tile, shape in enumerate(SHAPES.values()):
        for row, column in shape:
            pixels[tile, 3 * (tile // 3) + row, 3 * (tile % 3) + column] = 1
    return Motifs(pixels=pixels, names=tuple(SHAPES))
