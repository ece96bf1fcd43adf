"""Parts: counts that are sums over types of cells, each with a spread of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    r"""A sum over the columns of one block, of counts with the variance of a sum over cells.

    .. math:: Y_{ij} = \sum_t Y_{itj}, \qquad Y_{itj} \sim \mathrm{NB}\Big(A_{it} (b_j + B_{jt}),\;
       r \frac{(\sum_{c \in t} \ell_c)^2}{\sum_{c \in t} \ell_c^2}\Big)

    Parameters
    ----------
    block
        Name of the block whose columns are the types.
    numbers
        How many cells of each type an observation holds; in ``obsm["BLOCK_numbers"]``.
    shape_scales
        What the likelihood's shape r is multiplied with, observations × types; in ``obsm["BLOCK_shapes"]``.
    """

    block: str
    numbers: np.ndarray
    shape_scales: np.ndarray
