"""The union of ggblocks and quilt (Townes & Engelhardt 2023): eight factors."""

from __future__ import annotations

import numpy as np

from spsim.patterns._ggblocks import ggblocks
from spsim.patterns._motifs import Motifs
from spsim.patterns._quilt import quilt


def both() -> Motifs:
    """Return the four factors of ggblocks followed by the four of quilt.

    Returns
    -------
    A stack of eight 12 × 12 motifs.

    Examples
    --------
    >>> import spsim as sps
    >>> len(sps.patterns.both().names)
    8

    References
    ----------
    :cite:t:`townes2023nonnegative`.
    """
    blocks, patches = ggblocks(), quilt()
    enlarged = np.kron(blocks.pixels, np.ones((1, 2, 2)))
    return Motifs(pixels=np.concatenate([enlarged, patches.pixels]), names=(*blocks.names, *patches.names))
