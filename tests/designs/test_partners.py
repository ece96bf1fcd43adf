"""Partners: which spots of different slices lie at one place of the tissue."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from slice_worlds import made
from spsim.designs import Crop, Drift, Recut, Warp

WORLDS = {
    "carried": lambda seed: made(turn=40, shift=2, n_slices=3, n_side=7, rng=seed),
    "recut": lambda seed: made(Recut(), Warp(sd=0.4), turn=40, shift=1, n_slices=3, n_side=7, rng=seed),
    "cropped": lambda seed: made(Crop(share=0.4), Drift(sd=1), turn=40, n_slices=3, n_side=7, rng=seed),
    "wide": lambda seed: made(
        Recut(), turn=40, n_slices=3, layout=sps.patterns.Hexagonal(n_rows=7, n_columns=7), rng=seed
    ),
    "scattered": lambda seed: made(n_slices=3, layout=sps.patterns.Uniform(n_spots=50, width=7, height=7), rng=seed),
}


def loop(mdata, reach: float) -> np.ndarray:
    places, slices = mdata.obsm["spatial_true"], mdata.obs["slice"].to_numpy()
    found = np.zeros((mdata.n_obs, mdata.n_obs))
    for i in range(mdata.n_obs):
        for j in range(mdata.n_obs):
            near = np.sqrt(((places[i] - places[j]) ** 2).sum()) <= reach * (1 + 1e-9)
            found[i, j] = float(near and slices[i] != slices[j])
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("world", WORLDS)
def test_partners_lie_within_half_a_spacing_in_other_slices(world, seed) -> None:
    mdata = WORLDS[world](seed)
    spacing = float(mdata.uns["spsim"]["spacing"])
    found = mdata.obsp["partners"].toarray()
    assert np.array_equal(found, loop(mdata, 0.5 * spacing)) and found.any()
    assert not np.array_equal(found, loop(mdata, 1.1 * spacing))


def test_slices_that_are_carried_along_have_one_partner_per_spot_and_slice() -> None:
    found = made(turn=90, shift=9, n_slices=4).obsp["partners"]
    assert found.dtype == np.float32 and (found.sum(axis=1) == 3).all()


def test_one_slice_has_no_partners() -> None:
    assert "partners" not in made(n_slices=1).obsp


def test_partners_stand_in_every_modality_and_not_in_blind_copies() -> None:
    mdata = made(n_slices=3)
    assert (mdata["rna"].obsp["partners"] != mdata.obsp["partners"]).nnz == 0
    blind = sps.get.without_truth(mdata)
    assert "partners" not in blind.obsp and "partners" not in blind["rna"].obsp


def test_partners_of_a_part_are_those_of_the_whole() -> None:
    mdata = made(Recut(), turn=30, n_slices=3)
    order = np.random.default_rng(0).permutation(mdata.n_obs)[:150]
    wanted = mdata.obsp["partners"].toarray()[np.ix_(order, order)]
    part = mdata[order].copy()
    assert wanted.any()
    assert np.array_equal(part.obsp["partners"].toarray(), wanted)
    assert np.array_equal(sps.datasets.resample(part, rng=3).obsp["partners"].toarray(), wanted)
