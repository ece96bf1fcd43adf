"""The order of random draws in the simulator of Townes & Engelhardt (2023), which SpaMV took over.

Three generators start from one integer: (a) loadings, (b) non-spatial factors, (c) counts. Their streams are the same
bits, so that a feature's factor predicts U; kept here because the published files came out of it, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from spsim import _keys
from spsim.datasets._catalogue._entry import Drawn
from spsim.scenarios import (
    Modality,
    Scenario,
    active_positions,
    kinds_of,
    nonspatial_weights,
    observed,
    placed_loadings,
    spatial_weights,
)
from spsim.truth import Block, Features, Mean, Measurement, Observations, Truth


def draw_in_nsf_order(scenario: Scenario, seeds: Mapping[str, int]) -> Drawn:
    """Return a scenario drawn in the published order, with one integer per modality."""
    sets = observed(scenario, np.random.SeedSequence(0))  # a grid: nothing is random
    ((name, spots),) = sets.items()
    means = {m.name: _mean(m, scenario, spots, seeds[m.name]) for m in scenario.modalities}
    truth = Truth(
        observations=sets,
        of=dict.fromkeys(means, name),
        features={m.name: Features(labels={_keys.KIND: kinds_of(m)}) for m in scenario.modalities},
        means=means,
    )
    measured = {m.name: Measurement(raw=_counts(m, means[m.name], seeds[m.name])) for m in scenario.modalities}
    return Drawn(truth=truth, measured=measured)


def _mean(modality: Modality, scenario: Scenario, spots: Observations, seed: int) -> Mean:
    kinds, weights = kinds_of(modality).codes, (modality.expression_mean, modality.spatial_fraction)
    factors, active = spots.factors[_keys.SPATIAL_BLOCK], np.array(active_positions(modality, scenario.factor_names))
    n_drawn = modality.n_nonspatial_factors
    loadings = np.random.default_rng(seed)
    spatial = active[loadings.choice(len(active), len(kinds))]
    nonspatial = loadings.choice(n_drawn, len(kinds)) if n_drawn else None
    switches = np.random.default_rng(seed).binomial(1, modality.nonspatial_probability, size=(spots.n, n_drawn))
    blocks = [
        Block(
            name=_keys.SPATIAL_BLOCK,
            columns=factors.columns,
            factors=factors.values,
            loadings=placed_loadings(spatial_weights(*weights)[kinds], spatial, len(factors.columns)),
            is_spatial=True,
            is_assigned=True,
        ),
        Block(
            name=_keys.NONSPATIAL_BLOCK,
            columns=tuple(_keys.nonspatial_names(n_drawn)),
            factors=switches.astype(np.float32),
            loadings=placed_loadings(nonspatial_weights(*weights)[kinds], nonspatial, n_drawn),
            is_assigned=True,
        ),
    ]
    return Mean(baseline=modality.background_mean, blocks=tuple(blocks))


def _counts(modality: Modality, mean_model: Mean, seed: int) -> np.ndarray:
    shape = modality.likelihood.to_dict()["shape"]
    mean = mean_model.rows()
    return np.random.default_rng(seed).negative_binomial(shape, shape / (mean + shape)).astype(np.float32)
