"""Places that several spots may share."""

from __future__ import annotations

import numpy as np


def distinct_places(coordinates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct positions in lexicographic order, and which of them each spot has (faster than ``unique(axis=0)``)."""
    order = np.lexsort(coordinates.T[::-1])
    ordered = coordinates[order]
    is_new = np.append(True, (ordered[1:] != ordered[:-1]).any(axis=1))
    place = np.empty(len(order), np.intp)
    place[order] = np.cumsum(is_new) - 1
    return ordered[is_new], place
