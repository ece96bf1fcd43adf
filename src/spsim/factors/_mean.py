"""The mean: the one function behind simulate, resample, replay and get.mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from spsim import _keys

LINKS = ("identity", "log")


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
    link
        ``"identity"``: Λ = background + F Wᵀ + U Vᵀ; ``"log"``: log Λ = log background + F Wᵀ + U Vᵀ.
    library_sizes, efficiencies
        What the mean is multiplied with, per spot and per feature; nothing where ``None``.
    """

    background: float
    spatial_factors: np.ndarray
    spatial_loadings: np.ndarray
    nonspatial_factors: np.ndarray
    nonspatial_loadings: np.ndarray
    link: str = "identity"
    library_sizes: np.ndarray | None = None
    efficiencies: np.ndarray | None = None

    @classmethod
    def from_slots(cls, modality: Mapping[str, Any], data: Any) -> MeanModel:
        """Read the truth from an AnnData and the parameters that it records."""
        return cls(
            background=modality["background_mean"],
            spatial_factors=np.asarray(data.obsm[_keys.SPATIAL_FACTORS], np.float32),
            spatial_loadings=np.asarray(data.varm[_keys.SPATIAL_LOADINGS], np.float32),
            nonspatial_factors=np.asarray(data.obsm[_keys.NONSPATIAL_FACTORS], np.float32),
            nonspatial_loadings=np.asarray(data.varm[_keys.NONSPATIAL_LOADINGS], np.float32),
            link=modality["link"],
            library_sizes=_column(data.obs, _keys.LIBRARY_SIZE),
            efficiencies=_column(data.var, _keys.EFFICIENCY),
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
        mean = self.linked(self.factors[start:stop], self.loadings)
        if self.library_sizes is not None:
            mean *= self.library_sizes[start:stop, None].astype(np.float64)
        if self.efficiencies is not None:
            mean *= self.efficiencies.astype(np.float64)
        return mean

    def linked(self, factors: np.ndarray, loadings: np.ndarray) -> np.ndarray:
        """Mean of some factors and loadings before it is multiplied with anything."""
        effect = factors.astype(np.float64) @ loadings.astype(np.float64).T
        return self.background + effect if self.link == "identity" else self.background * np.exp(effect)


def _column(table: Any, key: str) -> np.ndarray | None:
    return np.asarray(table[key], np.float32) if key in table else None
