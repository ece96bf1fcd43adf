"""Cases that call a metric of arrays."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from random import Random

import spsim as sps
from verification.fuzzing import arrays
from verification.fuzzing.case import Case
from verification.fuzzing.values import SEEDS, hostile_number

FUNCTIONS = tuple(name for name in sps.metrics.__all__ if inspect.isfunction(getattr(sps.metrics, name)))
Draw = Callable[[Random, "Sizes"], str]


class Sizes:
    """Sizes that the arrays of one case share."""

    def __init__(self, random: Random) -> None:
        self.n_rows = random.choice((1, 2, 3, 5, 12, 12, 30, 64))
        self.n_columns = random.choice((1, 2, 3, 4))
        self.n_other = random.choice((self.n_columns, self.n_columns, 1, 2, 3))
        self.n_features = random.choice((1, 4, 20))


def _matrix(random: Random, sizes: Sizes) -> str:
    return arrays.matrix(sizes.n_rows, sizes.n_columns, random)


def _truth(random: Random, sizes: Sizes) -> str:
    return arrays.matrix(sizes.n_rows, sizes.n_other, random)


def _positive(random: Random, sizes: Sizes) -> str:
    return f"positive({sizes.n_rows}, {sizes.n_columns}, {random.randrange(9)})"


def _labels(random: Random, sizes: Sizes) -> str:
    return arrays.labels(sizes.n_rows, random)


def _mask(random: Random, sizes: Sizes) -> str:
    return f"(normal({sizes.n_rows}, 1, {random.randrange(9)})[:, 0] > 0)"


def _entries(random: Random, sizes: Sizes) -> str:
    return f"(normal({sizes.n_rows}, {sizes.n_columns}, {random.randrange(9)}) > 0)"


def _vector(random: Random, sizes: Sizes) -> str:
    return f"positive({sizes.n_rows}, 1, {random.randrange(9)})[:, 0]"


def _loadings(random: Random, sizes: Sizes) -> str:
    return arrays.matrix(sizes.n_features, sizes.n_columns, random)


def _chosen(*texts: str) -> Draw:
    return lambda random, sizes: random.choice(texts)


# Ordinary values by the name of the parameter, or by function and parameter where a name means two things.
ORDINARY: dict[str, Draw] = {
    **dict.fromkeys(("estimate", "embedding", "reference", "values", "shared", "private", "spatial_factors"), _matrix),
    **dict.fromkeys(("truth", "shared_truth", "private_truth", "nonspatial_factors"), _truth),
    **dict.fromkeys(("mean", "counts", "probability"), _positive),
    **dict.fromkeys(("loadings", "true_loadings", "spatial_loadings", "nonspatial_loadings"), _loadings),
    **dict.fromkeys(("labels", "kinds"), _labels),
    **dict.fromkeys(("foreground", "is_spatial"), _mask),
    **dict.fromkeys(("scores", "p_values"), _vector),
    **dict.fromkeys(
        (
            "domain_agreement.truth",
            "domain_ceiling.truth",
            "domain_chance.truth",
            "domain_continuity.truth",
            "factor_kind.truth",
        ),
        _labels,
    ),
    **dict.fromkeys(("dropout_detection.dropout", "foreground_detection.foreground"), _entries),
    "coordinates": lambda random, sizes: arrays.places(sizes.n_rows, random),
    "graph": lambda random, sizes: random.choice((f"graph({sizes.n_rows})", f"graph({sizes.n_rows}).tocoo()")),
    "score": _chosen("lambda null: null.mean()", "lambda null: null.mean(axis=0)"),
    "nulls": lambda random, sizes: f"[normal({sizes.n_rows}, 2, 1), normal({sizes.n_rows}, 2, 2)]",
    "match": lambda random, sizes: random.choice((f"np.arange({sizes.n_columns})", "[0, 1]", "[-1, 0]", "[0]")),
    "sign": lambda random, sizes: f"np.ones({sizes.n_columns}, int)",
    "visible": _chosen("[True, False]", "['a']", "['a', 'b']", "[True]"),
    "chance": _chosen("0.1", "[0.1, 0.2]"),
    "background": _chosen("'a'", "'background'"),
    "energy_kinds.factors": _matrix,
    "energy_kinds.loadings": lambda random, sizes: (
        f"{{'rna': {_loadings(random, sizes)}, 'adt': {_loadings(random, sizes)}}}"
    ),
    "spatial_importance_distance.estimate": _vector,
    "spatial_importance_distance.truth": _vector,
    "shape": _chosen("None", "10", "math.inf"),
    "threshold": _chosen("0.05", "0", "1"),
    "n_draws": _chosen("1", "3"),
    "n_folds": _chosen("2", "5"),
    "n_neighbors": _chosen("1", "3", "49"),
    "n_sampled": _chosen("None", "2", "5", "1000"),
    "rng": _chosen(*SEEDS),
}


def metric(random: Random) -> Case:
    """One call of a metric, with up to a few arguments that do not fit."""
    name = random.choice(FUNCTIONS)
    sizes, positional, keywords = Sizes(random), [], {}
    for parameter in inspect.signature(getattr(sps.metrics, name)).parameters.values():
        is_needed = parameter.default is parameter.empty
        if not is_needed and random.random() < 0.6:
            continue
        draw = ORDINARY.get(f"{name}.{parameter.name}") or ORDINARY.get(parameter.name)
        value = _misfit(parameter.name, draw(random, sizes) if draw else "1", random)
        if parameter.kind is parameter.KEYWORD_ONLY:
            keywords[parameter.name] = value
        else:
            positional.append(value)
    return Case(function=f"sps.metrics.{name}", positional=tuple(positional), keywords=keywords)


def _misfit(name: str, text: str, random: Random) -> str:
    """Mostly the value itself; else something befalls it, or any other value stands in its place."""
    chance = random.random()
    if chance < 0.7:
        return text
    if chance < 0.9 and "(" in text:
        return arrays.odd(text, random, arrays.ODD_LABELS if text.startswith("letters") else arrays.ODD)
    return hostile_number(random, name)
