"""Normal scores of lanes, cut into bands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from spsim.sampling._uniforms import N_LANES

BAND_BITS = 7
BANDS = 1 << BAND_BITS
# The middles of the outermost lanes have scores of 4.32, so the first and the last band are free for other use.
WIDEST_SCORE = 4.4
LOST_BAND, OPEN_BAND = 0, BANDS - 1


@dataclass(frozen=True, kw_only=True, eq=False)
class LaneScores:
    """Band, and place in the band, of the middle of each lane, and how far the lanes of each band reach from there."""

    bands: np.ndarray
    places: np.ndarray
    reach: np.ndarray


@lru_cache(maxsize=4)
def lane_scores(lost: float) -> LaneScores:
    """Return the scores of lanes among those that are not lost; lost are the lowest, with this probability."""
    from scipy.special import ndtri

    first = lost * N_LANES
    lanes = np.arange(int(np.ceil(first)), N_LANES)
    # Below are structural zeros, and perhaps one lane that is half and half.
    bands = np.full(N_LANES, LOST_BAND, np.uint8)
    bands[int(np.floor(first)) : len(bands) - len(lanes)] = OPEN_BAND
    places = np.zeros(N_LANES, np.float32)
    reach = np.zeros(BANDS)
    if len(lanes):
        edges, middles = (
            (ndtri(np.minimum((lanes + shift - first) / (N_LANES - first), 1.0)) + WIDEST_SCORE)
            * (BANDS / (2.0 * WIDEST_SCORE))
            for shift in (np.array([[0.0], [1.0]]), 0.5)
        )
        bands[lanes] = np.floor(middles)
        places[lanes] = middles - np.floor(middles)
        np.maximum.at(reach, bands[lanes], np.abs(edges - middles).max(axis=0))
    return LaneScores(bands=bands, places=places, reach=reach)
