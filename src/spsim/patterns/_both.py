"""The union of ggblocks and quilt (Townes & Engelhardt 2023): eight factors."""

from __future__ import annotations

from spsim.patterns._ggblocks import ggblocks
from spsim.patterns._motifs import Motifs
from spsim.patterns._quilt import quilt
from spsim.patterns._union import union


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
    return union(ggblocks(), quilt())
