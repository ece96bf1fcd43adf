"""Simulate spatial multi-omics data with known ground truth, and score methods against it."""

from __future__ import annotations

# As in typing, whose import would take five times as long as all the rest of this module.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from spsim import datasets, designs, factors, get, likelihoods, metrics, patterns, pl, testing, tl, truth
    from spsim.factors import LibrarySize
    from spsim.scenarios import Modality, Scenario, simulate

    __version__: str

__all__ = [
    "LibrarySize",
    "Modality",
    "Scenario",
    "datasets",
    "designs",
    "factors",
    "get",
    "likelihoods",
    "metrics",
    "patterns",
    "pl",
    "simulate",
    "testing",
    "tl",
    "truth",
]

# What stands at the top, and the room it comes from.
_HOMES = {"LibrarySize": "factors", "Modality": "scenarios", "Scenario": "scenarios", "simulate": "scenarios"}


def __getattr__(name: str) -> object:
    """Load a namespace on first use (PEP 562), so that the import itself costs nothing."""
    if name in __all__:
        from importlib import import_module

        home = _HOMES.get(name)
        return import_module(f"spsim.{name}") if home is None else getattr(import_module(f"spsim.{home}"), name)
    if name == "__version__":
        from importlib.metadata import version

        return version("spsim-omics")
    msg = f"module 'spsim' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
