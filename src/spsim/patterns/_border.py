"""Sharp and soft borders."""

from __future__ import annotations

import numpy as np


def beyond(distance: np.ndarray, border_width: float) -> np.ndarray:
    r"""Return 0 before a border and 1 behind it, in between linear over ``border_width``.

    ``distance`` is signed: 0 on the border, positive behind it. A width of 0 is a sharp border, which belongs to what
    lies behind it.
    """
    if border_width == 0:
        return (distance >= 0).astype(np.float64)
    with np.errstate(over="ignore"):  # far beyond a narrow border
        return np.clip(distance / border_width + 0.5, 0.0, 1.0)
