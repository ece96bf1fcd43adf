"""The sentences of a Methods paragraph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from spsim import _keys
from spsim._recipe import Recipe, as_recipe, in_words
from spsim.designs import SPOT, Design, Plain
from spsim.factors import Effect, FactorRecipe, LoadingRule, Sizes
from spsim.likelihoods import ContinuousLikelihood, from_dict
from spsim.patterns import Layout


def paragraph(params: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """Say what was simulated."""
    design = _design(params["scenario"])
    seeds = {name: seed["entropy"] for name, seed in params["seeds"].items()}
    named = f" {len(params['factors'])} spatial factors ({', '.join(params['factors'])})," if params["factors"] else ""
    sentences = [
        f"Data were simulated with spsim {record[_keys.VERSION]} ({_source(params['origin'], record)}): "
        f"{_observations(params['scenario'], design, record)},{named} "
        f"seed {seeds['truth']} for the truth and {seeds['counts']} for the counts.",
        _places(params["scenario"]),
        *_recipes(params["scenario"]),
        _mean(params["scenario"]["modalities"]),
        *(_sentence(modality, params, design) for modality in params["scenario"]["modalities"]),
        "Non-spatial factors are shared by all modalities." if params["scenario"]["shared_nonspatial"] else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _design(scenario: Mapping[str, Any]) -> Design:
    """Return the design; objects of 0.1.0 have none."""
    record = scenario.get("design")
    return Plain() if record is None else cast(Design, as_recipe("design", record, Design))


def _observations(scenario: Mapping[str, Any], design: Design, record: Mapping[str, Any]) -> str:
    """Say how many there are; of each set where there are several."""
    total = int(str(record[_keys.SHAPE]).split(" x ")[0])
    layout = scenario["layout"]
    sets = {} if layout is None else design.n_observations(as_recipe("layout", layout, Layout).n_spots)
    if len(sets) < 2:
        return f"{total} {next(iter(sets), SPOT)}s"
    return f"{total} observations ({', '.join(f'{n} in the set {name}' for name, n in sets.items())})"


def _mean(modalities: Sequence[Mapping[str, Any]]) -> str:
    if all(map(_has_own_factors_only, modalities)):
        return "The mean of a feature is its background plus its loadings on the factors that an observation has."
    return (
        "The mean of each modality is background + F W' + U V', with spatial factors F, non-spatial factors U and "
        "loadings W and V (Townes & Engelhardt 2023)."
    )


def _has_own_factors_only(modality: Mapping[str, Any]) -> bool:
    """Whether features respond to further factors, such as cell types, and to nothing else."""
    return not (modality["n_spatial"] or modality["n_mixed"] or modality["expression_mean"])


def _source(origin: Mapping[str, Any] | None, record: Mapping[str, Any]) -> str:
    if origin is None:
        return f"scenario {str(record[_keys.SCENARIO])!r}"
    anew = ", measured anew" if origin["resampled"] else ""
    return f"published data set {origin['id']!r}, replicate {origin['replicate']}{anew}"


def _places(scenario: Mapping[str, Any]) -> str:
    pattern, layout = scenario["pattern"], scenario["layout"]
    if layout is None:
        return "Coordinates or spatial factors are the user's own and are kept in the data."
    design = _design(scenario)
    if not design.is_placed:
        return "They have no places."
    if len(design.n_observations(1)) > 1:
        named = "no pattern" if pattern is None else repr(pattern) if isinstance(pattern, str) else _call(pattern)
        return f"The tissue is laid out as {_call(layout)}, domains follow the pattern {named}."
    if pattern is None:
        return f"Spots lie on {_call(layout)}, without spatial factors."
    named = repr(pattern) if isinstance(pattern, str) else _call(pattern)
    return f"Spots lie on {_call(layout)}, spatial factors follow the pattern {named}."


def _recipes(scenario: Mapping[str, Any]) -> list[str]:
    """Say what a design and further factors are; objects of 0.1.0 have neither."""
    design, factors = scenario.get("design"), scenario.get("factors") or {}
    sentences = []
    if design is not None:
        sentences.append(said("design", design, Design) or f"Observations are those of {_call(design)}.")
    for name, recipe in factors.items():
        prose = said(f"factors {name}", recipe, FactorRecipe)
        sentences.append(f"Factors {name!r} are {prose or 'drawn as ' + _call(recipe)}.")
    return sentences


def said(what: str, record: Mapping[str, Any], family: type[Recipe]) -> str:
    """Return the words of a recipe, none for one of a user's own that is not imported."""
    try:
        return str(as_recipe(what, record, family).prose)
    except ValueError:
        return ""


