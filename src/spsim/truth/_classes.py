"""Few distinct means: observations with equal factors and features with equal loadings fall into classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim.truth._distinct import distinct_rows
from spsim.truth._mean import Mean


@dataclass(frozen=True, kw_only=True, eq=False)
class MeanClasses:
    """Entry (i, j) has mean ``means[spot_class[i], feature_class[j]]``."""

    means: np.ndarray
    spot_class: np.ndarray
    feature_class: np.ndarray


def mean_classes(mean: Mean, *, most: int) -> MeanClasses | None:
    """Return the classes of a mean, or ``None`` if there are more than ``most`` (spot class, feature class) pairs."""
    if mean.is_scaled:
        return None
    first_spot, spot_class = distinct_rows(mean.factors)
    first_feature, feature_class = distinct_rows(mean.loadings)
    if len(first_spot) * len(first_feature) > most:
        return None
    return MeanClasses(means=mean.linked(first_spot, first_feature), spot_class=spot_class, feature_class=feature_class)
