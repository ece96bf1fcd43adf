"""Simulate spatial multi-omics data with known ground truth, and score methods against it."""

from __future__ import annotations

# As in typing, whose import would take five times as long as all the rest of this module.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from spsim import datasets, get, likelihoods, metrics, patterns, pl, tl
    from spsim.scenarios import LibrarySize, Modality, Scenario, simulate

    __version__: str

__all__ = [
    "LibrarySize",
    "Modality",
    "Scenario",
    "datasets",
    "get",
    "likelihoods",
    "metrics",
    "patterns",
    "pl",
    "simulate",
    "tl",
]

_FROM_SCENARIOS = ("LibrarySize", "Modality", "Scenario", "simulate")


def __getattr__(name: str) -> object:
    """Load a namespace on first use (PEP 562), so that the import itself costs nothing."""
    if name in _FROM_SCENARIOS:
        from spsim import scenarios

        return getattr(scenarios, name)
    if name in __all__:
        from importlib import import_module

        return import_module(f"spsim.{name}")
    if name == "__version__":
        from importlib.metadata import version

        return version("spsim-omics")
    msg = f"module 'spsim' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
