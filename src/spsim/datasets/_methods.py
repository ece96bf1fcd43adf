"""The sentences of a Methods paragraph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spsim import _keys
from spsim.likelihoods import ContinuousLikelihood, from_dict


def paragraph(params: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """Say what was simulated."""
    n_spots = str(record[_keys.SHAPE]).split(" x ")[0]
    seeds = {name: seed["entropy"] for name, seed in params["seeds"].items()}
    return " ".join(
        [
            f"Data were simulated with spsim {record[_keys.VERSION]} ({_source(params['origin'], record)}): "
            f"{n_spots} spots, {len(params['factors'])} spatial factors ({', '.join(params['factors'])}), "
            f"seed {seeds['truth']} for the truth and {seeds['counts']} for the counts.",
            _places(params["scenario"]),
            *_recipes(params["scenario"]),
            "The mean of each modality is background + F W' + U V', with spatial factors F, non-spatial factors U and "
            "loadings W and V (Townes & Engelhardt 2023).",
            *(_sentence(modality, params) for modality in params["scenario"]["modalities"]),
            "Non-spatial factors are shared by all modalities." if params["scenario"]["shared_nonspatial"] else "",
        ]
    ).strip()


def _source(origin: Mapping[str, Any] | None, record: Mapping[str, Any]) -> str:
    if origin is None:
        return f"scenario {str(record[_keys.SCENARIO])!r}"
    anew = ", measured anew" if origin["resampled"] else ""
    return f"published data set {origin['id']!r}, replicate {origin['replicate']}{anew}"


def _places(scenario: Mapping[str, Any]) -> str:
    pattern, layout = scenario["pattern"], scenario["layout"]
    if layout is None:
        return "Coordinates or spatial factors are the user's own and are kept in the data."
    if pattern is None:
        return f"Spots lie on {_call(layout)}, without spatial factors."
    named = repr(pattern) if isinstance(pattern, str) else _call(pattern)
    return f"Spots lie on {_call(layout)}, spatial factors follow the pattern {named}."


def _recipes(scenario: Mapping[str, Any]) -> list[str]:
    """Say what a design and further factors are; objects of 0.1.0 have neither."""
    design, factors = scenario.get("design"), scenario.get("factors") or {}
    sentences = [] if design is None else [f"Observations are those of {_call(design)}."]
    return sentences + [f"Factors {name!r} are drawn as {_call(recipe)}." for name, recipe in factors.items()]


def _call(record: Mapping[str, Any]) -> str:
    fields = {key: value for key, value in record.items() if key != "name" and value is not None}
    return f"{record['name']}({', '.join(f'{key}={_text(value)}' for key, value in fields.items())})"


def _text(value: Any) -> str:
    return _call(value) if isinstance(value, Mapping) and "name" in value else repr(value)


def _sentence(modality: Mapping[str, Any], params: Mapping[str, Any]) -> str:
    active = modality["active_factors"]
    names = params["factors"] if active is None else [params["factors"][f] if isinstance(f, int) else f for f in active]
    return (
        f"Modality {modality['name']} has {modality['n_spatial']} spatial, {modality['n_mixed']} mixed (spatial share "
        f"{modality['spatial_fraction']:g}) and {modality['n_nonspatial']} non-spatial features with mean "
        f"{modality['expression_mean']:g} on background {modality['background_mean']:g}, loading on "
        f"{', '.join(names) or 'no spatial factor'} and on {modality['n_nonspatial_factors']} non-spatial factors that "
        f"are on with probability {modality['nonspatial_probability']:g}; it is measured as "
        f"{from_dict(modality['likelihood'])!r}."
        f"{_effects(modality)}"
    )


def _effects(modality: Mapping[str, Any]) -> str:
    sentences = []
    if modality.get("n_flat"):
        sentences.append(f"{modality['n_flat']} more features respond to no factor.")
    if modality.get("background_sd"):
        sentences.append(
            f"Backgrounds of features are log-normal around it (sd of the logarithm {modality['background_sd']:g})."
        )
    for name, rule in (modality.get("loadings") or {}).items():
        sentences.append(f"Features respond to the factors {name!r} as {_call(rule)}.")
    sentences += [f"The mean is changed by {_call(effect)}." for effect in modality.get("effects") or ()]
    if modality.get("observed") is not None:
        sentences.append(f"Only the observations {modality['observed']!r} are measured.")
    if modality.get("features_of") is not None:
        sentences.append(f"Its features are those of modality {modality['features_of']}.")
    if modality["link"] == "log":
        share = 0.5 if modality["down_fraction"] is None else modality["down_fraction"]
        sentences.append(f"Factors act on the logarithm of the mean, {share:g} of the loadings downwards.")
    if modality["library_size"]:
        sizes = modality["library_size"]
        sentences.append(
            f"Library sizes are log-normal (median {sizes['median']:g}, sd of the logarithm {sizes['sd']:g})."
        )
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
