"""What is written about the package agrees with the package."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import textwrap
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from numpydoc.docscrape import NumpyDocString

import spsim
from spsim import _keys
from spsim._cli import main

ROOT = Path(__file__).parents[1]
NAMESPACES = ("datasets", "designs", "factors", "get", "likelihoods", "metrics", "patterns", "pl", "tl", "truth")
MAX_POSITIONAL = 2
MAX_ARRAYS = 4  # functions of arrays: a metric takes estimate and truth
ARRAY_NAMESPACES = ("metrics",)
# What recipes return: the page on own recipes shows them at work.
TRUTH = (
    "Block",
    "Factors",
    "Features",
    "Label",
    "Mean",
    "MeanClasses",
    "Measurement",
    "Mixing",
    "Observations",
    "Panel",
    "Parts",
    "Pooled",
    "Switch",
    "Table",
    "Truth",
)
# What functions return, shown in the examples of the functions, and what users subclass.
WITHOUT_EXAMPLE = (
    "designs.Design",
    "designs.Motion",
    "designs.Section",
    "factors.Effect",
    "factors.FactorRecipe",
    "factors.LoadingRule",
    "likelihoods.CountLikelihood",
    "likelihoods.Likelihood",
    "metrics.AbundanceRecovery",
    "metrics.Chance",
    "metrics.CorrespondenceAccuracy",
    "metrics.EcotypeRecovery",
    "metrics.FactorLeakage",
    "metrics.FactorRecovery",
    "metrics.LoadingRecovery",
    "metrics.NetworkRecovery",
    "metrics.ProportionRecovery",
    "metrics.ResponseRecovery",
    "metrics.Reconstruction",
    "metrics.RegistrationError",
    "metrics.SliceMixing",
    "patterns.Layout",
    "patterns.Pattern",
    "patterns.Sites",
    *(f"truth.{name}" for name in TRUTH),
)


def public_objects() -> dict[str, Any]:
    """Every public function and class by its name below ``spsim``; tables of names are left out."""
    found: dict[str, Any] = {name: getattr(spsim, name) for name in ("LibrarySize", "Modality", "Scenario", "simulate")}
    for namespace in NAMESPACES:
        module = getattr(spsim, namespace)
        found |= {f"{namespace}.{name}": getattr(module, name) for name in module.__all__}
    return {name: item for name, item in found.items() if callable(item)}


OBJECTS = public_objects()


def docstring_problems(item: Callable[..., Any], *, needs_example: bool = True) -> list[str]:
    """What a docstring lacks, or says against the signature."""
    text = inspect.getdoc(item) or ""
    if not text:
        return ["no docstring"]
    doc = NumpyDocString(text)
    problems = parameter_problems(doc, item)
    if not doc["Summary"]:
        problems.append("no summary")
    if needs_example and ">>>" not in "\n".join(doc["Examples"]):
        problems.append("no example that runs")
    returns_something = inspect.isfunction(item) and inspect.signature(item).return_annotation not in ("None", None)
    if returns_something and not doc["Returns"]:
        problems.append("no section Returns")
    return problems


def parameter_problems(doc: NumpyDocString, item: Callable[..., Any]) -> list[str]:
    documented = [name.strip(" *\\") for entry in doc["Parameters"] for name in entry.name.split(",")]
    expected = signature_names(item)
    if inspect.isclass(item):  # keyword-only, inherited fields may stand anywhere
        documented, expected = sorted([*documented, *attribute_docstrings(item)]), sorted(expected)
    problems = []
    if documented != expected:
        problems.append(f"documents the parameters {documented}, the signature has {expected}")
    problems += [f"states a type for {entry.name}: {entry.type}" for entry in doc["Parameters"] if entry.type]
    problems += [f"says nothing about {entry.name}" for entry in doc["Parameters"] if not any(entry.desc)]
    return problems


def signature_names(item: Callable[..., Any]) -> list[str]:
    if inspect.isclass(item) and hasattr(item, "model_fields"):  # a pydantic model
        return list(item.model_fields)
    if inspect.isclass(item) and item.__init__ is object.__init__:
        return []
    return list(inspect.signature(inspect.unwrap(item)).parameters)  # as written: fields that are handed on are one


def attribute_docstrings(item: type) -> list[str]:
    """Fields that are documented by a text below them."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(item))).body
    assert isinstance(tree, ast.ClassDef)
    return [
        field.target.id
        for field, text in itertools.pairwise(tree.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    ]


def signature_problems(item: Callable[..., Any], *, takes_arrays: bool) -> list[str]:
    parameters = list(inspect.signature(inspect.unwrap(item)).parameters.values())
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    allowed = MAX_ARRAYS if takes_arrays else MAX_POSITIONAL
    problems = []
    if len(positional) > allowed:
        problems.append(f"{len(positional)} positional parameters, at most {allowed} are allowed")
    problems += [f"{p.name} has no type" for p in parameters if p.annotation is p.empty]
    if inspect.isfunction(item) and inspect.signature(item).return_annotation is inspect.Signature.empty:
        problems.append("the returned value has no type")
    return problems


@pytest.mark.parametrize("name", OBJECTS)
def test_docstrings_agree_with_signatures(name: str) -> None:
    assert docstring_problems(OBJECTS[name], needs_example=name not in WITHOUT_EXAMPLE) == []


@pytest.mark.parametrize("name", WITHOUT_EXAMPLE)
def test_only_what_has_no_example_is_excused(name: str) -> None:
    assert any("no example" in problem for problem in docstring_problems(OBJECTS[name]))


@pytest.mark.parametrize("name", [name for name, item in OBJECTS.items() if inspect.isclass(item)])
def test_public_methods_are_documented(name: str) -> None:
    own = {key: value for key, value in vars(OBJECTS[name]).items() if not key.startswith(("_", "model_"))}
    methods = {key: value for key, value in own.items() if isinstance(value, property) or inspect.isroutine(value)}
    assert [key for key, value in methods.items() if not inspect.getdoc(value)] == []


@pytest.mark.parametrize("name", [name for name, item in OBJECTS.items() if inspect.isfunction(item)])
def test_signatures_are_short_typed_and_keyword_only(name: str) -> None:
    assert signature_problems(OBJECTS[name], takes_arrays=name.partition(".")[0] in ARRAY_NAMESPACES) == []


def good(first: int, *, second: float = 1.0) -> int:
    """Add.

    Parameters
    ----------
    first
        A number.
    second
        Another.

    Returns
    -------
    The sum.

    Examples
    --------
    >>> good(1)
    2
    """
    return first + int(second)


def changed(item: Callable[..., Any], old: str, new: str) -> Callable[..., Any]:
    text = inspect.cleandoc(item.__doc__ or "")
    assert old in text

    def copy(first: int, *, second: float = 1.0) -> int:
        return item(first, second=second)

    copy.__doc__ = text.replace(old, new)
    return copy


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("second\n", "third\n", "documents the parameters"),
        ("second\n    Another.\n", "", "documents the parameters"),
        ("first\n    A number.\nsecond\n", "second\n    A.\nfirst\n", "documents the parameters"),
        ("first\n", "first : int\n", "states a type"),
        ("    Another.\n", "", "says nothing about second"),
        (">>> good(1)\n2", "None.", "no example"),
        ("Returns\n-------\nThe sum.\n", "", "no section Returns"),
    ],
)
def test_the_docstring_check_can_fail(old: str, new: str, problem: str) -> None:
    assert docstring_problems(good) == []
    assert any(problem in found for found in docstring_problems(changed(good, old, new)))


