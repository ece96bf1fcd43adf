"""Loads all that the tests' inner runs of pytest use."""

from __future__ import annotations

import pytest

from spsim.testing import assert_agrees, assert_recovers
from spsim.testing._recipes import fresh


@pytest.fixture(scope="session", autouse=True)
def everything_is_loaded() -> None:
    """Use all of it once: pytester drops what an inner run imported, and a second copy of mudata has other options."""
    mdata = fresh("spsim_quilt")
    mdata.obsm["X_mine"] = mdata.obsm["spatial_factors"]
    mdata.obs["mine"] = mdata.obs["domain"]
    assert_recovers(mdata, "X_mine", at_least=0.9)
    assert_agrees(mdata, "mine", at_least=0.9)
