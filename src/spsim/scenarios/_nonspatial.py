"""Non-spatial factors U: independent switches per spot."""

from __future__ import annotations

import numpy as np

from spsim._random import Purpose, Stream, uniforms


def nonspatial_factors(n_spots: int, n_factors: int, probability: float, source: Stream) -> np.ndarray:
    """Return U (spots × K, float32): each entry is one with the given probability."""
    return (uniforms(source, Purpose.NONSPATIAL_FACTORS, (n_spots, n_factors)) < probability).astype(np.float32)
