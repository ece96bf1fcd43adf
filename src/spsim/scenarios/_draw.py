"""Stage one: draw the truth."""

from __future__ import annotations

import numpy as np

from spsim import _keys
from spsim.scenarios._loadings import feature_kinds
from spsim.scenarios._mean import modality_mean
from spsim.scenarios._modality import Modality
from spsim.scenarios._observed import observed
from spsim.scenarios._scenario import Scenario
from spsim.scenarios._seen import seen_by, set_of
from spsim.scenarios._unseen import warn_unseen
from spsim.truth import Features, Label, Truth


def draw_truth(scenario: Scenario, seed: np.random.SeedSequence) -> Truth:
    """Return the truth of a scenario for a seed."""
    sets = observed(scenario, seed)
    warn_unseen(scenario, sets)
    of = {modality.name: set_of(modality, list(sets)) for modality in scenario.modalities}
    seen = {modality.name: seen_by(modality, sets[of[modality.name]]) for modality in scenario.modalities}
    return Truth(
        observations=sets,
        of=of,
        seen={name: rows for name, rows in seen.items() if rows is not None},
        features={modality.name: _features(modality, scenario) for modality in scenario.modalities},
        means={m.name: modality_mean(m, scenario, sets, seed) for m in scenario.modalities},
    )


def _features(modality: Modality, scenario: Scenario) -> Features:
    """Return kinds, and what a feature is called wherever it is measured if several modalities measure it."""
    labels = {_keys.KIND: kinds_of(modality)}
    if modality.features_of or any(other.features_of == modality.name for other in scenario.modalities):
        names = tuple(f"{_keys.GENE}_{j}" for j in range(modality.n_features))
        labels[_keys.GENE] = Label(codes=np.arange(modality.n_features), names=names, is_known=True)
    return Features(labels=labels)


def kinds_of(modality: Modality) -> Label:
    """Return the kind of each feature; ``flat`` exists only where there are such features."""
    codes = feature_kinds(modality.n_spatial, modality.n_mixed, modality.n_nonspatial, modality.n_flat)
    return Label(codes=codes, names=_keys.KINDS if modality.n_flat else _keys.KINDS[:-1])
