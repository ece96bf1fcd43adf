"""Whether the parts of a scenario fit together: every name that one part uses is one that another part gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from spsim import _keys, _validate
from spsim._names import usable_name
from spsim.designs import Design
from spsim.likelihoods import NegativeBinomial, Poisson
from spsim.patterns import FactorMatrix
from spsim.scenarios._active import active_positions
from spsim.scenarios._modality import Modality
from spsim.scenarios._seen import set_of

# What obs, var and uns of every object hold already.
TAKEN = (
    _keys.SPATIAL_BLOCK,
    _keys.NONSPATIAL_BLOCK,
    _keys.DOMAIN,
    _keys.X_COORDINATE,
    _keys.Y_COORDINATE,
    _keys.INDEX,
    _keys.KIND,
    _keys.LIBRARY_SIZE,
    _keys.EFFICIENCY,
    _keys.BASELINE,
    _keys.EXPOSURE,
    _keys.AREA,
    _keys.FEATURE_SHAPE,
    _keys.GENE,
)

NUMBERS = ("n_spatial", "n_mixed", "n_nonspatial", "n_flat")

# What baselines and loadings are drawn from.
SHARED_BY_FEATURES = (
    "n_nonspatial_factors",
    "expression_mean",
    "background_mean",
    "background_sd",
    "spatial_fraction",
    "active_factors",
    "link",
    "down_fraction",
    "efficiency_sd",
)


class Parts(Protocol):
    """What is looked at of a scenario."""

    @property
    def pattern(self) -> Any: ...
    @property
    def layout(self) -> Any: ...
    @property
    def placed(self) -> Any: ...
    @property
    def design(self) -> Any: ...
    @property
    def designed(self) -> Design: ...
    @property
    def factors(self) -> Mapping[str, Any]: ...
    @property
    def factor_names(self) -> tuple[str, ...]: ...
    @property
    def modalities(self) -> tuple[Modality, ...]: ...
    @property
    def n_observations(self) -> Mapping[str, int]: ...
    @property
    def replays_from_slots(self) -> bool: ...
    @property
    def shared_nonspatial(self) -> bool: ...


def check_consistent(scenario: Parts) -> None:
    """Refuse a scenario whose parts do not fit; errors list what there is."""
    _check_places(scenario)
    labels = _labels(scenario)
    for modality in scenario.modalities:
        _check_factors(modality, scenario)
        _check_observed(modality, scenario, labels)
        _check_names(modality, scenario, labels)
        _check_features_of(modality, scenario)
        _check_pooled(modality, scenario)
    _check_shared(scenario)


def _check_places(scenario: Parts) -> None:
    design = scenario.designed
    if isinstance(scenario.pattern, FactorMatrix):
        if scenario.layout is not None:
            msg = f"a FactorMatrix brings its own coordinates, so layout and n_side must be left out, got {scenario.layout}"
            raise ValueError(msg)
        if scenario.design is not None and not scenario.replays_from_slots:
            msg = (
                f"a FactorMatrix holds one value per spot, so it goes with every spot once, not with {design}: make a "
                "pattern of it (spsim.patterns.Pattern), which can be looked up anywhere"
            )
            raise ValueError(msg)
    for name in design.structures:
        _known(f"{type(design).__name__} of the scenario", "spatial factor", name, scenario.factor_names)


def _placed(scenario: Parts) -> Any:
    """What says where the spots are."""
    return scenario.pattern if isinstance(scenario.pattern, FactorMatrix) else scenario.placed


def _taken(scenario: Parts) -> list[str]:
    placed = _placed(scenario)
    n_dimensions = placed.coordinates.shape[1] if isinstance(placed, FactorMatrix) else placed.n_dimensions
    return [*TAKEN, *_keys.axes(n_dimensions)]


def _labels(scenario: Parts) -> list[str]:
    """Return the labels of observations in the order in which they come to be."""
    _check_free(f"labels of {type(scenario.designed).__name__}", scenario.designed.labels, _taken(scenario))
    placed = _placed(scenario).labels
    labels = list(dict.fromkeys([*placed, *scenario.designed.labels]))
    labels += [_keys.DOMAIN] if scenario.pattern is not None else []
    tables = [_keys.ACTIVITY, *scenario.designed.tables]
    for name, recipe in scenario.factors.items():
        _check_free(f"factors: {usable_name('names of factors', name)!r}", [name], [*_taken(scenario), *labels])
        for needed in recipe.needs:
            _known(f"factors[{_validate.shown(name)}]", "label", needed, labels)
        for observations in recipe.sets:
            _known(f"factors[{_validate.shown(name)}]", "set of observations", observations, scenario.n_observations)
        own = [f"{name}_{table}" for table in recipe.tables] + list(recipe.own_tables)
        _check_free(f"factors: tables of {_validate.shown(name)}", own, tables)
        tables += own
        labels += [name] if recipe.has_label else []
        given = [*scenario.factors, *_taken(scenario), *labels]
        _check_free(f"factors: labels of {_validate.shown(name)}", recipe.labels, given)
        labels += recipe.labels
    return labels


def _check_factors(modality: Modality, scenario: Parts) -> None:
    active = active_positions(modality, scenario.factor_names)
    if active or not modality.n_spatial + modality.n_mixed:
        return
    if scenario.pattern is None:
        msg = (
            f"n_spatial and n_mixed of modality {modality.name!r} must be 0 without a pattern, whose factors they need"
        )
    else:
        msg = f"active_factors of modality {modality.name!r} is empty, but n_spatial or n_mixed is not 0"
    raise ValueError(msg)


def _check_observed(modality: Modality, scenario: Parts, labels: list[str]) -> None:
    where = f"observed of modality {modality.name!r}"
    if isinstance(modality.observed, str):
        _known(where, "set of observations", modality.observed, scenario.n_observations)
    elif modality.observed is not None:
        for label in modality.observed:
            _known(where, "label", label, labels)


def _check_names(modality: Modality, scenario: Parts, labels: list[str]) -> None:
    spatial = [_keys.SPATIAL_BLOCK] if scenario.pattern is not None else []
    for name in modality.loadings:
        _known(f"loadings of modality {modality.name!r}", "factors", name, [*spatial, *scenario.factors])
    rule = modality.loadings.get(_keys.SPATIAL_BLOCK)
    if rule is not None and rule.scale == "log" and modality.link != "log":
        msg = (
            f"loadings of modality {modality.name!r}: {type(rule).__name__} under {_keys.SPATIAL_BLOCK!r} is on the "
            f"logarithm of the mean and needs link='log', got link={modality.link!r}: change it, or give a rule on the mean"
        )
        raise ValueError(msg)
    for name, own in modality.loadings.items():
        if own.is_signed and modality.likelihood.lowest_mean >= 0:
            msg = (
                f"loadings of modality {modality.name!r}: {type(own).__name__} under {name!r} makes negative means, which "
                f"{type(modality.likelihood).__name__} does not measure: take a Gaussian likelihood, or another rule"
            )
            raise ValueError(msg)
    keys: list[str] = []
    if modality.library_size is not None:
        keys = [_keys.LIBRARY_SIZE]
        for needed in modality.library_size.needs:
            _known(f"library_size of modality {modality.name!r}", "label", needed, labels)
    for effect in modality.effects:
        where = f"{type(effect).__name__} of modality {modality.name!r}"
        for needed in effect.needs:
            _known(where, "label", needed, labels)
        if effect.origin is not None:
            origin, by = effect.origin
            others = [m.name for m in scenario.modalities if m is not modality]
            _known(where, "other modality", origin, others)
            _known(where, "factors", by, scenario.factors)
        _check_free(where, effect.keys, [*keys, *scenario.factors, *labels, *_taken(scenario)])
        keys += effect.keys
    held = [_keys.factors_of(block) for block in (_keys.SPATIAL_BLOCK, *scenario.factors)]
    _check_free(f"name of modality {modality.name!r}", [modality.name], held)


def _check_features_of(modality: Modality, scenario: Parts) -> None:
    if modality.features_of is None:
        return
    others = {other.name: other for other in scenario.modalities if other is not modality and not other.features_of}
    _known(
        f"features_of of modality {modality.name!r}", "modality with features of its own", modality.features_of, others
    )
    other = others[modality.features_of]
    for field in (*_numbers_that_differ(modality, other), *SHARED_BY_FEATURES):
        own, given = getattr(modality, field), getattr(other, field)
        if own != given:
            msg = (
                f"{field} of modality {modality.name!r} must be that of {other.name!r}, whose features it has "
                f"({_validate.shown(given)}), got {_validate.shown(own)}"
            )
            raise ValueError(msg)


def _numbers_that_differ(modality: Modality, other: Modality) -> list[str]:
    """Numbers of features that must be equal: all of them, unless the features of one are the first of the other's."""
    differing = [name for name in NUMBERS if getattr(modality, name) != getattr(other, name)]
    fewer, more = sorted((modality, other), key=lambda m: m.n_features)
    at = max(position for position, name in enumerate(NUMBERS) if getattr(fewer, name))  # no modality is without any
    is_prefix = all(getattr(fewer, name) == getattr(more, name) for name in NUMBERS[:at])
    is_prefix &= getattr(fewer, NUMBERS[at]) <= getattr(more, NUMBERS[at])
    return [] if is_prefix else differing


