"""The mean of a modality: its terms in order, then what multiplies, sums and hides them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from spsim import _keys
from spsim._deviates import log_normal
from spsim._random import Purpose, Stream, stream
from spsim._warn import warn_user
from spsim.factors import Effect
from spsim.likelihoods import resolved_shapes
from spsim.scenarios._active import active_positions
from spsim.scenarios._blocks import effect_stream, first_blocks, loaded_blocks
from spsim.scenarios._mixed import mixed
from spsim.scenarios._modality import Modality
from spsim.scenarios._pooled import pooled_mean
from spsim.scenarios._scenario import Scenario
from spsim.scenarios._seen import set_of
from spsim.scenarios._unseen import responds
from spsim.truth import Block, Mean, Observations, Switch, column_means, row_totals


def modality_mean(
    modality: Modality, scenario: Scenario, sets: Mapping[str, Observations], seed: np.random.SeedSequence
) -> Mean:
    """Return the mean of a modality over the set that it measures."""
    observations = sets[set_of(modality, list(sets))]
    mean, cells = _terms(modality, scenario, observations, seed), None
    if observations.pooled is not None:
        (origin,) = (m for m in scenario.modalities if m.name == modality.features_of)
        cells = modality_mean(origin, scenario, sets, seed)
        mean = pooled_mean(mean, observations.pooled, sets, cells)
    for effect, source in _effects(modality, seed):
        mean = _changed(mean, modality, effect, observations, source, seed)
    for effect, source in _effects(modality, seed):
        drawn = effect.mixing(observations, source)
        if drawn is not None:
            mean = mixed(mean, _only(modality, mean.mixing, drawn))
    # A shape is that of a cell's counts, also where spots are sums of cells.
    expressed = mean if cells is None else cells
    return replace(mean, shapes=resolved_shapes(modality.likelihood, lambda: column_means(expressed)))


def _terms(modality: Modality, scenario: Scenario, observations: Observations, seed: np.random.SeedSequence) -> Mean:
    features = stream(seed, modality.features_of or modality.name)
    blocks = first_blocks(modality, scenario, observations, seed)
    _warn_unused(modality, scenario, blocks)
    # Spots hold cells that respond, and respond to nothing themselves.
    blocks += [] if observations.pooled else loaded_blocks(modality, scenario, observations, seed)
    return Mean(
        baseline=_baseline(modality, features),
        blocks=tuple(blocks),
        sizes=_areas(observations),
        efficiencies=_efficiencies(modality, features),
    )


def _areas(observations: Observations) -> Mapping[str, np.ndarray]:
    """Larger spots catch more, by their area in squares of the spacing."""
    if observations.diameters is None or observations.sites is None:
        return {}
    return {_keys.AREA: ((observations.diameters / observations.sites.spacing) ** 2).astype(np.float32)}


def _changed(
    mean: Mean,
    modality: Modality,
    effect: Effect,
    observations: Observations,
    source: Stream,
    seed: np.random.SeedSequence,
) -> Mean:
    n_features = mean.shape[1]
    mean = replace(mean, blocks=(*mean.blocks, *effect.blocks(observations, n_features, source)))
    sizes = effect.sizes(observations, source)
    if effect.is_composed:
        # A size is what a row adds up to: rows are normalised before any sizes multiply them. One of zeros stays so.
        totals = row_totals(replace(mean, sizes={}))
        divided = {
            name: np.divide(size, totals, out=np.zeros_like(totals), where=totals > 0) for name, size in sizes.items()
        }
        sizes = {name: size.astype(np.float32) for name, size in divided.items()}
    return replace(
        mean,
        sizes={**mean.sizes, **sizes},
        switch=_only(modality, mean.switch, _switch(modality, effect.switch(observations, n_features, source), seed)),
        panel=_only(modality, mean.panel, effect.panel(observations, n_features, source)),
    )


def _switch(modality: Modality, drawn: Switch | None, seed: np.random.SeedSequence) -> Switch | None:
    """Return a switch that flat features never meet, with uniforms of the modality also where features are shared."""
    if drawn is None:
        return None
    probability = drawn.probability.copy()
    fold = drawn.fold.copy()
    first_flat = len(fold) - modality.n_flat
    probability[first_flat:], fold[first_flat:] = 0.0, 1.0
    own = stream(seed, f"{modality.name}:{drawn.name}")
    return replace(drawn, probability=probability, fold=fold, stream=own)


def _only(modality: Modality, held: Any, drawn: Any) -> Any:
    """Return the switch, panel or mixing of a modality, of which there is one at most."""
    if held is not None and drawn is not None:
        msg = (
            f"effects of modality {modality.name!r} must hold at most one {type(drawn).__name__.lower()}, got "
            f"{held.name!r} and {drawn.name!r}: leave one of them out"
        )
        raise ValueError(msg)
    return held if drawn is None else drawn


def _effects(modality: Modality, seed: np.random.SeedSequence) -> list[tuple[Effect, Stream]]:
    """Return effects and their streams; sizes that rows are normalised to come last, when rows are complete."""
    own = [] if modality.library_size is None else [(modality.library_size, stream(seed, modality.name))]
    effects = [*own, *((effect, effect_stream(modality, effect, seed)) for effect in modality.effects)]
    return sorted(effects, key=lambda pair: pair[0].is_composed)


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