def _call(record: Mapping[str, Any]) -> str:
    fields = {key: value for key, value in record.items() if key != "name" and value not in (None, {}, [])}
    return f"{record['name']}({', '.join(f'{key}={_text(value)}' for key, value in fields.items())})"


def _text(value: Any) -> str:
    return _call(value) if isinstance(value, Mapping) and "name" in value else repr(value)


def _sentence(modality: Mapping[str, Any], params: Mapping[str, Any], design: Design) -> str:
    if _has_own_factors_only(modality):
        return (
            f"Modality {modality['name']} has {modality['n_nonspatial']} features on background "
            f"{modality['background_mean']:g}; it is measured as {from_dict(modality['likelihood'])!r}."
            f"{_effects(modality)}{_sums(modality, design)}"
        )
    active = modality["active_factors"]
    names = params["factors"] if active is None else [params["factors"][f] if isinstance(f, int) else f for f in active]
    kinds = {
        "spatial": modality["n_spatial"],
        f"mixed (spatial share {modality['spatial_fraction']:g})": modality["n_mixed"],
        "non-spatial": modality["n_nonspatial"],
    }
    there = [f"{n} {kind}" for kind, n in kinds.items() if n] or ["no"]
    switched = (
        f" and on {modality['n_nonspatial_factors']} non-spatial factors that are on with probability "
        f"{modality['nonspatial_probability']:g}"
    )
    return (
        f"Modality {modality['name']} has {in_words(there)} features with mean {modality['expression_mean']:g} on "
        f"background {modality['background_mean']:g}, loading on {', '.join(names) or 'no spatial factor'}"
        f"{switched if modality['n_mixed'] + modality['n_nonspatial'] else ''}; it is measured as "
        f"{from_dict(modality['likelihood'])!r}."
        f"{_effects(modality)}"
    )


def _sums(modality: Mapping[str, Any], design: Design) -> str:
    """Say what observations are sums of, if they are."""
    observed = modality.get("observed")
    summed = design.pooled.get(observed) if isinstance(observed, str) else None
    if summed is None:
        return ""
    return f" An observation's mean is the sum of those of the {summed} in it, and its counts are drawn type by type."


def _effects(modality: Mapping[str, Any]) -> str:
    sentences = []
    if modality.get("n_flat"):
        sentences.append(f"{modality['n_flat']} more features respond to no factor.")
    if modality.get("background_sd"):
        sentences.append(
            f"Backgrounds of features are log-normal around it (sd of the logarithm {modality['background_sd']:g})."
        )
    for name, rule in (modality.get("loadings") or {}).items():
        prose = said(f"loadings {name}", rule, LoadingRule)
        sentences.append(f"Features respond to the factors {name!r} {prose or 'as ' + _call(rule)}.")
    for effect in modality.get("effects") or ():
        prose = said("effect", effect, Effect) or _call(effect)
        # Some are a sentence of their own.
        sentences.append(prose if prose.endswith(".") else f"The mean is changed by {prose}.")
    if modality.get("observed") is not None:
        sentences.append(f"Only the observations {modality['observed']!r} are measured.")
    if modality.get("features_of") is not None:
        sentences.append(f"Its features are those of modality {modality['features_of']}.")
    if modality["link"] == "log":
        share = 0.5 if modality["down_fraction"] is None else modality["down_fraction"]
        sentences.append(f"Factors act on the logarithm of the mean, {share:g} of the loadings downwards.")
    if modality["library_size"]:
        sizes = modality["library_size"]
        prose = said("library_size", sizes, Sizes) if "name" in sizes else ""
        plain = f"Library sizes are log-normal (median {sizes['median']:g}, sd of the logarithm {sizes['sd']:g})."
        sentences.append(prose or plain)
    if modality["efficiency_sd"]:
        sentences.append(
            f"Efficiencies of features are log-normal (sd of the logarithm {modality['efficiency_sd']:g})."
        )
    if modality["noise_mean"] or modality["noise_sd"]:
        sentences.append(f"Noise N({modality['noise_mean']:g}, {modality['noise_sd']:g}²) is added to the counts in X.")
    if advice := _to_normalise(modality):
        sentences.append(advice)
    return "".join(f" {sentence}" for sentence in sentences)


def _to_normalise(modality: Mapping[str, Any]) -> str:
    """Say where the counts are, if X may be negative: logarithms of normalised values are not numbers then."""
    likelihood = from_dict(modality["likelihood"])
    if isinstance(likelihood, ContinuousLikelihood):
        is_negative = likelihood.lowest_mean < 0 or modality["noise_sd"] or modality["noise_mean"] < 0
        return "Values are real numbers that may be negative; there are no counts to normalise." if is_negative else ""
    if modality["noise_sd"] or modality["noise_mean"] < 0:
        return 'X may be negative: to normalise and take logarithms, take layers["counts"].'
    return ""
