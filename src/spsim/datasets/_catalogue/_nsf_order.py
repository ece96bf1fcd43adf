"""The order of random draws in the simulator of Townes & Engelhardt (2023), which SpaMV took over.

Three generators start from one integer: (a) loadings, (b) non-spatial factors, (c) counts. Their streams are the same
bits, so that a feature's factor predicts U; kept here because the published files came out of it, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from spsim.datasets._catalogue._entry import Drawn
from spsim.factors import MeanModel, feature_kinds, nonspatial_weights, placed_loadings, spatial_weights
from spsim.scenarios import Measurement, Modality, Scenario, Truth, active_positions, place


def draw_in_nsf_order(scenario: Scenario, seeds: Mapping[str, int]) -> Drawn:
    """Return a scenario drawn in the published order, with one integer per modality."""
    coordinates, factors = place(scenario, np.random.SeedSequence(0))  # a grid: nothing is random
    means = {m.name: _mean_model(m, scenario, factors, seeds[m.name]) for m in scenario.modalities}
    truth = Truth(
        coordinates=coordinates,
        factors=factors,
        factor_names=scenario.factor_names,
        kinds={m.name: feature_kinds(m.n_spatial, m.n_mixed, m.n_nonspatial) for m in scenario.modalities},
        means=means,
    )
    measured = {m.name: Measurement(raw=_counts(m, means[m.name], seeds[m.name])) for m in scenario.modalities}
    return Drawn(truth=truth, measured=measured)


def _mean_model(modality: Modality, scenario: Scenario, factors: np.ndarray, seed: int) -> MeanModel:
    kinds = feature_kinds(modality.n_spatial, modality.n_mixed, modality.n_nonspatial)
    weights = modality.expression_mean, modality.spatial_fraction
    active = np.array(active_positions(modality, scenario.factor_names))
    n_drawn = modality.n_nonspatial_factors
    loadings = np.random.default_rng(seed)
    spatial = active[loadings.choice(len(active), len(kinds))]
    nonspatial = loadings.choice(n_drawn, len(kinds)) if n_drawn else None
    switches = np.random.default_rng(seed).binomial(1, modality.nonspatial_probability, size=(len(factors), n_drawn))
    return MeanModel(
        background=modality.background_mean,
        spatial_factors=factors,
        spatial_loadings=placed_loadings(spatial_weights(*weights)[kinds], spatial, factors.shape[1]),
        nonspatial_factors=switches.astype(np.float32),
        nonspatial_loadings=placed_loadings(nonspatial_weights(*weights)[kinds], nonspatial, n_drawn),
    )


def _counts(modality: Modality, model: MeanModel, seed: int) -> np.ndarray:
    shape = modality.likelihood.to_dict()["shape"]
    mean = model.rows()
    return np.random.default_rng(seed).negative_binomial(shape, shape / (mean + shape)).astype(np.float32)
