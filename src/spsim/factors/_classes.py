"""Few distinct means: spots with equal factors and features with equal loadings fall into classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim.factors._distinct import distinct_rows
from spsim.factors._mean import MeanModel, mean_of


@dataclass(frozen=True, kw_only=True, eq=False)
class MeanClasses:
    """Entry (i, j) has mean ``means[spot_class[i], feature_class[j]]``."""

    means: np.ndarray
    spot_class: np.ndarray
    feature_class: np.ndarray


def mean_classes(model: MeanModel, *, most: int) -> MeanClasses | None:
    """Return the classes of a mean, or ``None`` if there are more than ``most`` (spot class, feature class) pairs."""
    first_spot, spot_class = distinct_rows(model.factors)
    first_feature, feature_class = distinct_rows(model.loadings)
    if len(first_spot) * len(first_feature) > most:
        return None
    means = mean_of(model.background, model.factors[first_spot], model.loadings[first_feature])
    return MeanClasses(means=means, spot_class=spot_class, feature_class=feature_class)
