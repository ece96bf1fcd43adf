"""The fields of a modality as keywords, and their published names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from spsim import _validate
from spsim._keywords import check_known
from spsim.factors import Effect, LoadingRule, Sizes
from spsim.likelihoods import Likelihood, NegativeBinomial, ZeroInflatedNegativeBinomial

# Published name → ours: the NSF paper's simulator (nzprob_nsp, expr_mean, …), SpaMV's and the configuration slides'.
ALIASES = {
    "Jsp": "n_spatial",
    "Jmix": "n_mixed",
    "Jns": "n_nonspatial",
    "Lns": "n_nonspatial_factors",
    "expr_mean": "expression_mean",
    "bkg_mean": "background_mean",
    "mix_frac_spat": "spatial_fraction",
    "mix_frac": "spatial_fraction",
    "nzprob_nsp": "nonspatial_probability",
    "nzprob": "nonspatial_probability",
    "nb_shape": "shape",
    "zi_prob": "dropout_rate",
}
COUNTS = ("n_spatial", "n_mixed", "n_nonspatial", "n_flat")
LINKS = ("identity", "log")
SHORTHANDS = {"shape": 10.0, "dropout_rate": 0.0}


class ModalityFields(TypedDict, total=False):
    """Keywords of :func:`spsim.datasets.quilt` and its like: a modality's fields, flat."""

    name: str
    n_spatial: int
    n_mixed: int
    n_nonspatial: int
    n_flat: int
    n_nonspatial_factors: int
    nonspatial_probability: float
    expression_mean: float
    background_mean: float
    background_sd: float
    spatial_fraction: float
    active_factors: Sequence[int | str] | None
    link: str
    down_fraction: float | None
    loadings: Mapping[str, LoadingRule | Mapping[str, Any]]
    library_size: Sizes | Mapping[str, Any] | None
    efficiency_sd: float
    effects: Sequence[Effect | Mapping[str, Any]]
    noise_mean: float
    noise_sd: float
    likelihood: Likelihood
    shape: float
    dropout_rate: float
    observed: str | Mapping[str, Sequence[str]] | None
    features_of: str | None


def canonical_fields(fields: Mapping[str, Any], known: Sequence[str]) -> dict[str, Any]:
    """Return fields under their own names: nesting, aliases and shorthands resolved."""
    flat = _renamed(_flattened(fields))
    check_known("a modality has no field", flat, [*known, *SHORTHANDS, "params", *ALIASES])
    if any(count in flat for count in COUNTS):
        flat = dict.fromkeys(COUNTS, 0) | flat
    shorthands = {name: flat.pop(name) for name in SHORTHANDS if name in flat}
    if shorthands and "likelihood" in flat:
        msg = f"give either likelihood or {' and '.join(shorthands)}, not both (got likelihood={_validate.shown(flat['likelihood'])})"
        raise ValueError(msg)
    if shorthands:
        flat["likelihood"] = likelihood_of(**shorthands)
    return flat


def likelihood_of(
    *, shape: float = SHORTHANDS["shape"], dropout_rate: float = SHORTHANDS["dropout_rate"]
) -> Likelihood:
    """Return the likelihood that the shorthands stand for: without dropout, plain negative binomial."""
    inflated = ZeroInflatedNegativeBinomial(shape=shape, dropout_rate=dropout_rate)
    return inflated if dropout_rate > 0 else NegativeBinomial(shape=shape)


def _flattened(fields: Mapping[str, Any]) -> dict[str, Any]:
    flat = dict(fields)
    nested = flat.pop("params", {})
    if not isinstance(nested, Mapping):
        msg = f"params must be a mapping of a modality's fields, got {_validate.shown(nested)}"
        raise TypeError(msg)
    for name, value in nested.items():
        _refuse_twice(name, flat, name)
        flat[name] = value
    return flat


def _renamed(fields: Mapping[str, Any]) -> dict[str, Any]:
    renamed: dict[str, Any] = {}
    for name, value in fields.items():
        own = ALIASES.get(name, name)
        _refuse_twice(name, renamed, own)
        renamed[own] = value
    return renamed


def _refuse_twice(name: str, fields: Mapping[str, Any], own: str) -> None:
    if own in fields:
        msg = f"{name!r} is given twice" + (f" (it is another name of {own!r})" if own != name else "")
        raise ValueError(msg)
