"""The count over mean and uniform, from boxes in which it is nearly a paraboloid.

A box spans an eighth of an octave of the mean and a small step of the normal score. The continued count of
:mod:`spsim.likelihoods._nodes` is interpolated between its corners by Bessel's formula to second order, with a bound of
the error; where that leaves more than one whole number, the exact thresholds decide. So the grid decides how fast
counts come, never which. Boxes are built when a mean first falls into their octave.
"""

from __future__ import annotations

import numpy as np

from spsim.likelihoods._base import CountLikelihood
from spsim.likelihoods._lane_scores import LOST_SLOT, OPEN_SLOT, SLOT_BITS, SLOTS, WIDEST_SCORE, LaneScores
from spsim.likelihoods._nodes import continued_counts

# Octaves of mean + 1/16: 0 included, and small means have small boxes.
_SHIFT = 2.0**-4
_FIRST_EXPONENT = 127 - 4
_CELL_BITS = 3
_CELLS = 1 << _CELL_BITS
# Means from 4096 on have no boxes: single precision is too coarse for their counts.
MOST_OCTAVES = 16
_BUILT_AT_ONCE = 4


class CountSurface:
    """Boxes of the octaves in use, of a few kinds of features."""

    def __init__(
        self, likelihood: CountLikelihood, features: np.ndarray, scores: LaneScores, *, most_octaves: int
    ) -> None:
        self.likelihood, self.features, self.scores, self.most_octaves = likelihood, features, scores, most_octaves
        self.n_octaves = 0
        # Two times four coefficients; the last is the bound of the error.
        self.boxes = np.empty((2, len(features), 0, SLOTS, 4), np.float32)
        self._extend(0)

    def cover(self, largest: float) -> None:
        """Build what means up to ``largest`` need."""
        wanted = min(int(np.float32(largest + _SHIFT).view(np.int32) >> 23) - _FIRST_EXPONENT + 1, self.most_octaves)
        if wanted > self.n_octaves:
            self._extend(wanted)

    def cells(self, means: np.ndarray, out: np.ndarray, across: np.ndarray) -> None:
        """Write the cell of each mean times 128 (plus anything below 128), and where in the cell it lies, in [0, 1)."""
        np.add(means, _SHIFT, out=across, casting="same_kind")
        if self.n_octaves == self.most_octaves:
            np.minimum(across, np.float32(_SHIFT * 2.0**self.n_octaves), out=across)
        bits = across.view(np.int32)
        np.subtract(bits, _FIRST_EXPONENT << 23, out=bits)
        np.right_shift(bits, 23 - _CELL_BITS - SLOT_BITS, out=out)
        np.bitwise_and(bits, (1 << 23 - _CELL_BITS) - 1, out=bits)
        np.multiply(bits, np.float32(2.0 ** (_CELL_BITS - 23)), out=across, casting="same_kind")

    @property
    def boxes_per_kind(self) -> int:
        """Number of boxes, those of all larger means included."""
        return (self.n_octaves * _CELLS + 1) * SLOTS

    def _extend(self, n_octaves: int) -> None:
        """Put octaves between the known ones and the cell of all larger means."""
        known = [self.boxes[:, :, :-1]]
        for first in range(self.n_octaves, n_octaves, _BUILT_AT_ONCE):
            octaves = np.arange(first, min(first + _BUILT_AT_ONCE, n_octaves))
            known.append(np.stack([self._octaves(octaves, feature) for feature in self.features], axis=1))
        unbounded = np.zeros((2, len(self.features), 1, SLOTS, 4), np.float32)
        unbounded[1, ..., 3] = np.inf
        self.boxes, self.n_octaves = np.concatenate([*known, unbounded], axis=2), n_octaves
        self.boxes[:, ..., LOST_SLOT, :] = 0.0
        self.boxes[0, ..., LOST_SLOT, 0] = -0.5
        self.boxes[1, ..., OPEN_SLOT, 3] = np.inf

    def _octaves(self, octaves: np.ndarray, feature: int) -> np.ndarray:
        """Return the coefficients of boxes, 2 x cells x slots x 4."""
        means = _SHIFT * (2.0 ** octaves[:, None] * (1.0 + np.arange(_CELLS + 1) / _CELLS) - 1.0)
        scores = WIDEST_SCORE * np.linspace(-1.0, 1.0, SLOTS + 1)
        x, deviation = continued_counts(self.likelihood, means.reshape(-1), feature, scores)
        x, deviation = x.reshape(*means.shape, -1), deviation.reshape(*means.shape, 1).max(axis=1, keepdims=True)
        flat = _coefficients(x, deviation, self.scores.reach)
        if octaves[0] == 0:
            # Towards 0 the count falls like the logarithm of the mean, which no polynomial follows.
            flat[0, 0, :, 7] = np.where(flat[0, 0, :, 7] > 0.0, 2.0 + np.maximum(x[0, 1, 1:], 0.0), 0.0)
        return flat.reshape(-1, SLOTS, 2, 4).transpose(2, 0, 1, 3).astype(np.float32)


