"""The count over mean and uniform, from boxes in which it is nearly a paraboloid.

A box spans an eighth of an octave of the mean and a narrow band of normal scores. The continued count of
:mod:`spsim.sampling.surface._continued_counts` is interpolated between its corners by Bessel's formula to second order, with a bound of
the error; where that leaves more than one whole number, the exact thresholds decide. So the grid decides how fast
counts come, never which. Boxes are built when a mean first falls into their octave.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from spsim.likelihoods import CountLikelihood
from spsim.sampling.surface._continued_counts import continued_counts
from spsim.sampling.surface._lane_scores import BAND_BITS, BANDS, LOST_BAND, OPEN_BAND, WIDEST_SCORE, LaneScores
from spsim.sampling.surface._paraboloids import neighbourhood, paraboloids
from spsim.sampling.surface._shape_nodes import ShapeNodes

# Octaves of mean + 1/16: 0 included, and small means have small boxes.
_SHIFT = 2.0**-4
_FIRST_EXPONENT = 127 - 4
_CELL_BITS = 3
_CELLS = 1 << _CELL_BITS
# Means from 4096 on have no boxes: single precision is too coarse for their counts.
MOST_OCTAVES = 16
_BUILT_AT_ONCE = 4


class CountSurface:
    """Boxes of the octaves in use: a sheet of them for every node of the shape, or every interval between two.

    There are two times four coefficients to a box, and in intervals twice as many: the second half is what the first
    changes by from end to end. The eighth is the bound of the error.
    """

    def __init__(self, nodes: ShapeNodes, scores: LaneScores, *, most_octaves: int) -> None:
        self.nodes, self.scores, self.most_octaves = nodes, scores, most_octaves
        self.n_octaves = 0
        self.boxes = np.empty((4 if nodes.lie_between else 2, nodes.n_sheets, 0, BANDS, 4), np.float32)
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
        np.right_shift(bits, 23 - _CELL_BITS - BAND_BITS, out=out)
        np.bitwise_and(bits, (1 << 23 - _CELL_BITS) - 1, out=bits)
        np.multiply(bits, np.float32(2.0 ** (_CELL_BITS - 23)), out=across, casting="same_kind")

    @property
    def boxes_per_sheet(self) -> int:
        """Number of boxes of one sheet, those of all larger means included."""
        return (self.n_octaves * _CELLS + 1) * BANDS

    def _extend(self, n_octaves: int) -> None:
        """Put octaves between the known ones and the cell of all larger means."""
        known, between = [self.boxes[:, :, :-1]], self.nodes.lie_between
        for first in range(self.n_octaves, n_octaves, _BUILT_AT_ONCE):
            octaves = range(first, min(first + _BUILT_AT_ONCE, n_octaves))
            build = octave_boxes if between else _kept_boxes
            known.append(build(tuple(self.nodes.likelihoods), self.scores, octaves, between=between))
        unbounded = np.zeros((*self.boxes.shape[:2], 1, BANDS, 4), np.float32)
        unbounded[1, ..., 3] = np.inf
        self.boxes, self.n_octaves = np.concatenate([*known, unbounded], axis=2), n_octaves
        self.boxes[..., LOST_BAND, :] = 0.0
        self.boxes[0, ..., LOST_BAND, 0] = -0.5
        self.boxes[1, ..., OPEN_BAND, 3] = np.inf


def octave_boxes(
    nodes: tuple[CountLikelihood, ...], scores: LaneScores, octaves: range, *, between: bool
) -> np.ndarray:
    """Return the coefficients of boxes of nodes, or between them: halves x sheets x cells x bands x 4."""
    shifts = np.arange(_CELLS + 1) / _CELLS
    means = _SHIFT * (2.0 ** np.array(octaves)[:, None] * (1.0 + shifts) - 1.0)
    columns = WIDEST_SCORE * np.linspace(-1.0, 1.0, BANDS + 1)
    found = [continued_counts(likelihood, means.reshape(-1), columns) for likelihood in nodes]
    x = np.stack([values.reshape(*means.shape, -1) for values, _ in found])
    extra = np.stack([deviation.reshape(*means.shape, 1).max(axis=1, keepdims=True) for _, deviation in found])
    parts = [paraboloids(values, more, scores.reach) for values, more in zip(x, extra, strict=True)]
    flat, lowest, highest = (np.stack(values) for values in zip(*parts, strict=True))
    if octaves[0] == 0:
        # Towards 0 the count falls like the logarithm of the mean, which no polynomial follows.
        flat[:, 0, 0, :, 7] = 2.0 + np.maximum(x[:, 0, 1, 1:], 0.0)
    if between:
        flat, lowest, highest = _intervals(x, flat, lowest, highest)
    constant = np.floor(lowest) == np.floor(highest)
    flat[constant] = 0.0
    flat[constant, 0] = np.floor(lowest[constant]) + 0.5
    flat = flat.reshape(len(flat), -1, BANDS, 4 if between else 2, 4)
    boxes = np.moveaxis(flat, 3, 0).astype(np.float32)
    boxes.flags.writeable = False
    return boxes


# Replicates and ranges of spots ask for the same boxes again: at most 1 MB. Between nodes there would be 16.
_kept_boxes = lru_cache(maxsize=16)(octave_boxes)


def _intervals(
    x: np.ndarray, flat: np.ndarray, lowest: np.ndarray, highest: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what :func:`paraboloids` did for nodes for the intervals between them, with sixteen coefficients."""
    bend = np.abs(np.pad(np.diff(x, 2, axis=0), [(1, 1), *[(0, 0)] * 3], mode="edge"))
    # Twice the bound of linear interpolation, from all nodes around.
    bend = neighbourhood(bend, axis=0)
    bend = np.maximum(bend[:-1], bend[1:]) / 4.0
    bend = np.maximum(bend[:, :, :-1], bend[:, :, 1:])
    bend = np.maximum(bend[..., :-1], bend[..., 1:])
    first, change = flat[:-1].copy(), np.zeros((len(flat) - 1, *flat.shape[1:]))
    np.subtract(flat[1:, ..., :7], flat[:-1, ..., :7], out=change[..., :7])
    first[..., 7] = np.maximum(flat[:-1, ..., 7], flat[1:, ..., 7]) + bend
    lowest, highest = np.minimum(lowest[:-1], lowest[1:]) - bend, np.maximum(highest[:-1], highest[1:]) + bend
    return np.concatenate([first, change], axis=-1), lowest, highest
