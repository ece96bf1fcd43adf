"""A small truth of two modalities, and its sealed file."""

from __future__ import annotations

from pathlib import Path

import pytest

import spsim as sps
from spsim._cli._seal import seal
from spsim.slots import without_pulling

CONFIG = {"pattern": "ggblocks", "n_side": 8}


@pytest.fixture(scope="session")
def mdata():
    return sps.datasets.multiomics(
        [
            {"name": "rna", "n_spatial": 20, "n_nonspatial": 20, "active_factors": [0, 2, 3]},
            {"name": "protein", "n_mixed": 6, "n_nonspatial": 4, "active_factors": [1]},
        ],
        **CONFIG,
    )


@pytest.fixture(scope="session")
def truth(tmp_path_factory, mdata) -> Path:
    path = tmp_path_factory.mktemp("truth") / "t.h5mu"
    with without_pulling():
        mdata.copy().write(path)
    seal(path)
    return path
