"""What varies: spatial and non-spatial factors, loadings, the mean. Arrays only."""

from __future__ import annotations

from spsim.factors._classes import MeanClasses, mean_classes
from spsim.factors._domains import domain_names
from spsim.factors._loadings import feature_kinds, nonspatial_loadings, spatial_loadings
from spsim.factors._mean import MeanModel
from spsim.factors._nonspatial import nonspatial_factors

__all__ = [
    "MeanClasses",
    "MeanModel",
    "domain_names",
    "feature_kinds",
    "mean_classes",
    "nonspatial_factors",
    "nonspatial_loadings",
    "spatial_loadings",
]
