"""Slices on the lattice of the glass: the nearest point of each spot, and the first of those that fall on one point."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from slice_worlds import made, rows
from spsim.designs import Snap


@pytest.mark.parametrize("seed", range(3))
def test_spots_go_to_the_nearest_free_point(seed) -> None:
    mdata, free = made(Snap(), turn=180, shift=3, rng=seed), made(turn=180, shift=3, rng=seed)
    lattice = np.array([(x, y) for x in range(-12, 24) for y in range(-12, 24)], float)
    taken, wanted = set(), []
    for i in rows(free, "slice_2"):
        nearest = tuple(lattice[((lattice - free.obsm["spatial"][i]) ** 2).sum(axis=1).argmin()])
        if nearest not in taken:
            wanted.append((nearest, tuple(free.obsm["spatial_true"][i]), free.obs["domain"].iloc[i]))
            taken.add(nearest)
    own = rows(mdata, "slice_2")
    assert len(own) == len(wanted) < 100
    for i, (place, true, domain) in zip(own, wanted, strict=True):
        assert mdata.obsm["spatial"][i] == pytest.approx(place, abs=1e-9)
        assert tuple(mdata.obsm["spatial_true"][i]) == true and mdata.obs["domain"].iloc[i] == domain


def test_the_lattice_is_that_of_the_layout() -> None:
    layout = sps.patterns.Grid(n_rows=9, n_columns=7, spacing=2.5)
    mdata = made(Snap(), turn=60, layout=layout)
    assert np.allclose(mdata.obsm["spatial"] / 2.5, np.round(mdata.obsm["spatial"] / 2.5), atol=1e-9)
    assert len(np.unique(np.round(mdata.obsm["spatial"][rows(mdata, "slice_2")], 6), axis=0)) == mdata.n_obs - 63