def _coefficients(x: np.ndarray, deviation: np.ndarray, reach: np.ndarray) -> np.ndarray:
    r"""Return the coefficients of boxes between nodes (octaves x means x scores), eight to a box.

    With places :math:`s, t` in the box they are those of :math:`1, s, s (s - 1), t` and of
    :math:`s t, t (t - 1), s t (t - 1)`, and the bound of the error.
    """
    by_mean, by_score = np.diff(x, axis=1), np.diff(x, axis=2)
    bend_by_mean = np.pad(np.diff(x, 2, axis=1), ((0, 0), (1, 1), (0, 0)), mode="edge")
    bend_by_score = np.pad(np.diff(x, 2, axis=2), ((0, 0), (0, 0), (1, 1)), mode="edge")
    across = (bend_by_mean[:, :-1] + bend_by_mean[:, 1:]) / 8.0
    across = across[..., :-1] + across[..., 1:]
    along = (bend_by_score[..., :-1] + bend_by_score[..., 1:]) / 4.0
    # The outermost lanes have no end: they are never called.
    beyond = np.where(np.isfinite(reach), by_score[:, 1:] * np.where(np.isfinite(reach), reach, 0.0), np.inf)
    error = _error(bend_by_mean, bend_by_score) + beyond + deviation + np.abs(x[:, 1:, 1:]) * 2.0**-20
    boxes = [x[:, :-1, :-1], by_mean[..., :-1], across, by_score[:, :-1]]
    flat = np.stack([*boxes, np.diff(by_score, axis=1), along[:, :-1], np.diff(along, axis=1), error], axis=-1)
    margin = 2.0 * beyond + deviation + 1e-6
    lowest, highest = np.floor(x[:, :-1, :-1] - margin), np.floor(x[:, 1:, 1:] + margin)
    constant = lowest == highest
    flat[constant] = 0.0
    flat[constant, 0] = lowest[constant] + 0.5
    return flat


def _error(bend_by_mean: np.ndarray, bend_by_score: np.ndarray) -> np.ndarray:
    """Bound what Bessel's formula leaves out in each box, several times over, by third differences around it."""
    third_by_mean = _around(np.abs(np.diff(bend_by_mean, axis=1)), axis=1)
    third_by_score = _around(np.abs(np.diff(bend_by_score, axis=2)), axis=2)
    mixed = np.abs(np.diff(bend_by_mean, axis=2))
    return (
        np.maximum(third_by_mean[..., :-1], third_by_mean[..., 1:]) / 2.0
        + np.maximum(third_by_score[:, :-1], third_by_score[:, 1:]) / 2.0
        + np.maximum(mixed[:, :-1], mixed[:, 1:]) / 8.0
    )


def _around(values: np.ndarray, *, axis: int) -> np.ndarray:
    """Return the largest of each value and its neighbours along an axis."""
    values = np.moveaxis(values, axis, 0)
    largest = values.copy()
    np.maximum(largest[1:], values[:-1], out=largest[1:])
    np.maximum(largest[:-1], values[1:], out=largest[:-1])
    return np.moveaxis(largest, 0, axis)
