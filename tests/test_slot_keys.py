"""Slot names are spelled in one place, and nothing after the recipes knows a world, an effect or a further block by name."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from spsim import _keys
from spsim._recipe import members
from spsim.designs import Design
from spsim.factors import Effect, FactorRecipe, LoadingRule
from worlds import WORLDS, made

SOURCE = Path(__file__).parents[1] / "src" / "spsim"
SLOTS = {"obs", "var", "obsm", "varm", "obsp", "layers", "uns"}
# Rooms of recipes may name what they make; a world's own maker, one file in datasets, joins them here.
RECIPES = (
    "truth/",
    "slots/",
    "designs/",
    "factors/",
    "_keys.py",
    "datasets/_cells_and_spots.py",
    "datasets/_citeseq.py",
    "datasets/_conditions.py",
    "datasets/_rna_and_image.py",
    "datasets/_ecotypes.py",
    "datasets/_ladders.py",
    "datasets/_perturbseq.py",
    "datasets/_slices.py",
)
# What every object has, or what stands for a field of its own in a modality.
GENERAL = {"Plain", "LibrarySize", "domain", "kind", "library_size"}


def files(*, without: tuple[str, ...]) -> list[str]:
    paths = [path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py")]
    return sorted(path for path in paths if not path.startswith(without))


def slot_keys() -> set[str]:
    keys = {value for name, value in vars(_keys).items() if name.isupper() and isinstance(value, str)}
    for world in WORLDS:
        mdata = made(world)
        for part in (mdata, *mdata.mod.values()):
            keys |= {entry["key"] for entry in json.loads(part.uns["spsim"]["truth"])}
    return keys


def spelled(tree: ast.AST, keys: set[str]) -> Iterator[str]:
    """Constants that index a slot: ``x.obsm["spatial"]``, ``"spatial" in x.obsm``, ``x.obsm.pop("spatial")``."""
    for node in ast.walk(tree):
        found: list[tuple[ast.expr, ast.expr]] = []
        if isinstance(node, ast.Subscript):
            found = [(node.value, node.slice)]
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
            found = [(node.comparators[0], node.left)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            found = [(node.func.value, node.args[0])]
        for held, key in found:
            if isinstance(held, ast.Attribute) and held.attr in SLOTS:
                yield from (
                    f"{node.lineno}: {held.attr}[{c.value!r}]"
                    for c in ast.walk(key)
                    if isinstance(c, ast.Constant) and c.value in keys
                )


def recipe_names() -> set[str]:
    """Names of designs, factor recipes, loading rules and effects of ours, of their labels, tables, blocks and slots."""
    kinds = [
        k for k in members(Design, FactorRecipe, LoadingRule, Effect).values() if k.__module__.startswith("spsim.")
    ]
    labels = {label for k in kinds if issubclass(k, Design) for label in k().labels}
    blocks = {
        entry["block"]
        for world in WORLDS
        for part in made(world).mod.values()
        for entry in json.loads(part.uns["spsim"]["truth"])
        if "block" in entry
    }
    return ({k.__name__ for k in kinds} | labels | blocks) - GENERAL - {"spatial", "nonspatial"}


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Names of classes and whole texts in functions, without docstrings and defaults."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            body = function.body[1:] if ast.get_docstring(function) is not None else function.body
            for statement in body:
                for node in ast.walk(statement):
                    if isinstance(node, ast.Name) and node.id[0].isupper():
                        yield node.lineno, node.id
                    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                        yield node.lineno, node.value


@pytest.fixture(scope="module")
def keys() -> set[str]:
    return slot_keys()


@pytest.fixture(scope="module")
def forbidden() -> set[str]:
    return recipe_names()


@pytest.mark.parametrize("path", files(without=("_keys.py", "slots/")))
def test_no_constant_spells_a_slot_key(path, keys) -> None:
    tree = ast.parse((SOURCE / path).read_text(encoding="utf-8"))
    assert list(spelled(tree, keys)) == []


@pytest.mark.parametrize("path", files(without=RECIPES))
def test_nothing_after_the_recipes_names_one(path, forbidden) -> None:
    tree = ast.parse((SOURCE / path).read_text(encoding="utf-8"))
    assert [(line, name) for line, name in names(tree) if name in forbidden] == []


def test_both_checks_can_fail(keys, forbidden) -> None:
    bad = 'def f(a):\n    """obsm["spatial"]"""\n    return a.obsm["spatial"], "counts" in a.layers, a.uns.pop("spsim")'
    assert len(list(spelled(ast.parse(bad), keys))) == 3
    assert {"Slices", "Batch", "CellTypes", "Markers", "slice", "batch", "cell_type", "batch_within"} <= forbidden
    named = {
        name for _, name in names(ast.parse('def f(a, b="batch"):\n    """slice"""\n    return Batch, "cell_type"'))
    }
    assert named & forbidden == {"Batch", "cell_type"}
