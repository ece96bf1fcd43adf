"""Cases that configure a data set: through objects, mappings and JSON text."""

from __future__ import annotations

import inspect
from random import Random
from typing import Any

import spsim as sps
from spsim._recipe import members
from spsim.designs import Design
from spsim.factors import Effect, FactorRecipe, LoadingRule
from spsim.patterns import Layout, Pattern
from verification.fuzzing.case import Case
from verification.fuzzing.ordinary import ORDINARY
from verification.fuzzing.values import hostile, hostile_number, misspelt

ALIASES = {"n_spatial": "Jsp", "n_mixed": "Jmix", "expression_mean": "expr_mean", "background_mean": "bkg_mean"}
MODALITY = (
    *("n_nonspatial", "n_nonspatial_factors", "nonspatial_probability", "expression_mean", "background_mean"),
    *("spatial_fraction", "active_factors", "link", "down_fraction", "library_size", "efficiency_sd", "noise_mean"),
    *("noise_sd", "likelihood", "shape", "dropout_rate"),
)
LIKELIHOODS = tuple(
    name
    for name in sps.likelihoods.__all__
    if inspect.isclass(getattr(sps.likelihoods, name)) and "Likelihood" not in name
)


def configuration(random: Random) -> Case:
    """One configuration; most are simulated if they are accepted."""
    return random.choice(
        (_simulate, _simulate, _simulate, _from_mapping, _from_json, _one_modality, _multiomics, _record)
    )(random)


def _simulate(random: Random) -> Case:
    scenario = f"sps.Scenario(**{_mapping(_scenario(random, 'object'))})"
    return Case(function="sps.simulate", positional=(scenario,), keywords=_options(random))


def _from_mapping(random: Random) -> Case:
    scenario = f"sps.Scenario.from_config({_config(random, 'mapping')})"
    return Case(function="sps.simulate", positional=(scenario,), keywords=_options(random))


def _from_json(random: Random) -> Case:
    content = config_text(random)
    if random.random() < 0.3:
        setup = (f"pathlib.Path('c.json').write_text({content}, 'utf-8')",)
        return Case(
            function="sps.datasets.multiomics", setup=setup, positional=("'c.json'",), keywords=_options(random)
        )
    return Case(function="sps.simulate", positional=(f"sps.Scenario.from_json({content})",), keywords=_options(random))


def config_text(random: Random) -> str:
    """A configuration as JSON text, damaged now and then."""
    text = f"as_json({_config(random, 'json')})"
    damages = (
        f"{text}[: {random.randrange(200)}]",
        f"{text}.replace({_character(random)!r}, {_character(random)!r})",
        f"{text}.replace('{random.randrange(10)}', '9' * {random.choice((5, 400, 5000))})",
        "'[' * 100_000",
        """'{"modalities": ' * 10_000""",
    )
    return text if random.random() < 0.7 else random.choice(damages)


def _character(random: Random) -> str:
    return random.choice('{}[],:"0123456789.-eEnt\x00é\\')


def _one_modality(random: Random) -> Case:
    fields = _modality(random, "object")
    fields.pop("name", None)
    size = _layout(random, "object") if random.random() < 0.5 else {"n_side": _value("n_side", random)}
    keywords = size | _options(random) | fields
    return Case(function=f"sps.datasets.{random.choice(('quilt', 'ggblocks'))}", keywords=keywords)


def _multiomics(random: Random) -> Case:
    keywords = _options(random) | ({"pattern": _pattern(random, "object")} if random.random() < 0.5 else {})
    keywords |= _layout(random, "object") if random.random() < 0.5 else {"n_side": _value("n_side", random)}
    return Case(function="sps.datasets.multiomics", positional=(_modalities(random, "mapping"),), keywords=keywords)


def _record(random: Random) -> Case:
    """One record by itself; those that read their own dict do so."""
    kind = random.randrange(6)
    if kind == 0:
        return Case(function="sps.likelihoods.from_dict", positional=(_likelihood(random, "mapping"),))
    if kind == 1:
        return Case(function="sps.LibrarySize", keywords=_fields(("median", "sd"), random))
    if kind == 2:
        return Case(function="sps.Modality", keywords=_modality(random, "object"))
    if kind == 3:
        stacks = [_named(sps.patterns.Motifs, random, "object") for _ in range(random.randint(1, 3))]
        return Case(
            function="sps.patterns.union",
            positional=tuple(hostile(random) if random.random() < 0.2 else s for s in stacks),
        )
    if kind == 4:
        path = random.choice(("'p.png'", hostile(random)))
        setup = () if random.random() < 0.3 else ("pathlib.Path('p.png').write_bytes(b'\\x89PNG' * 9)",)
        if random.random() < 0.5:
            return Case(
                function="sps.patterns.mask_from_image",
                setup=setup,
                positional=(path,),
                keywords=_fields(("spacing", "unit"), random),
            )
        return Case(
            function="sps.patterns.motifs_from_images",
            setup=setup,
            positional=(f"[{path}]",),
            keywords=_fields(("names",), random),
        )
    text = random.choice((_pattern, _likelihood))(random, "object")
    return (
        Case(function="str", positional=(f"({text}).to_dict()",))
        if "sps." in text
        else Case(function="sps.Scenario", keywords={"pattern": text})
    )


def _config(random: Random, style: str) -> str:
    if random.random() < 0.2:
        return _modalities(random, style)
    return hostile(random) if random.random() < 0.05 else _mapping(_scenario(random, style))


