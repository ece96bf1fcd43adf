"""`import spsim` is light and changes nothing; the namespaces load on first use."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version

import pytest

import spsim

HEAVY = [
    "anndata",
    "dask",
    "matplotlib",
    "mudata",
    "numba",
    "pandas",
    "pydantic",
    "scanpy",
    "scipy",
    "sklearn",
    "squidpy",
    "torch",
]

# A fresh interpreter runs a statement and tells which modules it loaded and which global state it changed.
PROBE = """
import json, logging, sys, warnings
def state():
    loggers = {name: log for name, log in logging.root.manager.loggerDict.items() if name.partition(".")[0] == "spsim"}
    return {
        "root handlers": repr(logging.root.handlers),
        "root level": logging.root.level,
        "spsim handlers": [name for name, log in loggers.items() if getattr(log, "handlers", [])],
        "filters": repr(warnings.filters),
        "hooks": repr((warnings.showwarning, sys.excepthook, sys.displayhook)),
    }
before = state()
exec(sys.argv[1])
after = state()
backend = "matplotlib" in sys.modules and sys.modules["matplotlib"].rcParams._get_backend_or_none()
print(json.dumps({
    "modules": sorted(sys.modules),
    "changed": sorted(key for key in before if before[key] != after[key]),
    "backend": backend or None,
}))
"""


def probe(statement: str) -> dict:
    run = subprocess.run([sys.executable, "-c", PROBE, statement], capture_output=True, text=True, check=True)
    return json.loads(run.stdout.splitlines()[-1])


def loaded(statement: str, libraries: list[str]) -> list[str]:
    modules = set(probe(statement)["modules"])
    return [library for library in libraries if library in modules]


def test_import_loads_nothing_heavy() -> None:
    assert loaded("import spsim", [*HEAVY, "scipy.stats"]) == []


def test_import_loads_no_other_module() -> None:
    code = "import sys; before = {*sys.modules}; import spsim; print(*sorted({*sys.modules} - before))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["__future__", "spsim"]


def test_the_probe_sees_what_is_loaded() -> None:
    assert loaded("import scipy.stats", [*HEAVY, "scipy.stats"]) == ["scipy", "scipy.stats"]


@pytest.mark.parametrize("namespace", ["patterns", "likelihoods", "metrics", "get", "tl", "pl", "datasets"])
def test_namespaces_wait_for_the_first_call_too(namespace: str) -> None:
    allowed = {"pydantic", "scipy"} if namespace == "datasets" else {"scipy"}
    heavy = [library for library in [*HEAVY, "scipy.stats"] if library not in allowed]
    assert loaded(f"import spsim; spsim.{namespace}", heavy) == []


def test_import_changes_no_global_state() -> None:
    result = probe("import spsim")
    assert result["changed"] == []
    assert result["backend"] is None


@pytest.mark.parametrize(
    ("statement", "changed"),
    [
        ("import logging; logging.basicConfig(level='INFO')", ["root handlers", "root level"]),
        ("import logging; logging.getLogger('spsim.x').addHandler(logging.StreamHandler())", ["spsim handlers"]),
        ("import warnings; warnings.simplefilter('ignore')", ["filters"]),
    ],
)
def test_the_probe_sees_changed_state(statement: str, changed: list[str]) -> None:
    assert probe(statement)["changed"] == changed


@pytest.mark.parametrize("name", spsim.__all__)
def test_every_name_resolves(name: str) -> None:
    assert name in dir(spsim)
    assert getattr(spsim, name) is not None


@pytest.mark.parametrize("namespace", ["patterns", "likelihoods", "metrics", "datasets", "get", "tl", "pl"])
def test_namespaces_list_what_they_have(namespace: str) -> None:
    module = getattr(spsim, namespace)
    assert len(module.__all__) == len(set(module.__all__)) > 0
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_version_is_the_installed_one() -> None:
    assert spsim.__version__ == version("spsim-omics")
    assert "__version__" in dir(spsim)


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="module 'spsim' has no attribute 'quilts'"):
        _ = spsim.quilts
