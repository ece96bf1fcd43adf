"""Who may import whom: one table, checked on the syntax tree of every source file."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "spsim"
MAX_LINES = 300

# The ground floor: for every room, and for those whose recipes are drawn.
SHARED = frozenset(
    f"spsim.{name}" for name in ("_keys", "_keywords", "_names", "_objects", "_places", "_random", "_validate", "_warn")
)
DRAWN = ("spsim._categories", "spsim._deviates", "spsim._recipe", "spsim.truth")
TABLES = frozenset({"anndata", "mudata", "pandas"})
EVERYTHING = frozenset(
    f"spsim.{room}"
    for room in (
        "truth",
        "patterns",
        "designs",
        "factors",
        "likelihoods",
        "sampling",
        "slots",
        "scenarios",
        "datasets",
        "metrics",
        "get",
        "tl",
        "pl",
        "methods",
        "benchmark",
        "testing",
        "LibrarySize",
        "Modality",
        "Scenario",
        "simulate",
    )
)


@dataclass(frozen=True, kw_only=True)
class Room:
    """What a room may import: anywhere, only inside functions (or for the type checker), or for the type checker only."""

    anywhere: frozenset[str] = frozenset()
    deferred: frozenset[str] = frozenset()
    typing: frozenset[str] = frozenset()


def room(*anywhere: str, deferred: Iterable[str] = (), typing: Iterable[str] = ()) -> Room:
    return Room(anywhere=SHARED | {"numpy", *anywhere}, deferred=frozenset(deferred), typing=frozenset(typing))


BARE = Room(anywhere=frozenset({"numpy"}))
ANYTHING_BELOW = room(
    "spsim._files",
    "spsim._matrix_market",
    "click",
    *EVERYTHING,
    deferred=TABLES | {"matplotlib", "scipy", "sklearn", "scanpy", "squidpy", "torch", "tqdm"},
)
ROOMS = {
    "__init__": Room(typing=EVERYTHING),
    "__main__": Room(anywhere=frozenset({"spsim._cli"})),
    "_categories": Room(anywhere=frozenset({"spsim._names", "spsim._validate"})),
    "_deviates": Room(anywhere=frozenset({"numpy", "spsim._random"}), deferred=frozenset({"scipy"})),
    "_files": BARE,
    "_keys": BARE,
    "_keywords": Room(anywhere=frozenset({"spsim._validate"})),
    "_matrix_market": room("spsim.get", "spsim.slots", deferred=TABLES | {"scipy"}),
    "_names": Room(anywhere=frozenset({"spsim._validate"})),
    "_objects": Room(anywhere=frozenset({"numpy", "spsim._validate"}), deferred=frozenset({"scipy"})),
    "_places": BARE,
    "_random": Room(anywhere=frozenset({"numpy", "spsim._validate"})),
    "_recipe": Room(anywhere=frozenset({"numpy", "spsim._keywords", "spsim._validate"})),
    "_validate": BARE,
    "_warn": BARE,
    "truth": room(deferred={"scipy"}),
    "patterns": room(*DRAWN, "scipy", deferred={"PIL", "scipy.stats"}, typing=TABLES),
    "designs": room(*DRAWN, "spsim.patterns", deferred={"scipy"}),
    # Smooth nuisance is a field, as some patterns are.
    "factors": room(*DRAWN, "spsim.patterns", deferred={"scipy"}),
    "likelihoods": room("spsim._recipe", "scipy"),
    "sampling": room("scipy", "spsim.likelihoods"),
    "slots": room("spsim.truth", deferred=TABLES),
    "scenarios": room(
        *DRAWN,
        "pydantic",
        "spsim.patterns",
        "spsim.designs",
        "spsim.factors",
        "spsim.likelihoods",
        "spsim.sampling",
        "spsim.slots",
        deferred={"psutil", "scipy", "tqdm"},
        typing=TABLES,
    ),
    "datasets": room(
        *DRAWN,
        "scipy",
        "spsim.scenarios",
        "spsim.patterns",
        "spsim.designs",
        "spsim.factors",
        "spsim.likelihoods",
        "spsim.sampling",
        "spsim.slots",
        deferred=TABLES | {"dask", "psutil", "tqdm", "zarr"},
    ),
    "metrics": room("scipy", deferred={"scib_metrics", "sklearn", "scipy.stats", "threadpoolctl"}),
    "get": room("spsim.likelihoods", "spsim.sampling", "spsim.slots", deferred=TABLES),
    "tl": room("scipy", "spsim.metrics", "spsim.get", "spsim.slots", deferred=TABLES | {"scanpy", "squidpy", "tqdm"}),
    "pl": room("scipy", "spsim.get", "spsim.slots", deferred=TABLES | {"matplotlib", "mpl_toolkits"}),
    "methods": room(
        "scipy", "spsim.get", deferred=TABLES | {"scanpy", "scipy.stats", "sklearn", "squidpy", "torch", "tqdm"}
    ),
    "benchmark": ANYTHING_BELOW,
    "testing": Room(anywhere=ANYTHING_BELOW.anywhere | {"pytest"}, deferred=ANYTHING_BELOW.deferred),
    # What it wrote it knows again by the formats' own libraries.
    "_cli": Room(anywhere=ANYTHING_BELOW.anywhere, deferred=ANYTHING_BELOW.deferred | {"h5py", "zarr"}),
}

Place = Literal["module", "function", "types"]


@dataclass(frozen=True, kw_only=True)
class Import:
    name: str
    line: int
    place: Place


def imports(tree: ast.AST, place: Place = "module") -> Iterator[Import]:
    """Every import, by the name that the table uses, and where it stands."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name=table_name(alias.name), line=node.lineno, place=place)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{'.' * node.level}{node.module or ''}.{alias.name}"
                yield Import(name=table_name(full), line=node.lineno, place=place)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from imports(ast.Module(body=node.body, type_ignores=[]), "types")
            yield from imports(ast.Module(body=node.orelse, type_ignores=[]), place)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from imports(node, "function")
        else:
            yield from imports(node, place)


