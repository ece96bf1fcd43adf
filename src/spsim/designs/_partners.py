"""Which spots of different slices lie at the same place of the tissue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def partners(tissue: np.ndarray, slices: np.ndarray, reach: float) -> csr_matrix:
    """Return spots × spots, float32 and symmetric: one for pairs of different slices at most ``reach`` apart."""
    from scipy.sparse import csr_matrix
    from scipy.spatial import cKDTree

    # A part in a billion more, so that spots exactly half a spacing apart are in on any machine.
    pairs = cKDTree(tissue).query_pairs(reach * (1 + 1e-9), output_type="ndarray")
    pairs = pairs[slices[pairs[:, 0]] != slices[pairs[:, 1]]]
    rows, columns = np.append(pairs[:, 0], pairs[:, 1]), np.append(pairs[:, 1], pairs[:, 0])
    found = csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(tissue),) * 2)
    found.sort_indices()
    return found
