"""Stage one: draw the truth."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from spsim import _keys
from spsim._deviates import log_normal
from spsim._random import Purpose, Stream, stream
from spsim._warn import warn_user
from spsim.factors import Effect
from spsim.scenarios._active import active_positions
from spsim.scenarios._blocks import effect_stream, first_blocks, loaded_blocks
from spsim.scenarios._loadings import feature_kinds
from spsim.scenarios._modality import Modality
from spsim.scenarios._observed import observed
from spsim.scenarios._scenario import Scenario
from spsim.scenarios._seen import seen_by, set_of
from spsim.scenarios._unseen import responds, warn_unseen
from spsim.truth import Block, Features, Label, Mean, Observations, Truth


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
        features={modality.name: Features(labels={_keys.KIND: kinds_of(modality)}) for modality in scenario.modalities},
        means={m.name: mean_of_modality(m, scenario, sets[of[m.name]], seed) for m in scenario.modalities},
    )


def kinds_of(modality: Modality) -> Label:
    """Return the kind of each feature; ``flat`` exists only where there are such features."""
    codes = feature_kinds(modality.n_spatial, modality.n_mixed, modality.n_nonspatial, modality.n_flat)
    return Label(codes=codes, names=_keys.KINDS if modality.n_flat else _keys.KINDS[:-1])


def mean_of_modality(
    modality: Modality, scenario: Scenario, observations: Observations, seed: np.random.SeedSequence
) -> Mean:
    """Return the mean of a modality: its blocks in order, then what multiplies them."""
    features = stream(seed, modality.features_of or modality.name)
    blocks = first_blocks(modality, scenario, observations, seed)
    _warn_unused(modality, scenario, blocks)
    blocks += loaded_blocks(modality, scenario, observations, seed)
    sizes: dict[str, np.ndarray] = {}
    switch = None
    for effect, source in _effects(modality, seed):
        blocks += effect.blocks(observations, modality.n_features, source)
        sizes |= effect.sizes(observations, source)
        switch = effect.switch(observations, modality.n_features, source) or switch
    return Mean(
        baseline=_baseline(modality, features),
        blocks=tuple(blocks),
        sizes=sizes,
        efficiencies=_efficiencies(modality, features),
        switch=switch,
    )


def _effects(modality: Modality, seed: np.random.SeedSequence) -> list[tuple[Effect, Stream]]:
    own = [] if modality.library_size is None else [(modality.library_size, stream(seed, modality.name))]
    return [*own, *((effect, effect_stream(modality, effect, seed)) for effect in modality.effects)]


def _baseline(modality: Modality, source: Stream) -> float | np.ndarray:
    if not modality.background_sd:
        return modality.background_mean
    sd = modality.background_sd
    return log_normal(modality.n_features, modality.background_mean, sd, source, Purpose.BASELINE)


def _efficiencies(modality: Modality, source: Stream) -> Mapping[str, np.ndarray]:
    if not modality.efficiency_sd:
        return {}
    sd = modality.efficiency_sd
    return {_keys.EFFICIENCY: log_normal(modality.n_features, 1.0, sd, source, Purpose.FEATURE_EFFICIENCY)}


def _warn_unused(modality: Modality, scenario: Scenario, blocks: list[Block]) -> None:
    if not responds(modality):
        return
    spatial, active = blocks[0], active_positions(modality, scenario.factor_names)
    unused = [scenario.factor_names[k] for k in active if not spatial.loadings[:, k].any()]
    if unused:
        msg = f"no feature of modality {modality.name!r} drew the active factor(s) {', '.join(unused)}: zero loadings"
        warn_user(msg)
