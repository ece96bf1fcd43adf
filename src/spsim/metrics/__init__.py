"""How good: pure functions of arrays that score an estimate against a known truth."""

from spsim.metrics._abundance_recovery import AbundanceRecovery, abundance_recovery
from spsim.metrics._chance import Chance, chance_level, factor_ceiling, factor_chance
from spsim.metrics._clustered_loadings import loadings_clustering, pairwise_distance_correlation
from spsim.metrics._correspondence_accuracy import (
    CorrespondenceAccuracy,
    correspondence_accuracy,
    nearest_correspondence,
)
from spsim.metrics._domain_agreement import domain_agreement, domain_ceiling
from spsim.metrics._domain_chance import domain_chance, label_shift_null
from spsim.metrics._domain_continuity import chaos, domain_continuity, pas
from spsim.metrics._ecotype_recovery import EcotypeRecovery, ecotype_recovery
from spsim.metrics._factor_kind import energy_kinds, factor_kind
from spsim.metrics._factor_leakage import FactorLeakage, factor_leakage
from spsim.metrics._factor_recovery import FactorRecovery, factor_recovery
from spsim.metrics._factor_space import amari_error, subspace_angles, variance_recovered
from spsim.metrics._label_autocorrelation import label_autocorrelation
from spsim.metrics._loading_recovery import LoadingRecovery, loading_recovery
from spsim.metrics._mask_detection import dropout_detection, foreground_detection
from spsim.metrics._neighborhood import neighborhood_jaccard, neighborhood_purity
from spsim.metrics._neighbors import lattice_graph
from spsim.metrics._network_recovery import NetworkRecovery, network_recovery
from spsim.metrics._nulls import matched_variogram_null, null_of, permutation_null, smooth_null, toroidal_shift_null
from spsim.metrics._precision_recall import precision_recall_curve
from spsim.metrics._proportion_recovery import ProportionRecovery, proportion_recovery
from spsim.metrics._reconstruction import Reconstruction, reconstruction
from spsim.metrics._registration_error import RegistrationError, registration_error, shared_area
from spsim.metrics._response_recovery import ResponseRecovery, response_recovery
from spsim.metrics._slice_libraries import slice_kbet, slice_lisi
from spsim.metrics._slice_mixing import SliceMixing, slice_mixing
from spsim.metrics._spatial_importance import spatial_importance, spatial_importance_distance
from spsim.metrics._svg_detection import svg_calibration, svg_detection

__all__ = [
    "AbundanceRecovery",
    "Chance",
    "CorrespondenceAccuracy",
    "EcotypeRecovery",
    "FactorLeakage",
    "FactorRecovery",
    "LoadingRecovery",
    "NetworkRecovery",
    "ProportionRecovery",
    "Reconstruction",
    "RegistrationError",
    "ResponseRecovery",
    "SliceMixing",
    "abundance_recovery",
    "amari_error",
    "chance_level",
    "chaos",
    "correspondence_accuracy",
    "domain_agreement",
    "domain_ceiling",
    "domain_chance",
    "domain_continuity",
    "dropout_detection",
    "ecotype_recovery",
    "energy_kinds",
    "factor_ceiling",
    "factor_chance",
    "factor_kind",
    "factor_leakage",
    "factor_recovery",
    "foreground_detection",
    "label_autocorrelation",
    "label_shift_null",
    "lattice_graph",
    "loading_recovery",
    "loadings_clustering",
    "matched_variogram_null",
    "nearest_correspondence",
    "neighborhood_jaccard",
    "neighborhood_purity",
    "network_recovery",
    "null_of",
    "pairwise_distance_correlation",
    "pas",
    "permutation_null",
    "precision_recall_curve",
    "proportion_recovery",
    "reconstruction",
    "registration_error",
    "response_recovery",
    "shared_area",
    "slice_kbet",
    "slice_lisi",
    "slice_mixing",
    "smooth_null",
    "spatial_importance",
    "spatial_importance_distance",
    "subspace_angles",
    "svg_calibration",
    "svg_detection",
    "toroidal_shift_null",
    "variance_recovered",
]
