"""Pooled observations: spots that hold the cells of another set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, kw_only=True, eq=False)
class Pooled:
    """What observations are sums of.

    Parameters
    ----------
    of
        Name of the set whose observations are summed.
    weights
        This set × that set: which part of each lies in which.
    by
        Name of the factors that say of which type each of them is.
    """

    of: str
    weights: csr_matrix
    by: str
