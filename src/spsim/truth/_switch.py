"""A switch: entries of the mean that are on or off by chance, such as the foreground of proteins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim._random import Purpose, Stream, runs
from spsim.truth._label import Label


@dataclass(frozen=True, kw_only=True, eq=False)
class Switch:
    r"""Where a uniform of the truth lies below a probability, the mean is multiplied with a fold.

    .. math:: \Lambda_{ij} \leftarrow \Lambda_{ij} \cdot \phi_j^{[u_{ij} < p_{j, c(i)}]}

    Parameters
    ----------
    name
        Its probabilities stand in ``varm["NAME_probability"]``, its folds in ``var["NAME_fold"]``.
    by
        Name of the label :math:`c`.
    label
        The label itself.
    probability
        Features × categories, float32.
    fold
        One per feature, float32.
    stream
        Where the uniforms come from; they are not stored.
    observations, features
        Positions in the simulated data set, so that a part of it meets its own uniforms.
    """

    name: str
    by: str
    label: Label
    probability: np.ndarray
    fold: np.ndarray
    stream: Stream
    observations: np.ndarray
    features: np.ndarray

    def rows(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Return what the mean of these observations is multiplied with, float64."""
        return np.where(self.is_on(start, stop), self.fold.astype(np.float64), 1.0)

    def is_on(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Return which entries of these observations are on; nothing is where the label is missing."""
        codes = self.label.codes[start:stop]
        # Every observation has its own run of words, so that fewer observations or features are a prefix.
        drawn = runs(self.stream, Purpose.SWITCH, self.observations[start:stop], int(self.features.max(initial=-1)) + 1)
        probability = np.column_stack([self.probability, np.zeros(len(self.probability), np.float32)])
        return drawn[:, self.features] < probability.T[codes]
