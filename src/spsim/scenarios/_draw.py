"""Stage one: draw the truth."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from spsim import _keys
from spsim.scenarios._genes import genes_of
from spsim.scenarios._loadings import feature_kinds
from spsim.scenarios._mean import modality_mean
from spsim.scenarios._modality import Modality
from spsim.scenarios._observed import observed
from spsim.scenarios._scenario import Scenario
from spsim.scenarios._seen import seen_by, set_of
from spsim.scenarios._unseen import warn_unseen
from spsim.truth import Features, Label, Mean, Truth


def draw_truth(scenario: Scenario, seed: np.random.SeedSequence) -> Truth:
    """Return the truth of a scenario for a seed."""
    sets = observed(scenario, seed)
    warn_unseen(scenario, sets)
    of = {modality.name: set_of(modality, list(sets)) for modality in scenario.modalities}
    seen = {modality.name: seen_by(modality, sets[of[modality.name]]) for modality in scenario.modalities}
    means = {m.name: modality_mean(m, scenario, sets, seed) for m in scenario.modalities}
    return Truth(
        observations=sets,
        of=of,
        seen={name: rows for name, rows in seen.items() if rows is not None},
        features={modality.name: _features(modality, scenario, means) for modality in scenario.modalities},
        means=means,
    )


def _features(modality: Modality, scenario: Scenario, means: Mapping[str, Mean]) -> Features:
    """Return kinds, and what a feature is called in all modalities if several measure it, or products of it."""
    labels = {_keys.KIND: kinds_of(modality)}
    genes = genes_of(modality, scenario, means)
    return Features(labels=labels if genes is None else {**labels, _keys.GENE: genes})


def kinds_of(modality: Modality) -> Label:
    """Return the kind of each feature; ``flat``, or what an effect calls such ones, exists only where there are some."""
    codes = feature_kinds(modality.n_spatial, modality.n_mixed, modality.n_nonspatial, modality.n_flat)
    *responding, flat = _keys.KINDS
    unlike = next((effect.controls for effect in modality.effects if effect.controls), flat)
    return Label(codes=codes, names=(*responding, unlike) if modality.n_flat else tuple(responding))