def _scenario(random: Random, style: str) -> dict[str, str]:
    fields = {"modalities": _modalities(random, style)}
    if random.random() < 0.8:
        fields["pattern"] = _pattern(random, style)
    if random.random() < 0.4:
        fields |= _layout(random, style)
    elif random.random() < 0.9:
        fields["n_side"] = _value("n_side", random)
    fields |= _world(random, style)
    for name in ("id", "shared_nonspatial"):
        if random.random() < 0.2:
            fields[name] = _value(name, random)
    return _spoilt(fields, random)


def _modalities(random: Random, style: str) -> str:
    if random.random() < 0.03:
        return hostile(random)
    items = []
    for position in range(random.choice((0, 1, 1, 1, 1, 2, 2, 3))):
        fields = _modality(random, style) | ({"name": f"'m{position}'"} if position and random.random() < 0.9 else {})
        as_object = style == "object" and random.random() < 0.5
        items.append(
            hostile(random)
            if random.random() < 0.02
            else f"sps.Modality(**{_mapping(fields)})"
            if as_object
            else _mapping(fields)
        )
    return f"[{', '.join(items)}]"


def _modality(random: Random, style: str) -> dict[str, str]:
    counts = random.sample(("n_spatial", "n_mixed"), random.randint(1, 2))
    chosen = ["name", *counts, *random.sample(MODALITY, random.choice((0, 1, 2, 3, 6)))]
    fields = {name: _likelihood(random, style) if name == "likelihood" else _value(name, random) for name in chosen}
    if random.random() < 0.1:
        fields["effects"] = f"[{_named(random.choice(_ours(Effect)), random, style)}]"
    if random.random() < 0.1:
        fields["loadings"] = f"{{'cell_type': {_named(random.choice(_ours(LoadingRule)), random, style)}}}"
    if "likelihood" in fields and random.random() < 0.9:
        fields = {name: value for name, value in fields.items() if name not in ("shape", "dropout_rate")}
    fields = {(ALIASES.get(name, name) if random.random() < 0.1 else name): value for name, value in fields.items()}
    if random.random() < 0.1:
        nested = {name: fields.pop(name) for name in list(fields)[1:]}
        fields["params"] = _mapping(nested) if random.random() < 0.9 else hostile(random)
    return _spoilt(fields, random)


def _pattern(random: Random, style: str) -> str:
    if random.random() < 0.35:
        return random.choice(
            ("'quilt'", "'ggblocks'", "'both'", "'spamv'", "np.ones((2, 3, 3), bool)", hostile(random))
        )
    return _named(random.choice(_ours(Pattern)), random, style)


def _layout(random: Random, style: str) -> dict[str, str]:
    return {
        "layout": _named(random.choice(_ours(Layout)), random, style) if random.random() < 0.95 else hostile(random)
    }


def _world(random: Random, style: str) -> dict[str, str]:
    """Now and then a design, and factors that a modality may respond to."""
    fields = {}
    if random.random() < 0.2:
        fields["design"] = _named(random.choice(_ours(Design)), random, style)
    if random.random() < 0.2:
        name = random.choice(("'cell_type'", "'program'", "'cell_type'", hostile(random)))
        fields["factors"] = f"{{{name}: {_named(random.choice(_ours(FactorRecipe)), random, style)}}}"
    return fields


def _ours(family: type) -> list[type]:
    return [kind for _, kind in sorted(members(family).items()) if kind.__module__.startswith("spsim.")]


def _likelihood(random: Random, style: str) -> str:
    kind = getattr(sps.likelihoods, random.choice(LIKELIHOODS))
    return hostile(random) if random.random() < 0.05 else _named(kind, random, style)


def _named(kind: Any, random: Random, style: str) -> str:
    """An object of a recorded class, or the mapping that describes it."""
    parameters = inspect.signature(kind).parameters.values()
    needed = [p.name for p in parameters if p.default is p.empty or p.name in ("n_rows", "n_columns", "n_spots")]
    others = [p.name for p in parameters if p.name not in needed]
    chosen = [name for name in needed if random.random() < 0.98] + random.sample(
        others, min(len(others), random.choice((0, 1, 1, 2)))
    )
    fields = {name: _layout(random, style)["layout"] if name == "layout" else _value(name, random) for name in chosen}
    fields = _spoilt(fields, random)
    if style == "object" and random.random() < 0.8:
        namespace = kind.__module__.split(".")[1]
        return f"sps.{namespace}.{kind.__name__}(**{_mapping(fields)})"
    name = (
        repr(kind.__name__)
        if random.random() < 0.97
        else random.choice((repr(misspelt(kind.__name__, random)), hostile(random)))
    )
    return _mapping({"name": name} | fields) if random.random() < 0.98 else _mapping(fields)


def _fields(names: tuple[str, ...], random: Random) -> dict[str, str]:
    return _spoilt({name: _value(name, random) for name in names if random.random() < 0.8}, random)


def _options(random: Random) -> dict[str, str]:
    return {name: _value(name, random) for name in ("rng", "sparse", "keep_mean") if random.random() < 0.15}


def _value(name: str, random: Random) -> str:
    return (
        hostile_number(random, name) if random.random() < 0.08 else random.choice(ORDINARY.get(name, ("1", "2", "0.5")))
    )


def _spoilt(fields: dict[str, str], random: Random) -> dict[str, str]:
    """Now and then a field is misspelt, or one that does not belong joins."""
    if fields and random.random() < 0.03:
        name = random.choice(list(fields))
        return {(misspelt(key, random) if key == name else key): value for key, value in fields.items()}
    if random.random() < 0.02:
        return fields | {random.choice(sorted(ORDINARY)): hostile(random)}
    return fields


def _mapping(fields: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name!r}: {value}" for name, value in fields.items()) + "}"
