"""Slices on top of each other."""

from __future__ import annotations

import mudata
import numpy as np
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from spsim._random import seed_sequence, stream
from spsim.patterns import Coordinates, Grid, Hexagonal, Jittered, Stack, quilt
from spsim.slots import recorded_groups

SOURCE = stream(seed_sequence(0), "layout")


def test_each_slice_is_the_flat_layout() -> None:
    flat = Jittered(n_rows=5, spacing=3, unit="micrometer")
    stack = Stack(layout=flat, n_slices=4, slice_spacing=7)
    assert (stack.spacing, stack.unit, stack.n_spots) == (3, "micrometer", 100)
    slices = stack.sites(SOURCE).coordinates.reshape(4, 25, 3)
    for level, positions in enumerate(slices):
        assert np.array_equal(positions[:, :2], flat.sites(SOURCE).coordinates)
        assert (positions[:, 2] == 7 * level).all()


def test_each_slice_carries_the_pattern() -> None:
    grid = Grid(n_rows=12)
    flat = quilt().factors(grid.sites(SOURCE), SOURCE)
    solid = quilt().factors(Stack(layout=grid, n_slices=3).sites(SOURCE), SOURCE)
    assert np.array_equal(solid, np.tile(flat, (3, 1)))


def test_slices_are_as_far_apart_as_spots_unless_said() -> None:
    assert Stack(layout=Grid(spacing=20)).slice_spacing == 20
    assert Stack(layout=Grid(spacing=20), slice_spacing=10).slice_spacing == 10


def test_fewer_slices_are_the_first_part() -> None:
    many, few = (Stack(layout=Jittered(n_rows=4), n_slices=n).sites(SOURCE).coordinates for n in (5, 2))
    assert np.array_equal(many[:32], few)


LAYOUTS = {
    "lattice": Hexagonal(n_rows=5, n_columns=6),
    "random": Jittered(n_rows=5),
    "array": Coordinates(coordinates=np.random.default_rng(0).random((20, 2)) * 9),
}


def stacked(layout, **fields):
    stack = Stack(layout=layout, n_slices=12, slice_spacing=4)
    modalities = [{"name": "rna", "n_mixed": 10} | fields]
    return sps.simulate(sps.Scenario(pattern="quilt", layout=stack, modalities=modalities), rng=2)


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_spot_says_its_slice_and_height(name, tmp_path) -> None:
    mdata = stacked(LAYOUTS[name])
    n = LAYOUTS[name].n_spots
    assert list(mdata.obs) == ["slice", "domain", "x", "y", "z", "spsim_index"]
    assert list(mdata.obs["slice"].cat.categories) == [f"slice_{i + 1}" for i in range(12)]
    assert np.array_equal(mdata.obs["slice"].cat.codes, np.repeat(np.arange(12), n))
    assert np.array_equal(mdata.obs[["x", "y", "z"]], mdata.obsm["spatial"])
    assert np.array_equal(mdata.obs["z"], 4.0 * mdata.obs["slice"].cat.codes)
    assert mdata["rna"].obs["slice"].equals(mdata.obs["slice"])
    blind = sps.get.without_truth(mdata)
    assert list(blind.obs) == ["slice", "x", "y", "z"] and list(blind["rna"].obs) == ["slice"]
    mdata.write(tmp_path / "a.h5mu")
    again = sps.datasets.replay(mudata.read(tmp_path / "a.h5mu"))
    assert_frame_equal(again.obs, mdata.obs, check_dtype=False)  # mudata turns 1.0 into 1
    assert again["rna"].obs.equals(mdata["rna"].obs)
    assert np.array_equal(again["rna"].X, mdata["rna"].X)
    assert again.uns["spsim"]["truth"] == mdata.uns["spsim"]["truth"]
    # Slices lie in one space: they are no groups, and no score of a stack is another one than before.
    assert recorded_groups(mdata) is None


def test_effects_know_the_slices_of_a_stack() -> None:
    rna = stacked(Grid(n_rows=6), effects=[sps.factors.Batch(by="slice", sd=1.0)])["rna"]
    assert rna.obsm["batch_factors"].shape == (432, 12)
    assert np.array_equal(rna.obsm["batch_factors"].argmax(axis=1), rna.obs["slice"].cat.codes)
    for name in ("slice", "z"):
        with pytest.raises(ValueError, match=f"factors: '{name}'.*the name '{name}' is taken already"):
            sps.Scenario(
                layout=Stack(layout=Grid(n_rows=6)),
                factors={name: sps.factors.CellTypes(by="domain")},
                modalities=[{"name": "rna"}],
            )
    flat = sps.Scenario(n_side=6, factors={"z": sps.factors.CellTypes(by="domain")}, modalities=[{"name": "rna"}])
    assert list(sps.simulate(flat).obs) == ["domain", "z", "x", "y", "spsim_index"]


def test_a_design_with_slices_of_its_own_names_them() -> None:
    stack = Stack(layout=Grid(n_rows=5), n_slices=3)
    design = sps.designs.Slices(n_slices=2, names=["left", "right"])
    mdata = sps.simulate(sps.Scenario(layout=stack, design=design, modalities=[{"name": "rna", "n_mixed": 5}]))
    assert mdata.obs["slice"].value_counts().to_dict() == {"left": 75, "right": 75}
    assert np.array_equal(mdata.obs["z"], np.tile(np.repeat([0.0, 1.0, 2.0], 25), 2))


def test_slices_of_factors_that_the_user_brings() -> None:
    places = np.tile(Grid(n_rows=4).sites(SOURCE).coordinates, (2, 1))
    names = ["b"] * 16 + ["a"] * 16
    pattern = sps.patterns.FactorMatrix(factors=np.eye(32)[:, :2], coordinates=places, slices=names)
    mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 5}], pattern=pattern)
    assert mdata.obs["slice"].tolist() == names and recorded_groups(mdata) == "slice"
    again = sps.datasets.replay(mdata)
    assert_frame_equal(again.obs, mdata.obs, check_dtype=False)
    assert recorded_groups(again) == "slice"
    with pytest.raises(ValueError, match=r"slices must hold one name per spot \(32\), got 1"):
        sps.patterns.FactorMatrix(factors=np.eye(32), coordinates=places, slices=["a"])
