"""The Matérn family of correlation functions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from spsim import _validate


@dataclass(frozen=True, kw_only=True)
class Matern:
    """Matérn correlation where it has a closed form: Rasmussen & Williams (2006), eq. 4.9 and 4.16 to 4.18."""

    length_scale: float
    smoothness: float
    parameter: str = "length_scale"
    """What the user calls the length scale."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "length_scale", _validate.real("length_scale", self.length_scale, above=0))
        _validate.one_of("smoothness", self.smoothness, CORRELATIONS)
        object.__setattr__(self, "smoothness", float(self.smoothness))

    @property
    def reach(self) -> float:
        """Distance beyond which correlations are below 1e-4."""
        return REACH[self.smoothness] * self.length_scale

    @property
    def step(self) -> float:
        """Spacing of a lattice that is fine enough to interpolate on: see ``_gaussian_field``."""
        return self.length_scale / (32 if self.smoothness < 1 else 16)

    def correlation(self, distance: np.ndarray) -> np.ndarray:
        """Correlation of two points at a distance."""
        return CORRELATIONS[self.smoothness](distance / self.length_scale)


def _exponential(distance: np.ndarray) -> np.ndarray:
    return np.exp(-distance)


def _three_halves(distance: np.ndarray) -> np.ndarray:
    scaled = math.sqrt(3) * distance
    return (1 + scaled) * np.exp(-scaled)


def _five_halves(distance: np.ndarray) -> np.ndarray:
    scaled = math.sqrt(5) * distance
    return (1 + scaled + scaled**2 / 3) * np.exp(-scaled)


def _squared_exponential(distance: np.ndarray) -> np.ndarray:
    return np.exp(-(distance**2) / 2)


CORRELATIONS = {0.5: _exponential, 1.5: _three_halves, 2.5: _five_halves, math.inf: _squared_exponential}
# In length scales; rounded up from the distances at which the correlations are 1e-4.
REACH = {0.5: 9.3, 1.5: 6.9, 2.5: 6.1, math.inf: 4.3}
