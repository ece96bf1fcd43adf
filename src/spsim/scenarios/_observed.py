"""Stage one, first half: the observations, and all that varies over them whatever is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from spsim import _keys
from spsim._random import Stream, stream
from spsim.patterns import FactorMatrix, Pattern
from spsim.scenarios._disc import disc_points
from spsim.scenarios._pattern_field import resolved
from spsim.scenarios._scenario import Scenario
from spsim.truth import Factors, Observations, Sites, domains

# Streams that belong to no modality; a modality of the same name shares no word with them (other purposes).
LAYOUT, PATTERN, DESIGN, FACTORS = "layout", "pattern", "design", "factors"


def observed(scenario: Scenario, seed: np.random.SeedSequence) -> dict[str, Observations]:
    """Return the sets of observations with their factors and labels."""
    design = scenario.designed
    sections = [_section(scenario, seed, number) for number in range(design.n_sections)]
    sets = design.observe(sections, stream(seed, DESIGN))
    numbered = {name: replace(own, position=i, of=name) for i, (name, own) in enumerate(sets.items())}
    placed = _with_pattern(numbered, scenario, seed)
    return {name: own if own.pooled else _with_recipes(own, scenario, seed) for name, own in placed.items()}


def _section(scenario: Scenario, seed: np.random.SeedSequence, number: int) -> Sites:
    if isinstance(scenario.pattern, FactorMatrix):
        return replace(scenario.pattern.sites, spacing=scenario.pattern.spacing)
    placed = scenario.placed.sites(stream(seed, f"{LAYOUT}:{number}" if number else LAYOUT))
    return replace(placed, spacing=scenario.placed.spacing)


def _with_pattern(
    sets: Mapping[str, Observations], scenario: Scenario, seed: np.random.SeedSequence
) -> dict[str, Observations]:
    """Return the sets with the spatial factors and domains of those that lie somewhere."""
    if scenario.pattern is None:
        return dict(sets)
    columns, pattern = scenario.factor_names, resolved(scenario.pattern)
    values = {
        name: _spatial_factors(pattern, own, own.sites, scenario, seed)
        for name, own in sets.items()
        if own.sites is not None
    }
    # Domains of all sets at once: what one of them is called and composed of must not depend on which set has it.
    label, start, placed = domains(np.concatenate(list(values.values())), columns), 0, dict(sets)
    for name, own in values.items():
        of_set = replace(label, codes=label.codes[start : start + len(own)])
        spatial = Factors(columns=columns, values=own, labels={_keys.DOMAIN: of_set})
        placed[name] = sets[name].with_factors(_keys.SPATIAL_BLOCK, spatial)
        start += len(own)
    return placed


def _spatial_factors(
    pattern: Pattern | FactorMatrix,
    observations: Observations,
    sites: Sites,
    scenario: Scenario,
    seed: np.random.SeedSequence,
) -> np.ndarray:
    if isinstance(pattern, FactorMatrix):
        values = pattern.factors
    else:
        values = _of_tissues(pattern, sites, observations, seed)
    amplitudes = scenario.designed.amplitudes(scenario.factor_names, observations)
    return values if amplitudes is None else values * amplitudes


def _of_tissues(pattern: Pattern, sites: Sites, observations: Observations, seed: np.random.SeedSequence) -> np.ndarray:
    """Return the factors at sites; tissues after the first one have numbers of their own."""
    tissues, diameters = observations.tissues, observations.diameters
    if tissues is None:
        return _looked_up(pattern, sites, diameters, stream(seed, PATTERN))
    values = np.empty((len(tissues), pattern.n_factors), np.float32)
    for tissue in np.unique(tissues):
        own = tissues == tissue
        part = replace(sites, coordinates=sites.coordinates[own])
        source = stream(seed, f"{PATTERN}:{tissue}" if tissue else PATTERN)
        values[own] = _looked_up(pattern, part, None if diameters is None else diameters[own], source)
    return values


def _looked_up(pattern: Pattern, sites: Sites, diameters: np.ndarray | None, source: Stream) -> np.ndarray:
    """Return the factors at sites, averaged where these are discs."""
    if diameters is None:
        return pattern.factors(sites, source)
    points = disc_points(sites.coordinates, diameters)
    every = pattern.factors(replace(sites, coordinates=points.reshape(-1, points.shape[2])), source)
    return every.reshape(*points.shape[:2], -1).mean(axis=0, dtype=np.float64).astype(np.float32)


def _with_recipes(observations: Observations, scenario: Scenario, seed: np.random.SeedSequence) -> Observations:
    for name, recipe in scenario.factors.items():
        if _has(observations, recipe.needs):
            observations = observations.with_factors(
                name, recipe.factors(observations, stream(seed, f"{FACTORS}:{name}"))
            )
    return observations


def _has(observations: Observations, needs: tuple[str, ...]) -> bool:
    return all(name in observations.labels for name in needs)
