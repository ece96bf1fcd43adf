"""The distance between neighbouring spots, from their positions."""

from __future__ import annotations

import numpy as np


def inferred_spacing(coordinates: np.ndarray) -> float:
    """Return the median distance from a position to the nearest other one."""
    from scipy.spatial import cKDTree

    distinct = np.unique(coordinates, axis=0)
    if len(distinct) == 1:
        msg = f"spacing must be given, since all {len(coordinates)} coordinates are one position"
        raise ValueError(msg)
    return float(np.median(cKDTree(distinct).query(distinct, k=2)[0][:, 1]))
