"""Factors averaged over the disc of a spot."""

from __future__ import annotations

import numpy as np

# Rings of a disc of equal area per point: the centre, 6 and 12 points, at the radius that halves the area of each ring.
RINGS = ((1, 0.0), (6, np.sqrt(4 / 19)), (12, np.sqrt(13 / 19)))


def disc_points(coordinates: np.ndarray, diameters: np.ndarray) -> np.ndarray:
    """Return points × spots × axes that fill the disc of each spot evenly."""
    unit = np.vstack(
        [
            radius * np.column_stack([np.cos(turn), np.sin(turn)])
            for n, radius in RINGS
            for turn in [2 * np.pi * np.arange(n) / n]
        ]
    )
    points = np.repeat(coordinates[None], len(unit), axis=0)
    points[:, :, :2] += 0.5 * diameters[None, :, None] * unit[:, None, :]
    return points
