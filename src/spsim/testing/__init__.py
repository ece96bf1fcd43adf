"""Fixtures and assertions for the tests of a method: ``pytest_plugins = ["spsim.testing"]`` in ``conftest.py``.

Only the fixtures need pytest, so they are loaded on first use. Nothing in here asserts, so a test module may import from
here before pytest has loaded the plugin: PYTEST_DONT_REWRITE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim.testing._assert_agrees import assert_agrees
from spsim.testing._assert_recovers import assert_recovers
from spsim.testing._fingerprint import FINGERPRINTS, fingerprint

if TYPE_CHECKING:
    from spsim.testing._fixtures import (
        spsim_multiomics,
        spsim_multiomics_blind,
        spsim_null,
        spsim_null_blind,
        spsim_quilt,
        spsim_quilt_blind,
        spsim_quilt_hard,
        spsim_quilt_hard_blind,
    )

__all__ = [
    "FINGERPRINTS",
    "assert_agrees",
    "assert_recovers",
    "fingerprint",
    "spsim_multiomics",
    "spsim_multiomics_blind",
    "spsim_null",
    "spsim_null_blind",
    "spsim_quilt",
    "spsim_quilt_blind",
    "spsim_quilt_hard",
    "spsim_quilt_hard_blind",
]


def __getattr__(name: str) -> object:
    """Load a fixture on first use (PEP 562); without pytest there is none."""
    if name in __all__:
        try:
            from spsim.testing import _fixtures
        except ImportError as error:
            msg = f"spsim.testing.{name} is a fixture, which needs pytest: pip install pytest ({error})"
            raise AttributeError(msg) from error
        return getattr(_fixtures, name)
    msg = f"module 'spsim.testing' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
