"""The truth: everything that is drawn before anything is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from spsim.truth._features import Features
from spsim.truth._mean import Mean
from spsim.truth._observations import Observations


@dataclass(frozen=True, kw_only=True, eq=False)
class Truth:
    """What is true of a data set, as plain data.

    Parameters
    ----------
    observations
        Sets of observations by name.
    of
        Name of the set that each modality measures.
    seen
        Positions in its set that a modality measures, where that is not all of them.
    features, means
        Features and mean of each modality, the mean over the whole set.
    """

    observations: Mapping[str, Observations]
    of: Mapping[str, str]
    features: Mapping[str, Features]
    means: Mapping[str, Mean]
    seen: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def is_shared(self) -> bool:
        """Whether all modalities measure one set of observations, which then stand at the top, too."""
        return len(self.observations) == 1
