"""Normal scores of lanes, cut into slots."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

SLOT_BITS = 7
SLOTS = 1 << SLOT_BITS
# The middles of the outermost lanes have scores of 4.32, so the first and the last slot are free for other use.
WIDEST_SCORE = 4.4
LOST_SLOT, OPEN_SLOT = 0, SLOTS - 1
_LANES = 1 << 16


@dataclass(frozen=True, kw_only=True, eq=False)
class LaneScores:
    """Slot and place in the slot of the middle of each lane, and how far the lanes of each slot reach from there."""

    slots: np.ndarray
    places: np.ndarray
    reach: np.ndarray


@lru_cache(maxsize=4)
def lane_scores(lost: float) -> LaneScores:
    """Return the scores of lanes among those that are not lost; lost are the lowest, with this probability."""
    from scipy.special import ndtri

    first = lost * _LANES
    lanes = np.arange(int(np.ceil(first)), _LANES)
    # Below are structural zeros, and perhaps one lane that is half and half.
    slots = np.full(_LANES, LOST_SLOT, np.uint8)
    slots[int(np.floor(first)) : len(slots) - len(lanes)] = OPEN_SLOT
    places = np.zeros(_LANES, np.float32)
    reach = np.zeros(SLOTS)
    if len(lanes):
        edges, middles = (
            (ndtri(np.minimum((lanes + shift - first) / (_LANES - first), 1.0)) + WIDEST_SCORE)
            * (SLOTS / (2.0 * WIDEST_SCORE))
            for shift in (np.array([[0.0], [1.0]]), 0.5)
        )
        slots[lanes] = np.floor(middles)
        places[lanes] = middles - np.floor(middles)
        np.maximum.at(reach, slots[lanes], np.abs(edges - middles).max(axis=0))
    return LaneScores(slots=slots, places=places, reach=reach)
