"""Few distinct means: observations with equal factors and features with equal loadings fall into classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim.truth._distinct import distinct_rows
from spsim.truth._mean import Mean


@dataclass(frozen=True, kw_only=True, eq=False)
class MeanClasses:
    """Entry (i, j) has mean ``means[spot_class[i], feature_class[j]]``.

    Parameters
    ----------
    means
        Mean per class of spots and class of features.
    spot_class, feature_class
        Row and column of ``means`` of each spot and of each feature.
    """

    means: np.ndarray
    spot_class: np.ndarray
    feature_class: np.ndarray


def mean_classes(mean: Mean, *, most: int) -> MeanClasses | None:
    """Return the classes of a mean, if there are few.

    Parameters
    ----------
    mean
        Mean of a modality.
    most
        Pairs of a class of spots and a class of features that are few.

    Returns
    -------
    The classes; ``None`` if there are more, or if sizes, efficiencies or switches make entries differ.

    Examples
    --------
    >>> import numpy as np
    >>> from spsim.truth import Block, Mean, mean_classes
    >>> block = Block(name="x", columns=("a",), factors=np.eye(9)[:, :1], loadings=np.full((7, 1), 2.0))
    >>> mean_classes(Mean(baseline=0.5, blocks=(block,)), most=10).means
    array([[0.5],
           [2.5]])
    """
    if mean.is_scaled:
        return None
    first_spot, spot_class = distinct_rows(mean.factors)
    first_feature, feature_class = distinct_rows(mean.loadings)
    if len(first_spot) * len(first_feature) > most:
        return None
    return MeanClasses(means=mean.linked(first_spot, first_feature), spot_class=spot_class, feature_class=feature_class)
