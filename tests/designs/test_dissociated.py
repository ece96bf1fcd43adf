"""Dissociated cells: no places, whatever the layout."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim.designs import Dissociated

RNA = {"name": "rna", "n_nonspatial": 12}


def made(n: int, **fields):
    return sps.simulate(sps.Scenario([RNA], pattern=None, design=Dissociated(n), **fields), rng=3)


def test_cells_have_no_places_and_names_of_their_own() -> None:
    mdata = made(40)
    assert mdata.shape == (40, 12) and list(mdata.obs_names[:2]) == ["cell_0", "cell_1"]
    for part in (mdata, mdata["rna"]):
        assert "spatial" not in part.obsm and "x" not in part.obs
    assert "They have no places. 40 cells are dissociated." in sps.datasets.describe(mdata).paragraph


def test_the_layout_says_nothing_and_fewer_cells_are_a_prefix() -> None:
    few, many = made(20), made(40, n_side=5)
    assert np.array_equal(few["rna"].X, many["rna"].X[:20])


def test_there_are_as_many_cells_as_said_on_any_layout() -> None:
    assert Dissociated(7).n_observations(100) == {"cell": 7}
    scenario = sps.Scenario([RNA], pattern=None, design=Dissociated(7), n_side=30)
    assert scenario.n_observations == {"cell": 7} and sps.simulate(scenario).n_obs == 7


def test_factors_are_not_spatial() -> None:
    mdata = sps.datasets.perturbseq(3, n_programs=3, n_cells=30)
    (entry,) = (e for e in _entries(mdata["rna"]) if e.get("role") == "loadings" and e["block"] == "program")
    assert entry["is_spatial"] is False
    placed = sps.datasets.perturbseq(n_programs=3, pattern="ggblocks", layout=sps.patterns.Grid(n_rows=6))
    (entry,) = (e for e in _entries(placed["rna"]) if e.get("role") == "loadings" and e["block"] == "program")
    assert entry["is_spatial"] is True


def _entries(adata):
    from spsim.slots import read_truth

    return read_truth(adata)


@pytest.mark.parametrize(("n", "error"), [(0, ValueError), (2.5, ValueError), ("a", TypeError)])
def test_no_number_of_cells_is_refused(n, error) -> None:
    with pytest.raises(error, match="n_cells must be a whole number of at least 1"):
        Dissociated(n)
