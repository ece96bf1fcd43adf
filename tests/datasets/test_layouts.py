"""Data sets on every layout: they replay, resample and survive h5mu, and the user's arrays stay out of the text."""

from __future__ import annotations

import json
from dataclasses import dataclass

import mudata
import numpy as np
import pytest

import spsim as sps
from layout_examples import EXAMPLES, TISSUE
from spsim.patterns import Coordinates, Grid, Hexagonal, Layout, Sites
from spsim.slots import without_pulling

MODALITIES = [{"name": "rna", "n_mixed": 60, "dropout_rate": 0.3}, {"name": "protein", "n_spatial": 30}]
each = pytest.mark.parametrize("layout", EXAMPLES.values(), ids=EXAMPLES)


def made(layout, **fields):
    return sps.datasets.multiomics(MODALITIES, **({"layout": layout, "pattern": "quilt", "rng": 3} | fields))


def assert_same(left, right) -> None:
    for name, adata in left.mod.items():
        assert (adata.X != right[name].X).sum() == 0
        for key in ("spatial", "spatial_factors", "nonspatial_factors"):
            assert np.array_equal(adata.obsm[key], right[name].obsm[key])
    assert left.uns["spsim"]["params"] == right.uns["spsim"]["params"]
    assert left.uns["spsim"]["spacing"] == right.uns["spsim"]["spacing"]


@each
def test_coordinates_spacing_and_unit_are_stored(layout) -> None:
    mdata = made(layout)
    assert mdata.obsm["spatial"].shape == (layout.n_spots, layout.n_dimensions)
    assert np.array_equal(mdata.obs[["x", "y"]], mdata.obsm["spatial"][:, :2])
    for part in (mdata, mdata["rna"], mdata["protein"]):
        assert float(part.uns["spsim"]["spacing"]) == layout.spacing and part.uns["spsim"]["unit"] == layout.unit


@each
def test_written_and_read_it_replays_and_resamples(layout, tmp_path) -> None:
    mdata = made(layout)
    with without_pulling():
        mdata.write(tmp_path / "data.h5mu")
        read = mudata.read_h5mu(tmp_path / "data.h5mu")
    for stored in (mdata, read):
        assert_same(mdata, sps.datasets.replay(stored))
        assert_same(mdata, sps.datasets.resample(sps.datasets.resample(stored, rng=4), rng=3))
    assert_same(mdata, sps.datasets.replay(sps.datasets.replay(read)))
    scenario = sps.Scenario.from_mdata(read)
    assert_same(mdata, sps.simulate(scenario, rng=3))
    assert (scenario.layout == layout) != layout.holds_arrays


@each
def test_arrays_of_the_user_stay_out_of_the_text(layout) -> None:
    record = json.loads(made(layout).uns["spsim"]["params"])["scenario"]
    if layout.holds_arrays:
        assert record["layout"] is None and list(record["pattern"]) == ["sha256"]
    else:
        assert record["layout"] == layout.to_dict() and record["pattern"] == "quilt"


@dataclass(frozen=True, kw_only=True)
class Spiral(Layout):
    """A layout of the user's own."""

    n_spots: int = 90

    @property
    def holds_arrays(self) -> bool:
        return True

    def sites(self, source) -> Sites:
        angle = np.arange(self.n_spots) / 5
        coordinates = angle[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
        return Sites(coordinates=coordinates, lower=np.full(2, -20), upper=np.full(2, 20))


def test_a_class_of_ones_own_replays_from_what_the_object_carries() -> None:
    mdata = made(Spiral())
    assert_same(mdata, sps.datasets.replay(mdata))


def test_a_changed_array_is_noticed() -> None:
    mdata = made(EXAMPLES["Stack of an array"])
    mdata.obsm["spatial"][0, 2] += 1
    with pytest.raises(ValueError, match="is not what was simulated .* layout the user gave is stored nowhere else"):
        sps.datasets.replay(mdata)


@pytest.mark.parametrize("name", ["quilt", "ggblocks"])
def test_all_data_sets_take_layouts(name) -> None:
    layout = Hexagonal(n_rows=14, n_columns=12)
    mdata = getattr(sps.datasets, name)(layout=layout, n_spatial=40)
    assert mdata.shape == (168, 40) and sps.Scenario.from_mdata(mdata).layout == layout


def test_a_tissue_in_the_place_of_a_grid_changes_coordinates_only() -> None:
    grid = Grid(n_rows=24, n_columns=12, spacing=0.1)
    first = made(grid)
    second = made(Coordinates(coordinates=first.obsm["spatial"], unit="spot"))
    for key in ("spatial", "spatial_factors"):
        assert np.array_equal(first.obsm[key], second.obsm[key])
    assert np.array_equal(first["rna"].X, second["rna"].X)


def test_fewer_rows_of_the_same_tissue_are_not_a_prefix_but_the_same_box_is() -> None:
    corners = np.array([[0.0, 0.0], [2500.0, 2000.0]])
    tissue = np.vstack([corners, np.clip(TISSUE, 0, [2500, 2000])])
    many, few = (made(Coordinates(coordinates=tissue[:n], spacing=20)) for n in (152, 60))
    assert np.array_equal(many["rna"].X[:60], few["rna"].X)
    many, few = (made(Coordinates(coordinates=TISSUE[:n], spacing=20)) for n in (150, 60))
    assert not np.array_equal(many["rna"].X[:60], few["rna"].X)


def test_too_many_spots_are_refused_before_they_are_placed() -> None:
    for layout in (Hexagonal(n_rows=10**7, n_columns=10**7), sps.patterns.Uniform(n_spots=10**14)):
        with pytest.raises(ValueError, match=r"spots \(n_side, layout, n_cells\) × .* need about"):
            made(layout)
