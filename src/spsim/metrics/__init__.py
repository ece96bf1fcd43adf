"""How good: pure functions of arrays that score an estimate against a known truth."""

from spsim.metrics._domain_agreement import domain_agreement, domain_ceiling
from spsim.metrics._factor_recovery import FactorRecovery, factor_recovery
from spsim.metrics._mask_detection import dropout_detection, foreground_detection

__all__ = [
    "FactorRecovery",
    "domain_agreement",
    "domain_ceiling",
    "dropout_detection",
    "factor_recovery",
    "foreground_detection",
]
