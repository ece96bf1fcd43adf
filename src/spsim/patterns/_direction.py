"""Spots along a direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True, eq=False)
class Projection:
    """Position of each spot along a direction, and where the box begins and ends on it."""

    positions: np.ndarray
    lower: float
    upper: float


def along(sites: Sites, angle: float) -> Projection:
    """Project spots and box on a direction: 0° points to the right (x grows), 90° down (y grows)."""
    radians = np.deg2rad(angle)
    # Without rounding, the cosine of 90° would be 6e-17.
    direction = np.round([np.cos(radians), np.sin(radians)], 15)
    ends = np.stack([sites.lower[:2], sites.upper[:2]]) * direction
    return Projection(
        positions=sites.coordinates[:, :2] @ direction,
        lower=float(ends.min(axis=0).sum()),
        upper=float(ends.max(axis=0).sum()),
    )
