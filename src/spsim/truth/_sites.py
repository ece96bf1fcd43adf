"""Coordinates, and the box that a pattern is stretched over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Sites:
    """Coordinates of the spots (x = column, y = row downwards) and the box that they fill.

    Parameters
    ----------
    coordinates
        Positions, n × 2 or n × 3, in the layout's unit.
    lower, upper
        Corners of the box that a pattern is stretched over: half a spacing beyond the outermost spots of a lattice.
    obs_names
        Names of the spots that the user brought, such as barcodes; ``None`` where they are numbered.
    """

    coordinates: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    obs_names: Sequence[str] | None = None
