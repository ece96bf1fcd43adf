"""What varies: spatial and non-spatial factors, loadings, the mean. Arrays only."""

from __future__ import annotations

from spsim.factors._classes import MeanClasses, mean_classes
from spsim.factors._domains import domain_names
from spsim.factors._effects import loading_signs, log_normal, normal_deviates
from spsim.factors._loadings import (
    feature_kinds,
    nonspatial_loadings,
    nonspatial_weights,
    placed_loadings,
    spatial_loadings,
    spatial_weights,
)
from spsim.factors._mean import LINKS, MeanModel
from spsim.factors._nonspatial import nonspatial_factors

__all__ = [
    "LINKS",
    "MeanClasses",
    "MeanModel",
    "domain_names",
    "feature_kinds",
    "loading_signs",
    "log_normal",
    "mean_classes",
    "nonspatial_factors",
    "nonspatial_loadings",
    "nonspatial_weights",
    "normal_deviates",
    "placed_loadings",
    "spatial_loadings",
    "spatial_weights",
]
