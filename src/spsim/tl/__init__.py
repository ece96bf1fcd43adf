"""Scores and helpers on AnnData and MuData: read keys, call metrics, store results."""

from __future__ import annotations

from spsim.tl._abundance_recovery import abundance_recovery
from spsim.tl._correspondence_accuracy import correspondence_accuracy
from spsim.tl._domain_agreement import domain_agreement
from spsim.tl._domain_continuity import domain_continuity
from spsim.tl._ecotype_recovery import ecotype_recovery
from spsim.tl._evaluate import evaluate
from spsim.tl._factor_distance import amari_error, pairwise_distance_correlation
from spsim.tl._factor_kind import energy_kinds, factor_kind
from spsim.tl._factor_leakage import factor_leakage
from spsim.tl._factor_recovery import factor_recovery
from spsim.tl._factors_to_obs import factors_to_obs
from spsim.tl._loading_recovery import loading_recovery, loadings_clustering
from spsim.tl._mask_detection import dropout_detection, foreground_detection
from spsim.tl._neighborhood import neighborhood_jaccard, neighborhood_purity
from spsim.tl._network_recovery import network_recovery
from spsim.tl._proportion_recovery import proportion_recovery
from spsim.tl._reconstruction import reconstruction
from spsim.tl._registration_error import registration_error
from spsim.tl._response_recovery import response_recovery
from spsim.tl._slice_mixing import slice_mixing
from spsim.tl._spatial_importance import spatial_importance
from spsim.tl._split import split
from spsim.tl._subspace_angles import subspace_angles
from spsim.tl._svg_detection import svg_detection
from spsim.tl._variance_recovered import variance_recovered

__all__ = [
    "abundance_recovery",
    "amari_error",
    "correspondence_accuracy",
    "domain_agreement",
    "domain_continuity",
    "dropout_detection",
    "ecotype_recovery",
    "energy_kinds",
    "evaluate",
    "factor_kind",
    "factor_leakage",
    "factor_recovery",
    "factors_to_obs",
    "foreground_detection",
    "loading_recovery",
    "loadings_clustering",
    "neighborhood_jaccard",
    "neighborhood_purity",
    "network_recovery",
    "pairwise_distance_correlation",
    "proportion_recovery",
    "reconstruction",
    "registration_error",
    "response_recovery",
    "slice_mixing",
    "spatial_importance",
    "split",
    "subspace_angles",
    "svg_detection",
    "variance_recovered",
]
