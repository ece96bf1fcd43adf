"""No circle anywhere: between modules, between rooms, or through the doors of rooms within rooms.

Every import counts, inside functions and under ``TYPE_CHECKING`` too: a module that needs another one to be understood
needs it, whenever Python loads it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "spsim"

Graph = Mapping[str, set[str]]


def sources() -> dict[str, str]:
    """Text of every module by its dotted name; a folder's is that of its ``__init__``."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        parts = ["spsim", *path.relative_to(SOURCE).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return found


def module_graph(texts: Mapping[str, str]) -> dict[str, set[str]]:
    """What each module imports of the others, anywhere in its text."""
    return {name: {module for module in _imported(text, texts) if module in texts} for name, text in texts.items()}


def _imported(text: str, known: Mapping[str, str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                # "from a import b" needs the module a.b if there is one, else what a has in its own text.
                full = f"{node.module}.{alias.name}"
                yield full if full in known else str(node.module)


def room_graph(modules: Graph) -> dict[str, set[str]]:
    """What each folder or file directly below ``spsim`` imports of the others."""
    graph: dict[str, set[str]] = {}
    for name, imported in modules.items():
        graph.setdefault(_room(name), set()).update(_room(other) for other in imported)
    return {room: others - {room} for room, others in graph.items()}


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def cycle(graph: Graph) -> list[str]:
    """One circle, from a node back to it, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def side_entries(modules: Graph) -> list[str]:
    """Imports of a file in a room within a room from outside of it: they should go through its ``__init__``."""
    inner = {
        name for name in modules if name.count(".") == 2 and any(other.startswith(f"{name}.") for other in modules)
    }
    return sorted(
        f"{name} imports {other}, not {door}"
        for name, imported in modules.items()
        for other in imported
        for door in inner
        if other.startswith(f"{door}.") and not f"{name}.".startswith(f"{door}.")
    )


def test_modules_form_no_circle() -> None:
    modules = module_graph(sources())
    assert sum(map(len, modules.values())) > 500
    assert cycle(modules) == []


def test_rooms_form_no_circle() -> None:
    rooms = room_graph(module_graph(sources()))
    assert {"spsim.likelihoods", "spsim.scenarios"} <= rooms["spsim.datasets"]
    assert cycle(rooms) == []


def test_rooms_within_rooms_are_entered_by_their_doors() -> None:
    assert side_entries(module_graph(sources())) == []


@pytest.mark.parametrize(
    "text",
    [
        "from spsim.b import y",
        "import spsim.b",
        "def f():\n    from spsim import b",
        "def f():\n    class A:\n        import spsim.b",
        "if TYPE_CHECKING:\n    from spsim.b import Y",
        "try:\n    pass\nexcept ImportError:\n    from spsim.b import y",
    ],
)
def test_a_circle_of_modules_is_noticed(text: str) -> None:
    texts = {"spsim": "", "spsim.a": text, "spsim.b": "def g():\n    from spsim.a import x", "spsim.c": "import numpy"}
    assert sorted(cycle(module_graph(texts))[1:]) == ["spsim.a", "spsim.b"]
    assert cycle(module_graph(texts | {"spsim.b": "from spsim.c import x"})) == []


def test_a_module_that_imports_the_door_of_its_room_is_noticed() -> None:
    texts = {"spsim": "", "spsim.a": "from spsim.a._x import x", "spsim.a._x": "from spsim.a import y"}
    assert cycle(module_graph(texts))


def test_a_circle_of_rooms_without_one_of_modules_is_noticed() -> None:
    texts = {"spsim.a._x": "from spsim.b._x import x", "spsim.b._x": "", "spsim.b._y": "from spsim.a._y import y"}
    modules = module_graph(texts | {"spsim.a._y": ""})
    assert cycle(modules) == []
    assert sorted(cycle(room_graph(modules))[1:]) == ["spsim.a", "spsim.b"]


def test_a_side_entry_is_noticed() -> None:
    texts = {
        "spsim.a.inner": "from spsim.a.inner._x import x",
        "spsim.a.inner._x": "",
        "spsim.a._y": "import spsim.a.inner",
    }
    assert side_entries(module_graph(texts)) == []
    found = side_entries(module_graph(texts | {"spsim.a._y": "from spsim.a.inner._x import x"}))
    assert found == ["spsim.a._y imports spsim.a.inner._x, not spsim.a.inner"]