def table_name(dotted: str) -> str:
    """``spsim.room``, ``scipy.stats`` (the one slow part of scipy), or the top-level package."""
    if dotted.startswith("."):
        return dotted
    first, *rest = dotted.split(".")
    is_split = first == "spsim" or (first == "scipy" and rest[:1] == ["stats"])
    return f"{first}.{rest[0]}" if is_split and rest else first


def violations(path: str, source: str) -> list[str]:
    """What a file imports against the table; ``path`` is relative to the package."""
    name = path.partition("/")[0].removesuffix(".py")
    rule = ROOMS.get(name)
    if rule is None:
        return [f"{path}: the room {name!r} has no row in the table"]
    allowed = rule.anywhere | {f"spsim.{name}"} | sys.stdlib_module_names
    found = []
    for item in imports(ast.parse(source)):
        if item.name.startswith("."):
            found.append(f"{path}:{item.line}: relative import {item.name!r}")
        elif item.name in allowed or (item.place == "types" and item.name in rule.deferred | rule.typing):
            continue
        elif item.name not in rule.deferred:
            found.append(f"{path}:{item.line}: {name!r} must not import {item.name!r}")
        elif item.place == "module":
            found.append(f"{path}:{item.line}: {item.name!r} must be imported inside a function")
    return found


def source_files() -> list[str]:
    return sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", source_files())