def _check_pooled(modality: Modality, scenario: Parts) -> None:
    sets = list(scenario.n_observations)
    pooled = scenario.designed.pooled.get(set_of(modality, sets))
    if pooled is None:
        return
    origins = [m.name for m in scenario.modalities if set_of(m, sets) == pooled and not m.features_of]
    if modality.features_of not in origins:
        msg = (
            f"features_of of modality {modality.name!r} must be the modality of the {pooled!r} that its observations are "
            f"sums of (there are {_validate.listing(origins)}), got {_validate.shown(modality.features_of)}"
        )
        raise ValueError(msg)
    (origin,) = (m for m in scenario.modalities if m.name == modality.features_of)
    if modality.n_features != origin.n_features:
        msg = (
            f"modality {modality.name!r} must have all features of {origin.name!r} ({origin.n_features}), whose cells its "
            f"observations are sums of, got {modality.n_features}"
        )
        raise ValueError(msg)
    if not isinstance(modality.likelihood, NegativeBinomial | Poisson):
        msg = (
            f"likelihood of modality {modality.name!r} must be NegativeBinomial or Poisson, because its counts are sums "
            f"over cells, got {modality.likelihood!r}"
        )
        raise ValueError(msg)


def _check_shared(scenario: Parts) -> None:
    drawn = {(m.n_nonspatial_factors, m.nonspatial_probability) for m in scenario.modalities}
    if scenario.shared_nonspatial and len(drawn) > 1:
        msg = (
            "shared_nonspatial needs one n_nonspatial_factors and nonspatial_probability in all modalities, "
            f"got {_validate.listing(sorted(drawn))}"
        )
        raise ValueError(msg)


def _known(where: str, what: str, name: str, there: Iterable[str]) -> None:
    known = list(there)
    if name not in known:
        msg = f"{where}: no {what} {_validate.shown(name)}{_validate.closest(name, known)}; there are {_validate.listing(known)}"
        raise ValueError(msg)


def _check_free(where: str, names: Iterable[str], taken: Iterable[str]) -> None:
    held = set(taken)
    for name in names:
        if name in held:
            msg = f"{where}: the name {_validate.shown(name)} is taken already; give another one than {_validate.listing(sorted(held))}"
            raise ValueError(msg)
