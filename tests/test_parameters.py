"""No function takes more than 8 parameters, not counting those that most functions share."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "spsim"
MOST = 8
# The seed, and where a result goes: every function that draws or stores has them.
SHARED = {"rng", "copy", "key_added", "self", "cls"}
# Makers of data sets take what a paper lists; click passes options by keyword.
FREE = ("datasets/", "_cli/")


def too_many(source: str) -> Iterator[str]:
    """Functions with too many parameters, and how many they have."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = node.args
            names = {part.arg for part in (*given.posonlyargs, *given.args, *given.kwonlyargs)} - SHARED
            if len(names) > MOST:
                yield f"{node.name}: {len(names)}"


def source_files() -> list[str]:
    paths = [path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py")]
    return sorted(path for path in paths if not path.startswith(FREE))


@pytest.mark.parametrize("path", source_files())
def test_functions_take_few_parameters(path: str) -> None:
    assert list(too_many((SOURCE / path).read_text(encoding="utf-8"))) == []


def test_the_count_can_fail_and_leaves_shared_ones_out() -> None:
    eight = ", ".join(f"p{i}" for i in range(8))
    assert list(too_many(f"def f({eight}, *, rng=0, key_added=None, copy=False): ...")) == []
    assert list(too_many(f"class A:\n    def f(self, {eight}, *, truth=None): ...")) == ["f: 9"]
    assert len(source_files()) > 100
