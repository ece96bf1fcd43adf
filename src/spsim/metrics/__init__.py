"""How good: pure functions of arrays that score an estimate against a known truth."""

from spsim.metrics._clustered_loadings import loadings_clustering, pairwise_distance_correlation
from spsim.metrics._domain_agreement import domain_agreement, domain_ceiling
from spsim.metrics._factor_recovery import FactorRecovery, factor_recovery
from spsim.metrics._factor_space import amari_error, subspace_angles, variance_recovered
from spsim.metrics._spatial_importance import spatial_importance, spatial_importance_distance

__all__ = [
    "FactorRecovery",
    "amari_error",
    "domain_agreement",
    "domain_ceiling",
    "factor_recovery",
    "loadings_clustering",
    "pairwise_distance_correlation",
    "spatial_importance",
    "spatial_importance_distance",
    "subspace_angles",
    "variance_recovered",
]
