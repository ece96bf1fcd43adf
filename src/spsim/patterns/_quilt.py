"""The quilt of Townes & Engelhardt (2023): four overlapping factors on a 12 × 12 motif."""

from __future__ import annotations

import numpy as np

from spsim.patterns._motifs import Motifs


def quilt() -> Motifs:
    """Return the quilt: squares, corners, scotland and checkers, which overlap.

    ``corners`` is the filled motif: row i of the upper right quadrant is one from column i on. Slides that print only
    its diagonal are a misprint; the paper's code and data are filled.

    Returns
    -------
    A stack of four 12 × 12 motifs.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.patterns.quilt().pixels.sum(axis=(1, 2)).tolist()
    [64.0, 84.0, 24.0, 64.0]

    References
    ----------
    :cite:t:`townes2023nonnegative`, Fig. 2 (simulations).
    """
    pixels = np.stack([_squares(), _corners(), _scotland(), _checkers()])
    return Motifs(pixels=pixels, names=("squares", "corners", "scotland", "checkers"))


def _squares() -> np.ndarray:
    line = np.isin(np.arange(12), [1, 2, 3, 4, 7, 8, 9, 10])
    return np.outer(line, line)


def _corners() -> np.ndarray:
    upper = np.hstack([np.fliplr(np.triu(np.ones((6, 6)))), np.triu(np.ones((6, 6)))])
    return np.vstack([upper, np.flipud(upper)])


def _scotland() -> np.ndarray:
    return np.eye(12) + np.fliplr(np.eye(12))


def _checkers() -> np.ndarray:
    odd = np.add.outer(np.arange(3), np.arange(3)) % 2
    return np.kron(odd, np.ones((4, 4)))
