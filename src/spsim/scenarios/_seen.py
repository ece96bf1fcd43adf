"""Which observations a modality measures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spsim import _validate
from spsim.scenarios._modality import Modality
from spsim.truth import Observations


def set_of(modality: Modality, sets: Sequence[str]) -> str:
    """Return the name of the set that a modality measures: the one it names, or the first."""
    return modality.observed if isinstance(modality.observed, str) else sets[0]


def seen_by(modality: Modality, observations: Observations) -> np.ndarray | None:
    """Return the positions that a modality measures; ``None`` for all of them."""
    if modality.observed is None or isinstance(modality.observed, str):
        return None
    is_seen = np.ones(observations.n, bool)
    for name, categories in modality.observed.items():
        label = observations.labels[name]
        for category in categories:
            _validate.one_of(f"observed[{name!r}] of modality {modality.name!r}", category, label.names)
        is_seen &= np.isin(label.codes, [label.names.index(category) for category in categories])
    return np.flatnonzero(is_seen)
