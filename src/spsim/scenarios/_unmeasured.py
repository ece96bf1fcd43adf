"""What a panel does not measure is unknown, not 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim._objects import is_sparse
from spsim.truth import Panel

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def without_unmeasured(raw: np.ndarray | csr_matrix, panel: Panel) -> np.ndarray | csr_matrix:
    """Return a measurement with NaN where the panel of an observation lacks a feature."""
    missing = panel.missing(0, raw.shape[0])
    if not is_sparse(raw):
        return np.where(missing, np.float32(np.nan), raw)
    from scipy.sparse import csr_matrix

    # Zeros that are stored stay out; NaN is stored.
    kept = csr_matrix(raw).multiply(~missing)
    result = csr_matrix(kept + csr_matrix(np.where(missing, np.float32(np.nan), np.float32(0))))
    result.sort_indices()
    return result
