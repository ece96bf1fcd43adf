"""Stage one: draw the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from spsim._random import Purpose, Stream, stream
from spsim._warn import warn_user
from spsim.factors import (
    MeanModel,
    feature_kinds,
    loading_signs,
    log_normal,
    nonspatial_factors,
    nonspatial_loadings,
    spatial_loadings,
)
from spsim.patterns import FactorMatrix
from spsim.scenarios._active import active_positions
from spsim.scenarios._modality import Modality
from spsim.scenarios._pattern_field import resolved
from spsim.scenarios._scenario import Scenario

# Streams that belong to no modality; a modality of the same name shares no word with them (other purposes).
LAYOUT, PATTERN, SHARED = "layout", "pattern", "shared"


@dataclass(frozen=True, kw_only=True, eq=False)
class Truth:
    """Coordinates, spatial factors (spots × L) and the mean of each modality."""

    coordinates: np.ndarray
    factors: np.ndarray
    factor_names: tuple[str, ...]
    kinds: dict[str, np.ndarray]
    means: dict[str, MeanModel]


def draw_truth(scenario: Scenario, seed: np.random.SeedSequence) -> Truth:
    """Return the truth of a scenario for a seed."""
    coordinates, factors = place(scenario, seed)
    modalities = {modality.name: modality for modality in scenario.modalities}
    kinds = {m.name: feature_kinds(m.n_spatial, m.n_mixed, m.n_nonspatial) for m in scenario.modalities}
    means = {name: _mean_model(modality, scenario, factors, kinds[name], seed) for name, modality in modalities.items()}
    return Truth(coordinates=coordinates, factors=factors, factor_names=scenario.factor_names, kinds=kinds, means=means)


def place(scenario: Scenario, seed: np.random.SeedSequence) -> tuple[np.ndarray, np.ndarray]:
    """Return coordinates and spatial factors."""
    pattern = resolved(scenario.pattern)
    if isinstance(pattern, FactorMatrix):
        return pattern.coordinates, pattern.factors
    sites = scenario.placed.sites(stream(seed, LAYOUT))
    return sites.coordinates, pattern.factors(sites, stream(seed, PATTERN))


def _mean_model(
    modality: Modality, scenario: Scenario, factors: np.ndarray, kinds: np.ndarray, seed: np.random.SeedSequence
) -> MeanModel:
    own = stream(seed, modality.name)
    switches = stream(seed, SHARED) if scenario.shared_nonspatial else own
    weights = {"expression_mean": modality.full_weight, "spatial_fraction": modality.spatial_fraction}
    active = active_positions(modality, scenario.factor_names)
    n_drawn = modality.n_nonspatial_factors
    model = MeanModel(
        background=modality.background_mean,
        spatial_factors=factors,
        spatial_loadings=spatial_loadings(kinds, active, factors.shape[1], source=own, **weights),
        nonspatial_factors=nonspatial_factors(len(factors), n_drawn, modality.nonspatial_probability, switches),
        nonspatial_loadings=nonspatial_loadings(kinds, n_drawn, source=own, **weights),
    )
    model = _with_effects(model, modality, own)
    if modality.n_spatial + modality.n_mixed and modality.expression_mean * modality.spatial_fraction:
        _warn_unused(
            modality.name, [scenario.factor_names[k] for k in active if not model.spatial_loadings[:, k].any()]
        )
    return model


def _with_effects(model: MeanModel, modality: Modality, source: Stream) -> MeanModel:
    """Add what the modality has beside its factors; an effect of zero leaves no trace."""
    n_spots, n_features = model.shape
    effects: dict[str, Any] = {"link": modality.link}
    if modality.share_down:
        for tile, name in enumerate(("spatial_loadings", "nonspatial_loadings")):
            signs = loading_signs(n_features, modality.share_down, source, tile=tile)
            # Plus zero, so that zeros have no sign.
            effects[name] = getattr(model, name) * signs[:, None].astype(np.float32) + np.float32(0)
    if modality.library_size is not None:
        sizes = modality.library_size
        effects["library_sizes"] = log_normal(n_spots, sizes.median, sizes.sd, source, Purpose.LIBRARY_SIZE)
    if modality.efficiency_sd:
        effects["efficiencies"] = log_normal(
            n_features, 1.0, modality.efficiency_sd, source, Purpose.FEATURE_EFFICIENCY
        )
    return replace(model, **effects)


def _warn_unused(modality: str, unused: Sequence[str]) -> None:
    if unused:
        msg = f"no feature of modality {modality!r} drew the active factor(s) {', '.join(unused)}: zero loadings"
        warn_user(msg)
