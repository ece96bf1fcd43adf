"""The count over mean and uniform, from boxes in which it is nearly flat.

A box spans an eighth of an octave of the mean and a small step of the normal score. The continued count of
:mod:`spsim.likelihoods._nodes` is interpolated between its corners; where that comes too close to a whole number, or a
box is too curved, only brackets are given, and the exact thresholds decide. So the grid decides how fast counts come,
never which. Boxes are built when a mean first falls into their octave.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._nodes import LOWEST, continued_counts

UNBOUNDED = int(np.iinfo(np.uint16).max)
# Octaves of mean + 1/16: 0 included, and small means have small boxes.
_SHIFT = 2.0**-4
_FIRST_EXPONENT = 127 - 4
_CELL_BITS = 3
_CELLS = 1 << _CELL_BITS
_SLOTS = 256
_WIDEST_SCORE = 4.4
# Means from 4096 on have no boxes: there nearly every count would be too close to call.
MOST_OCTAVES = 16
# A count closer to a whole number than this is not trusted: a constant, and a part of what a box spans.
CLOSE = 2.0**-9
CLOSE_BY_SLOPE = 2.0**-7


class CountSurface:
    """Boxes of the octaves in use, of a few kinds of features."""

    def __init__(self, likelihood: CountLikelihood, features: np.ndarray, *, most_octaves: int = MOST_OCTAVES) -> None:
        self.likelihood, self.features, self.most_octaves = likelihood, features, most_octaves
        self.n_octaves = 0
        self.flat = np.empty((len(features), 0, _SLOTS, 4), np.float32)
        self.low = np.empty((len(features), 0, _SLOTS), np.uint16)
        self.high = np.empty((len(features), 0, _SLOTS), np.uint16)
        self._extend(0)

    def cover(self, largest: float) -> None:
        """Build what means up to ``largest`` need."""
        wanted = min(int(np.float32(largest + _SHIFT).view(np.int32) >> 23) - _FIRST_EXPONENT + 1, self.most_octaves)
        if wanted > self.n_octaves:
            self._extend(wanted)

    def cells(self, means: np.ndarray, out: np.ndarray, across: np.ndarray) -> None:
        """Write the cell of each mean times 256 (plus anything below 256), and where in the cell it lies, in [0, 1)."""
        np.add(means, _SHIFT, out=across, casting="same_kind")
        if self.n_octaves == self.most_octaves:
            np.minimum(across, np.float32(_SHIFT * 2.0**self.n_octaves), out=across)
        bits = across.view(np.int32)
        np.subtract(bits, _FIRST_EXPONENT << 23, out=bits)
        np.right_shift(bits, 23 - _CELL_BITS - 8, out=out)
        np.bitwise_and(bits, (1 << 23 - _CELL_BITS) - 1, out=bits)
        np.multiply(bits, np.float32(2.0 ** (_CELL_BITS - 23)), out=across, casting="same_kind")

    @property
    def cells_per_kind(self) -> int:
        """Number of cells of the mean, the one of all larger means included."""
        return self.n_octaves * _CELLS + 1

    def _extend(self, n_octaves: int) -> None:
        """Put octaves between the known ones and the cell of all larger means."""
        parts = [self.flat[:, :-1]], [self.low[:, :-1]], [self.high[:, :-1]]
        for octave in range(self.n_octaves, n_octaves):
            boxes = zip(*(_octave(self.likelihood, int(feature), octave) for feature in self.features), strict=True)
            for known, new in zip(parts, boxes, strict=True):
                known.append(np.stack(new))
        shape = len(self.features), 1, _SLOTS
        parts[0].append(np.full((*shape, 4), np.nan, np.float32))
        parts[1].append(np.zeros(shape, np.uint16))
        parts[2].append(np.full(shape, UNBOUNDED, np.uint16))
        self.flat, self.low, self.high = (np.concatenate(known, axis=1) for known in parts)
        self.n_octaves = n_octaves


def _octave(likelihood: CountLikelihood, feature: int, octave: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the coefficients of the boxes of an octave, and the lowest and the highest count in each."""
    means = _SHIFT * (2.0**octave * (1.0 + np.arange(_CELLS + 1) / _CELLS) - 1.0)
    scores = _WIDEST_SCORE * np.linspace(-1.0, 1.0, _SLOTS + 1)
    x, deviation = continued_counts(likelihood, means, feature, scores)
    by_mean, by_score = np.diff(x, axis=0)[:, :-1], np.diff(x, axis=1)[:-1]
    flat = np.stack([x[:-1, :-1], by_mean, by_score, np.diff(np.diff(x, axis=0), axis=1)], axis=-1)
    error = _error(x) + deviation.max()
    error += np.abs(x[1:, 1:]) * 2.0**-21
    # The outermost lanes have no end: they are never called.
    reach = _lane_reach()
    error += np.multiply(np.diff(x, axis=1)[1:], reach, where=np.isfinite(reach), out=np.full(error.shape, np.inf))
    lowest = np.floor(np.maximum(x[:-1, :-1] - error, LOWEST))
    highest = np.floor(np.maximum(x[1:, 1:] + error, LOWEST))
    flat[~(error < CLOSE + CLOSE_BY_SLOPE * by_score)] = np.nan
    constant = lowest == highest
    flat[constant] = 0.0
    flat[constant, 0] = lowest[constant] + 0.5
    high = np.where(highest < UNBOUNDED - 1, highest + 1, UNBOUNDED)
    low = np.minimum(lowest + 1, UNBOUNDED - 1)
    return flat.astype(np.float32), low.astype(np.uint16), high.astype(np.uint16)


def _error(x: np.ndarray) -> np.ndarray:
    """Bound the error of interpolation in each box: twice the second differences around it, over eight."""
    by_mean, by_score = np.abs(np.diff(x, 2, axis=0)), np.abs(np.diff(x, 2, axis=1))
    by_mean = np.pad(by_mean, ((1, 1), (0, 0)), mode="edge")
    by_score = np.pad(by_score, ((0, 0), (1, 1)), mode="edge")
    curved = by_mean + by_score
    return np.max([curved[:-1, :-1], curved[:-1, 1:], curved[1:, :-1], curved[1:, 1:]], axis=0) / 4.0


@cache
def lane_scores() -> tuple[np.ndarray, np.ndarray]:
    """Return slot (uint8) and place inside the slot (float32) of every lane, at its middle."""
    from scipy.special import ndtri

    scores = ndtri((np.arange(1 << 16) + 0.5) / (1 << 16))
    places = (scores + _WIDEST_SCORE) * (_SLOTS / (2.0 * _WIDEST_SCORE))
    slots = np.floor(places)
    return slots.astype(np.uint8), (places - slots).astype(np.float32)


@cache
def _lane_reach() -> np.ndarray:
    """Return how far the lanes of each slot reach from their middles, in slots."""
    from scipy.special import ndtri

    edges = ndtri(np.arange((1 << 16) + 1) / (1 << 16)) * (_SLOTS / (2.0 * _WIDEST_SCORE))
    reach = np.diff(edges)
    reaches = np.zeros(_SLOTS)
    np.maximum.at(reaches, lane_scores()[0], reach)
    return reaches
