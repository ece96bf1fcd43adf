"""The mean Λ = background + F Wᵀ + U Vᵀ: the one function behind simulate, resample, replay and get.mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from spsim import _keys


@dataclass(frozen=True, kw_only=True, eq=False)
class MeanModel:
    """Mean of one modality; symbols of Townes & Engelhardt (2023).

    Parameters
    ----------
    background
        Mean of a feature where no factor is on.
    spatial_factors, spatial_loadings
        F (spots × L) and W (features × L).
    nonspatial_factors, nonspatial_loadings
        U (spots × K) and V (features × K).
    """

    background: float
    spatial_factors: np.ndarray
    spatial_loadings: np.ndarray
    nonspatial_factors: np.ndarray
    nonspatial_loadings: np.ndarray

    @classmethod
    def from_slots(cls, background: float, obsm: Mapping[str, Any], varm: Mapping[str, Any]) -> MeanModel:
        """Read the truth from an object's slots."""
        return cls(
            background=background,
            spatial_factors=np.asarray(obsm[_keys.SPATIAL_FACTORS], np.float32),
            spatial_loadings=np.asarray(varm[_keys.SPATIAL_LOADINGS], np.float32),
            nonspatial_factors=np.asarray(obsm[_keys.NONSPATIAL_FACTORS], np.float32),
            nonspatial_loadings=np.asarray(varm[_keys.NONSPATIAL_LOADINGS], np.float32),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Number of spots and of features."""
        return len(self.spatial_factors), len(self.spatial_loadings)

    @cached_property
    def factors(self) -> np.ndarray:
        """F and U side by side."""
        return np.hstack([self.spatial_factors, self.nonspatial_factors])

    @cached_property
    def loadings(self) -> np.ndarray:
        """W and V side by side."""
        return np.hstack([self.spatial_loadings, self.nonspatial_loadings])

    def rows(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Λ of these spots, float64, formed from the float32 truth."""
        return mean_of(self.background, self.factors[start:stop], self.loadings)


def mean_of(background: float, factors: np.ndarray, loadings: np.ndarray) -> np.ndarray:
    """background + [F U] [W V]ᵀ in float64."""
    return background + factors.astype(np.float64) @ loadings.astype(np.float64).T
