"""What every workflow test shares: an eye on the warnings, and the data sets in small, dense and sparse."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

import spsim as sps
from workflows.checks import ours

if TYPE_CHECKING:
    from mudata import MuData

SMALL = {
    "quilt": lambda **kwargs: sps.datasets.quilt(12, n_spatial=20, n_mixed=20, n_nonspatial=20, **kwargs),
    "ggblocks": lambda **kwargs: sps.datasets.ggblocks(12, n_mixed=40, dropout_rate=0.3, **kwargs),
    "multiomics": lambda **kwargs: sps.datasets.multiomics(n_side=12, **kwargs),
}


@pytest.fixture(autouse=True)
def no_warnings_of_ours(recwarn: pytest.WarningsRecorder) -> Iterator[None]:
    """Other packages may warn as they like, but no warning may come from a file of spsim."""
    warnings.simplefilter("always")
    yield
    assert not [str(warning.message) for warning in ours(recwarn.list)]


@pytest.fixture(params=[False, True], ids=["dense", "sparse"])
def sparse(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture(params=SMALL)
def small(request: pytest.FixtureRequest, sparse: bool) -> MuData:
    """Each data set on 12 × 12 spots, new for each test, so that tools may write into it."""
    return SMALL[request.param](sparse=sparse)
