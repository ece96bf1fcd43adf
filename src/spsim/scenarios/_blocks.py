"""Terms of the mean: spatial and non-spatial factors, then what the modality's loadings name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spsim import _keys
from spsim._deviates import loading_signs
from spsim._random import Stream, stream
from spsim.factors import Effect, LoadingRule
from spsim.scenarios._active import active_positions
from spsim.scenarios._loadings import feature_kinds, nonspatial_loadings, spatial_loadings, spatial_weights
from spsim.scenarios._modality import Modality
from spsim.scenarios._nonspatial import nonspatial_factors
from spsim.scenarios._scenario import Scenario
from spsim.truth import Block, Observations

SHARED = "shared"  # the stream of non-spatial factors that all modalities have in common


def first_blocks(
    modality: Modality, scenario: Scenario, observations: Observations, seed: np.random.SeedSequence
) -> list[Block]:
    """Return F W' (where there is a pattern) and U V', as Townes & Engelhardt (2023) draw them."""
    features = stream(seed, modality.features_of or modality.name)
    switches = stream(seed, SHARED if scenario.shared_nonspatial else modality.name)
    kinds = feature_kinds(modality.n_spatial, modality.n_mixed, modality.n_nonspatial, modality.n_flat)
    weights = {"full_weight": modality.full_weight, "spatial_fraction": modality.spatial_fraction}
    scale = "log" if modality.link == "log" else "mean"
    blocks = []
    if _keys.SPATIAL_BLOCK in observations.factors:
        factors = observations.factors[_keys.SPATIAL_BLOCK]
        active = active_positions(modality, scenario.factor_names)
        loadings = spatial_loadings(kinds, active, len(factors.columns), source=features, **weights)
        rule = modality.loadings.get(_keys.SPATIAL_BLOCK)
        if rule is not None:
            seen = [factors.columns[k] for k in active]
            drawn = _drawn(rule, modality, seen, _keys.SPATIAL_BLOCK, seed)
            loadings[:, list(active)] = spatial_weights(**weights)[kinds][:, None] * drawn
        blocks.append(
            Block(
                name=_keys.SPATIAL_BLOCK,
                columns=factors.columns,
                factors=factors.values,
                loadings=_signed(loadings, modality, features, tile=0),
                scale=scale,
                is_spatial=True,
                is_assigned=rule is None or rule.is_assigned,
            )
        )
    n_drawn = modality.n_nonspatial_factors
    loadings = nonspatial_loadings(kinds, n_drawn, source=features, **weights)
    blocks.append(
        Block(
            name=_keys.NONSPATIAL_BLOCK,
            columns=tuple(_keys.nonspatial_names(n_drawn)),
            factors=nonspatial_factors(observations.n, n_drawn, modality.nonspatial_probability, switches),
            loadings=_signed(loadings, modality, features, tile=1),
            scale=scale,
            is_assigned=True,
        )
    )
    return blocks


def loaded_blocks(
    modality: Modality, scenario: Scenario, observations: Observations, seed: np.random.SeedSequence
) -> list[Block]:
    """Return the terms of further factors that the modality's features respond to; flat features respond to none."""
    blocks = []
    for name, rule in modality.loadings.items():
        if name == _keys.SPATIAL_BLOCK:
            continue
        factors = observations.factors[name]
        loadings = _drawn(rule, modality, factors.columns, name, seed)
        loadings[modality.n_features - modality.n_flat :] = 0.0
        blocks.append(
            Block(
                name=name,
                columns=factors.columns,
                factors=factors.values,
                loadings=loadings,
                scale=rule.scale,
                is_spatial=scenario.factors[name].is_spatial and observations.places is not None,
                is_assigned=rule.is_assigned,
            )
        )
    return blocks


def _drawn(
    rule: LoadingRule, modality: Modality, columns: Sequence[str], name: str, seed: np.random.SeedSequence
) -> np.ndarray:
    source = stream(seed, f"{modality.features_of or modality.name}:{name}")
    return rule.alike(rule.loadings(modality.n_features, len(columns), source), columns)


def effect_stream(modality: Modality, effect: Effect, seed: np.random.SeedSequence) -> Stream:
    """Return the stream of an effect, which the other effects of the modality do not touch."""
    name = (modality.features_of or modality.name) if effect.is_of_features else modality.name
    return stream(seed, ":".join([name, *effect.keys[:1]]))


def _signed(loadings: np.ndarray, modality: Modality, source: Stream, *, tile: int) -> np.ndarray:
    if not modality.share_down:
        return loadings
    signs = loading_signs(len(loadings), modality.share_down, source, tile=tile)
    # Plus zero, so that zeros have no sign.
    return loadings * signs[:, None].astype(np.float32) + np.float32(0)