def test_imports_follow_the_table(path: str) -> None:
    assert violations(path, (SOURCE / path).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("path", "source", "message"),
    [
        ("metrics/_bad.py", "import pandas as pd", "must not import 'pandas'"),
        ("metrics/_bad.py", "def f():\n    import pandas", "must not import 'pandas'"),
        ("metrics/_bad.py", "import sklearn.metrics", "'sklearn' must be imported inside a function"),
        ("metrics/_bad.py", "from scipy import stats", "'scipy.stats' must be imported inside a function"),
        ("metrics/_bad.py", "from scipy.stats import nbinom", "'scipy.stats' must be imported inside a function"),
        ("patterns/_bad.py", "from PIL import Image", "'PIL' must be imported inside a function"),
        ("metrics/_bad.py", "from spsim.patterns import quilt", "must not import 'spsim.patterns'"),
        ("metrics/_bad.py", "from spsim import patterns", "must not import 'spsim.patterns'"),
        ("metrics/_bad.py", "from . import _other", "relative import"),
        ("factors/_bad.py", "import spsim.likelihoods", "must not import 'spsim.likelihoods'"),
        ("likelihoods/_bad.py", "from spsim import sampling", "must not import 'spsim.sampling'"),
        ("sampling/_bad.py", "def f():\n    from spsim import scenarios", "must not import 'spsim.scenarios'"),
        ("scenarios/_bad.py", "def f():\n    import anndata", "must not import 'anndata'"),
        ("scenarios/_bad.py", "from spsim.metrics import factor_recovery", "must not import 'spsim.metrics'"),
        ("datasets/_bad.py", "from spsim import tl", "must not import 'spsim.tl'"),
        ("metrics/_bad.py", "from spsim import slots", "must not import 'spsim.slots'"),
        ("truth/_bad.py", "from spsim.patterns import Grid", "must not import 'spsim.patterns'"),
        ("truth/_bad.py", "def f():\n    import pandas", "must not import 'pandas'"),
        ("designs/_bad.py", "from spsim.scenarios import Scenario", "must not import 'spsim.scenarios'"),
        ("slots/_bad.py", "from spsim.scenarios import Scenario", "must not import 'spsim.scenarios'"),
        ("slots/_bad.py", "import pandas", "'pandas' must be imported inside a function"),
        ("get/_bad.py", "from spsim.scenarios import Scenario", "must not import 'spsim.scenarios'"),
        ("get/_bad.py", "class A:\n    import pandas", "'pandas' must be imported inside a function"),
        ("tl/_bad.py", "def f():\n    from spsim import datasets", "must not import 'spsim.datasets'"),
        ("pl/_bad.py", "import matplotlib.pyplot as plt", "'matplotlib' must be imported inside a function"),
        ("pl/_bad.py", "if True:\n    import matplotlib", "'matplotlib' must be imported inside a function"),
        ("pl/_bad.py", "if TYPE_CHECKING:\n    from spsim import metrics", "must not import 'spsim.metrics'"),
        ("_random.py", "import scipy", "must not import 'scipy'"),
        ("__init__.py", "from spsim import scenarios", "must not import 'spsim.scenarios'"),
        ("__init__.py", "from spsim import datasets", "must not import 'spsim.datasets'"),
        ("__init__.py", "import numpy", "must not import 'numpy'"),
        ("attic/_bad.py", "import numpy", "'attic' has no row in the table"),
    ],
)
def test_the_table_can_fail(path: str, source: str, message: str) -> None:
    (found,) = violations(path, source)
    assert message in found


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("metrics/_good.py", "def f():\n    from sklearn import metrics"),
        ("metrics/_good.py", "import math\nimport numpy as np\nfrom scipy.optimize import linear_sum_assignment"),
        ("pl/_good.py", "if TYPE_CHECKING:\n    from matplotlib.axes import Axes"),
        ("tl/_good.py", "from spsim import _keys, metrics\nfrom spsim.tl._other import helper"),
        ("slots/_good.py", "def f():\n    import anndata"),
        ("scenarios/_good.py", "if TYPE_CHECKING:\n    from mudata import MuData"),
    ],
)
def test_the_table_can_pass(path: str, source: str) -> None:
    assert violations(path, source) == []


def long_files(files: dict[str, str]) -> list[str]:
    return [path for path, text in files.items() if len(text.splitlines()) > MAX_LINES]


def test_no_file_is_too_long() -> None:
    paths = [
        path
        for folder in ("src", "tests", "benchmarks", "docs", "verification")
        for path in (ROOT / folder).rglob("*.py")
    ]
    files = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}
    assert len(files) > 20
    assert long_files(files) == []
    assert long_files({"a.py": "x\n" * 300, "b.py": "x\n" * 301}) == ["b.py"]
