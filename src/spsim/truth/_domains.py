"""Domains: which factors are on in a spot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spsim import _keys
from spsim.truth._distinct import distinct_rows
from spsim.truth._label import Label


def domains(factors: np.ndarray, names: Sequence[str]) -> Label:
    """Return each spot's domain.

    A factor is on where it exceeds half its maximum (for a zero-one factor: where it is one).

    Parameters
    ----------
    factors
        Spots × factors.
    names
        One name per factor.

    Returns
    -------
    The domains: overlapping factors are joined with ``+`` in factor order. A spot without any is background, which comes
    first; then single factors in their order, then overlaps.

    Examples
    --------
    >>> import numpy as np
    >>> from spsim.truth import domains
    >>> domains(np.array([[0, 0], [1, 0], [1, 1]]), ["left", "top"]).names
    ('background', 'left', 'left+top')
    """
    columns = np.ascontiguousarray(factors.T)
    on = (columns > 0.5 * columns.max(axis=1, initial=0.0, keepdims=True)).T
    first, codes = distinct_rows(on)
    rows = on[first]
    order = sorted(range(len(rows)), key=lambda i: (rows[i].sum(), [not is_on for is_on in rows[i]]))
    labels = ["+".join(np.array(names, object)[rows[i]]) or _keys.BACKGROUND for i in order]
    return Label(codes=np.argsort(order)[codes], names=tuple(labels))
