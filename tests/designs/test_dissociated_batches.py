"""Dissociated cells: batches and held-out cells are as many as asked for, and nothing says where cells lay."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from effect_worlds import source
from spsim.designs import Dissociated
from spsim.patterns import Grid

RNA = {"name": "rna", "n_nonspatial": 12, "loadings": {"cell_type": {"name": "Markers"}}}
TYPES = {"cell_type": {"name": "CellTypes", "n_types": 3}}


def made(*, rng=1, pattern=None, factors=TYPES, modalities=(RNA,), **fields):
    design = Dissociated(**({"n_cells": 4000, "n_batches": 4} | fields))
    scenario = sps.Scenario(n_side=12, pattern=pattern, design=design, factors=factors, modalities=list(modalities))
    return sps.simulate(scenario, rng=rng)


def test_batches_are_equally_likely_and_known() -> None:
    """4,000 cells in 4 batches: five standard errors are 137 cells."""
    mdata = made()
    counts = mdata.obs["batch"].value_counts()
    assert list(counts.sort_index().index) == ["batch_1", "batch_2", "batch_3", "batch_4"]
    assert (abs(counts - 1000) < 137).all() and counts.nunique() > 1
    blind = sps.get.without_truth(mdata)
    assert list(blind.obs) == ["batch"] and list(blind["rna"].obs) == ["batch"]


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_held_out_cells_change_nothing_else(share) -> None:
    with_, without = made(held_out=share), made()
    held = (with_.obs["held_out"] == "True").mean()
    assert abs(held - share) < 5 * np.sqrt(share * (1 - share) / 4000) < abs(held - 2 * share)
    assert np.array_equal(with_["rna"].X, without["rna"].X) and "held_out" not in without.obs
    assert "held_out" in sps.get.without_truth(with_).obs
    # Independent of batch and type.
    for name in ("batch", "cell_type"):
        shares = (with_.obs["held_out"] == "True").groupby(with_.obs[name].to_numpy()).mean()
        assert (abs(shares - share) < 5 * np.sqrt(share * (1 - share) / 800)).all()


def test_cells_lie_nowhere_but_in_a_domain() -> None:
    mdata = made()
    for part in (mdata, mdata["rna"]):
        assert "spatial" not in part.obsm and "x" not in part.obs and "domain" not in part.obs
    assert mdata.obs_names[0] == "cell_0"
    types = {
        "cell_type": {"name": "CellTypes", "by": "domain", "composition": [[1, 0], [1, 0], [0, 1], [0, 1], [0, 1]]}
    }
    types["cell_type"] |= {"n_types": 2}
    tissue = made(pattern="ggblocks", factors=types)
    assert "spatial" not in tissue.obsm
    table = tissue.obs.groupby(["domain", "cell_type"], observed=False).size().unstack()
    assert ((table > 0).sum(axis=1) == 1).all()
    # Domains are as common as their places in the layout: a third of 144 spots is background, within five errors.
    share = (tissue.obs["domain"] == "background").mean()
    grid = sps.datasets.ggblocks(n_side=12).obs["domain"]
    assert abs(share - (grid == "background").mean()) < 5 * 0.5 / np.sqrt(4000)


def test_places_batches_and_who_is_held_out_are_independent() -> None:
    """Each of 100 places is as likely (false-alarm rate 6e-5), and correlations stay within five standard errors."""
    n = 20_000
    for seed in range(3):
        sites = Grid(n_rows=10).sites(source(seed))
        cells = Dissociated(n, n_batches=4, held_out=0.3).observe([sites], source(seed, "design"))["cell"]
        x, y = cells.sites.coordinates.T
        counts = np.unique(cells.sites.coordinates, axis=0, return_counts=True)[1]
        assert len(counts) == 100 and np.abs(counts - n / 100).max() < 5 * np.sqrt(n / 100)
        batch, held = (cells.labels[name].codes for name in ("batch", "held_out"))
        for one, other in ((x, y), (x, batch), (y, batch), (x, held), (y, held), (batch, held), (x[1:], x[:-1])):
            assert abs(np.corrcoef(one, other)[0, 1]) < 5 / np.sqrt(n)
        assert abs(held.mean() - 0.3) < 5 * np.sqrt(0.21 / n)


def test_fewer_cells_are_a_prefix() -> None:
    many, few = made(held_out=0.2), made(n_cells=500, held_out=0.2)
    for column in ("batch", "cell_type", "held_out"):
        assert many.obs[column][:500].tolist() == few.obs[column].tolist()
    assert np.array_equal(many["rna"].X[:500], few["rna"].X)


def test_a_modality_may_be_missing_in_batches() -> None:
    some = RNA | {"name": "protein", "observed": {"batch": ["batch_2", "batch_3"]}}
    whole, mosaic = made(modalities=[RNA, RNA | {"name": "protein"}]), made(modalities=[RNA, some])
    assert set(mosaic["protein"].obs["batch"]) == {"batch_2", "batch_3"} and mosaic.n_obs == 4000
    assert np.array_equal(mosaic["rna"].X, whole["rna"].X)
    assert np.array_equal(mosaic["protein"].X, whole["protein"][mosaic["protein"].obs_names].X)


def test_methods_say_so() -> None:
    mdata = made(held_out=0.25, modalities=[RNA | {"expression_mean": 0.0}])
    text = sps.datasets.describe(mdata).paragraph
    assert "4000 cells are dissociated in 4 batches; a share of 0.25 of them is held out." in text
    assert "4000 cells," in text and "Spots lie" not in text and "spatial factors" not in text and "  " not in text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"n_cells": 0}, "n_cells must be"),
        ({"n_batches": -1}, "n_batches must be"),
        ({"held_out": 1.5}, "held_out must be a probability"),
    ],
)
def test_bad_values_are_refused(fields, message) -> None:
    with pytest.raises(ValueError, match=message):
        Dissociated(**fields)
