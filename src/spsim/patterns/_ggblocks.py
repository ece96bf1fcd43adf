"""The blocks of Townes & Engelhardt (2023): four disjoint factors on a 6 × 6 motif (after Griffiths & Ghahramani)."""

from __future__ import annotations

import numpy as np

from spsim.patterns._motifs import Motifs

# Flat row-major pixel indices of each block, from the paper's simulation code.
PIXELS = (
    (1, 6, 7, 8, 13),
    (3, 4, 5, 9, 11, 15, 16, 17),
    (18, 24, 25, 30, 31, 32),
    (21, 22, 23, 28, 34),
)


def ggblocks() -> Motifs:
    """Return ggblocks: a cross, a ring, a stair and a T, which do not overlap.

    Returns
    -------
    A stack of four 6 × 6 motifs.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.patterns.ggblocks().pixels.sum(axis=(1, 2)).tolist()
    [5.0, 8.0, 6.0, 5.0]

    References
    ----------
    :cite:t:`townes2023nonnegative`, Fig. 2 (simulations); the shapes go back to :cite:t:`griffiths2011indian`.
    """
    pixels = np.stack([np.isin(np.arange(36), block).reshape(6, 6) for block in PIXELS])
    return Motifs(pixels=pixels, names=tuple(f"block_{i + 1}" for i in range(len(PIXELS))))
