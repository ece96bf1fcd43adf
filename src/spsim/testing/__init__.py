"""Fixtures and assertions for the tests of a method: ``pytest_plugins = ["spsim.testing"]`` in ``conftest.py``.

Nothing in here asserts, so a test module may import from here before pytest has loaded the plugin: PYTEST_DONT_REWRITE.
"""

from importlib.util import find_spec

from spsim.testing._assert_agrees import assert_agrees
from spsim.testing._assert_recovers import assert_recovers
from spsim.testing._fingerprint import FINGERPRINTS, fingerprint

__all__ = ["FINGERPRINTS", "assert_agrees", "assert_recovers", "fingerprint"]

if find_spec("pytest") is not None:  # the fixtures are all that needs it
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

    __all__ += [
        "spsim_multiomics",
        "spsim_multiomics_blind",
        "spsim_null",
        "spsim_null_blind",
        "spsim_quilt",
        "spsim_quilt_blind",
        "spsim_quilt_hard",
        "spsim_quilt_hard_blind",
    ]
