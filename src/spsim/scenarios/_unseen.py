"""Factors that are in the data for nobody: no spot has them, or no modality sees them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from spsim import _keys
from spsim._warn import warn_user
from spsim.patterns import FactorMatrix
from spsim.scenarios._active import active_positions
from spsim.scenarios._modality import Modality
from spsim.scenarios._scenario import Scenario
from spsim.truth import Observations


def warn_unseen(scenario: Scenario, sets: Mapping[str, Observations]) -> None:
    """Warn of spatial factors that are nowhere, and of those that make domains which nothing measured can show."""
    held = [own for own in sets.values() if _keys.SPATIAL_BLOCK in own.factors]
    if not held:
        return
    names = scenario.factor_names
    is_there = np.any([own.factors[_keys.SPATIAL_BLOCK].values.any(axis=0) for own in held], axis=0)
    nowhere = [name for name, there in zip(names, is_there, strict=True) if not there]
    if nowhere:
        warn_user(f"no spot has the factor(s) {', '.join(nowhere)}: {_reason(scenario, held[0])}")
    seen = {k for modality in scenario.modalities if responds(modality) for k in active_positions(modality, names)}
    unseen = [name for k, name in enumerate(names) if is_there[k] and k not in seen]
    # Where nothing responds to any factor, that is what was asked for: a null world.
    if seen and unseen:
        warn_user(
            f"no modality sees the factor(s) {', '.join(unseen)}, but they make domains, which no method can find: name "
            "them in active_factors of a modality, or score against spsim.get.visible_domains"
        )


def responds(modality: Modality) -> bool:
    """Whether features of a modality have a weight on spatial factors."""
    mixed = modality.n_mixed if modality.spatial_fraction else 0
    return bool(modality.expression_mean and modality.n_spatial + mixed)


def _reason(scenario: Scenario, spots: Observations) -> str:
    if isinstance(scenario.pattern, FactorMatrix) or spots.sites is None:
        return "their columns are 0"
    low, high = (
        tuple(float(f"{value:.4g}") for value in corner[:2]) for corner in (spots.sites.lower, spots.sites.upper)
    )
    return (
        f"a pattern is stretched over the box of all spots, here from {low} to {high}; look for stray ones, such as one at "
        "(0, 0), for too few spots, or for a tissue that leaves these places out"
    )