def test_the_signature_check_can_fail() -> None:
    def bad(a, b: int, c: int, d: int, e: int, f: int, g: int, h: int, i: int):
        return a

    assert signature_problems(good, takes_arrays=False) == []
    assert signature_problems(bad, takes_arrays=True) == [
        "9 positional parameters, at most 4 are allowed",
        "a has no type",
        "the returned value has no type",
    ]


def test_the_api_page_lists_what_is_public() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    listed = []
    for module, block in re.findall(
        r"^\.\. (?:current)?module:: spsim(\S*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL
    ):
        listed += [f"{module}.{name}".lstrip(".") for name in re.findall(r"^   (\w+)$", block, re.MULTILINE)]
    assert sorted(listed) == sorted(OBJECTS)


def test_the_api_page_lists_every_option_of_the_command_line() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    section = page.partition("\n## Command line\n")[2].partition("\n## ")[0]
    told = dict(re.findall(r"^`spsim (\w+)(.*?)(?=^`spsim |\Z)", section, re.MULTILINE | re.DOTALL))
    assert sorted(told) == sorted(main.commands)
    for name, command in main.commands.items():
        options = {text for each in command.params if isinstance(each, click.Option) for text in each.opts}
        assert set(re.findall(r"`(--?[\w-]+)`", re.sub(r"^[^|].*$", "", told[name], flags=re.MULTILINE))) == options
        arguments = [each.name.upper() for each in command.params if isinstance(each, click.Argument)]
        assert f"`spsim {' '.join([name, *arguments])}" in section


def test_the_contributing_page_lists_the_rooms_and_the_sweeps() -> None:
    page = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "src" / "spsim").glob("*/__init__.py")}
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == {name for name in rooms if name[0] != "_"}
    sweeps = [path.stem for path in (ROOT / "verification").glob("*.py") if "def main(" in path.read_text("utf-8")]
    assert len(sweeps) >= 3 and all(f"python -m verification.{name}`" in page for name in sweeps)


def test_the_model_page_names_every_slot() -> None:
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    slots = {value for key, value in vars(_keys).items() if key.isupper() and isinstance(value, str)}
    assert {"spatial", "spatial_factors", "counts", "params"} <= slots
    assert sorted(slot for slot in slots if f"`{slot}`" not in page) == []


def test_versions_agree() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert spsim.__version__ == version
