"""Cells under spots: what holds what, what is known, and all that every world promises."""

from __future__ import annotations

import mudata
import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist

import spsim as sps
from cells_under_spots import CELLS, SPOTS, filtered, made, small
from spsim.designs import Capture
from spsim.factors import CellTypes
from spsim.patterns import Clustered, Coordinates, Grid, Hexagonal, Layered, Uniform
from spsim.slots import without_pulling
from spsim.testing import fingerprint


@pytest.fixture
def mdata():
    with without_pulling():
        return made().copy()


def same_counts(left, right) -> bool:
    return all(np.array_equal(left[name].X, right[name].X) for name in left.mod)


def test_three_sets_with_names_of_their_own_measure_the_same_genes(mdata) -> None:
    assert {name: part.shape for name, part in mdata.mod.items()} == {
        "cells": (500, 400),
        "visium": (56, 400),
        "reference": (60, 400),
    }
    assert mdata.n_obs == 616 and len(set(mdata.obs_names)) == 616 and len(set(mdata.var_names)) == 1200
    genes = [part.var["gene"].astype(str).tolist() for part in mdata.mod.values()]
    assert genes[0] == genes[1] == genes[2] and len(set(genes[0])) == 400
    assert "spatial" in mdata["visium"].obsm and "spatial" not in mdata["reference"].obsm


def test_spots_hold_the_cells_that_lie_in_them(mdata) -> None:
    """A plain loop over centres and cells."""
    centres, places = mdata["visium"].obsm["spatial"], mdata["cells"].obsm["spatial"]
    inside = cdist(centres, places) <= 27.5
    types = mdata["cells"].obs["cell_type"]
    for i, name in enumerate(mdata["visium"].obs_names):
        own = types[inside[i]].value_counts().reindex(types.cat.categories, fill_value=0)
        assert mdata["visium"].obsm["cell_type_numbers"][i].tolist() == own.tolist()
        assert (mdata["cells"].obs["spot"] == name).tolist() == inside[i].tolist()
        assert (mdata["visium"].obs["in_tissue"].iloc[i] == "True") == inside[i].any()
    numbers, shares = mdata["visium"].obsm["cell_type_numbers"], sps.get.proportions(mdata)
    held = numbers.sum(axis=1) > 0
    assert np.allclose(shares[held], numbers[held] / numbers[held].sum(axis=1, keepdims=True))
    size = (mdata["cells"].obs["library_size"] * mdata["cells"].obs["content"]).to_numpy()
    amounts = inside.astype(float) @ (size[:, None] * mdata["cells"].obsm["cell_type_factors"])
    assert np.allclose(mdata["visium"].obsm["cell_type_factors"], amounts, rtol=1e-5)
    molecules = sps.get.proportions(mdata, of="molecules")
    assert np.allclose(molecules[held], amounts[held] / amounts[held].sum(axis=1, keepdims=True), rtol=1e-5)


@pytest.mark.parametrize("cells", [CELLS, Clustered(n_spots=700, width=400, height=600, n_clusters=20, sd=30)])
def test_bins_hold_every_cell_once(cells) -> None:
    columns, rows = -(-int(cells.width) // 50), -(-int(cells.height) // 50)
    grid = Grid(n_rows=rows, n_columns=columns, spacing=50, unit="micrometer")
    design = Capture(spots=grid, offset=[25, 25], form="square")
    scenario = sps.Scenario.from_mdata(small(n_reference=0, cells=cells))
    mdata = sps.simulate(sps.Scenario(**{**scenario.model_dump(mode="json"), "design": design}))
    places = mdata["cells"].obsm["spatial"]
    bins = (places // 50).astype(int)
    expected = [f"spot_{x + columns * y}" for x, y in bins]
    assert mdata["cells"].obs["spot"].astype(str).tolist() == expected
    assert mdata["visium"].obsm["cell_type_numbers"].sum() == cells.n_spots
    holes = sps.simulate(
        sps.Scenario(
            **{**scenario.model_dump(mode="json"), "design": Capture(spots=grid, offset=[25, 25], form="disc")}
        )
    )
    assert holes["visium"].obsm["cell_type_numbers"].sum() < 0.9 * cells.n_spots  # a wrong variant


@pytest.mark.parametrize(
    ("spots", "cells"),
    [
        (Grid(n_rows=9, spacing=80, unit="micrometer"), None),
        (SPOTS, Layered(n_spots=300, width=700, height=700, densities=[1, 4])),
        (SPOTS, Coordinates(coordinates=np.random.default_rng(0).random((300, 2)) * 600)),
        (SPOTS, Uniform(n_spots=200, width=700, height=700)),
    ],
)
def test_layouts_of_spots_and_cells_are_free(spots, cells) -> None:
    mdata = sps.datasets.cells_and_spots(3, spots=spots, cells=cells, n_reference=30, rng=2)
    assert mdata["visium"].n_obs == spots.n_spots and mdata["visium"].obsm["cell_type_numbers"].sum() > 0
    first = mdata["visium"].obsm["spatial"].min(axis=0)
    own_frame = isinstance(cells, Coordinates)
    assert np.allclose(first, 0.0 if own_frame else spots.spacing / 2)
    assert same_counts(sps.datasets.replay(mdata), mdata)


def test_spacing_and_size_of_spots_are_recorded_with_the_spots(mdata) -> None:
    record = mdata["visium"].uns["spsim"]
    assert record["spacing"] == "100.0" and (record["spot_form"], record["spot_size"]) == ("disc", "55.0")
    assert (
        mdata["cells"].uns["spsim"]["spacing"] == repr(CELLS.spacing) and "spot_form" not in mdata["cells"].uns["spsim"]
    )


@pytest.mark.parametrize("kind", ["h5mu", pytest.param("zarr", marks=pytest.mark.slow)])
def test_it_comes_back_from_files_replays_and_resamples(mdata, kind, tmp_path) -> None:
    path, original = tmp_path / f"data.{kind}", made()
    mdata.write(path) if kind == "h5mu" else mdata.write_zarr(path)
    back = mudata.read_h5mu(path) if kind == "h5mu" else mudata.read_zarr(path)
    assert same_counts(back, original) and fingerprint(back) == fingerprint(original)
    assert same_counts(sps.datasets.replay(back), original)
    again = sps.datasets.resample(back, rng=9)
    assert same_counts(again, sps.datasets.resample(original, rng=9)) and not same_counts(again, original)
    assert same_counts(sps.datasets.resample(again, rng=0), original)
    assert sps.Scenario.from_mdata(back) == sps.Scenario.from_mdata(original)


def test_fingerprints_see_a_change_in_any_set(mdata) -> None:
    changes = [
        lambda m: m["visium"].obsm["spatial"].__setitem__((0, 0), 7.0),
        lambda m: m["visium"].obsm["cell_type_numbers"].__setitem__((0, 0), 7.0),
        lambda m: m["reference"].obsm["spatial_factors"].__setitem__((0, 0), 0.5),
    ]
    before = fingerprint(mdata)
    for change in changes:
        with without_pulling():
            other = mdata.copy()
        change(other)
        assert fingerprint(other)["truth"] != before["truth"]


def test_filtered_and_shuffled_objects_resample_to_parts_of_the_whole(mdata) -> None:
    rng = np.random.default_rng(0)
    whole = sps.datasets.resample(mdata, rng=9)
    part = filtered(mdata, cells=rng.permutation(500)[:80], visium=rng.permutation(56)[:20], reference=[5, 3])
    again = sps.datasets.resample(part, rng=9)
    for name, own in again.mod.items():
        assert np.array_equal(own.X, whole[name][own.obs_names].X)
        expected = sps.get.mean(mdata[name]).loc[own.obs_names]
        assert np.allclose(sps.get.mean(part[name]), expected, rtol=1e-12)
    genes = mdata["visium"][:, rng.permutation(400)[:30]].copy()
    assert np.allclose(sps.get.mean(genes), sps.get.mean(mdata["visium"])[genes.var_names], rtol=1e-12)


@pytest.mark.parametrize(
    "gone", [["cells"], ["visium"], ["reference"], ["cells", "visium"], ["cells", "visium", "reference"]]
)
def test_a_modality_without_observations_resamples_empty(mdata, gone) -> None:
    whole = sps.datasets.resample(mdata, rng=9)
    again = sps.datasets.resample(filtered(mdata, **dict.fromkeys(gone, [])), rng=9)
    for name, own in again.mod.items():
        assert own.n_obs == (0 if name in gone else whole[name].n_obs) and own.n_vars == 400
        assert np.array_equal(own.X, whole[name][own.obs_names].X)
        assert sps.get.mean(own).shape == own.shape


def test_spots_resample_without_the_modality_of_their_cells(mdata) -> None:
    whole = sps.datasets.resample(mdata, rng=9)
    with without_pulling():
        part = mudata.MuData({name: mdata[name] for name in ("reference", "visium")})
    part.uns["spsim"] = dict(mdata.uns["spsim"])
    assert np.array_equal(sps.datasets.resample(part, rng=9)["visium"].X, whole["visium"].X)


def test_twins_share_what_the_change_does_not_touch(mdata) -> None:
    without = sps.datasets.twin(mdata, modality="reference", effects=[{"name": "Content", "by": "cell_type"}])
    assert same_counts(without, small(platform_sd=0.0)) and np.array_equal(without["visium"].X, mdata["visium"].X)
    brighter = sps.datasets.twin(mdata, background_mean=0.6)
    assert all((brighter[name].X >= mdata[name].X).all() for name in ("cells", "reference"))


def test_sparse_counts_and_kept_means_are_the_same(mdata) -> None:
    sparse = small(sparse=True, keep_mean=True)
    for name, part in sparse.mod.items():
        assert np.array_equal(part.X.toarray(), mdata[name].X)
        assert np.array_equal(part.layers["mean"], sps.get.mean(mdata[name]))


def test_no_platform_effect_and_no_reference_are_absence_bit_for_bit() -> None:
    still, none = small(platform_sd=0.0), small(n_reference=0)
    plain = sps.datasets.twin(still, modality="reference", effects=[{"name": "Content", "by": "cell_type"}])
    assert np.array_equal(still["reference"].X, plain["reference"].X)
    assert list(none.mod) == ["cells", "visium"]
    assert all(np.array_equal(none[name].X, still[name].X) for name in none.mod)


def test_memory_is_bounded_by_what_is_held() -> None:
    """Measured at 100,000 cells × 400 genes: 335 MiB, of which counts and their copy in X are 324."""
    import tracemalloc

    tracemalloc.start()
    spots = Hexagonal(n_rows=20, n_columns=20)
    cells = Uniform(n_spots=20_000, width=2050, height=1746, unit="micrometer")
    mdata = sps.datasets.cells_and_spots(spots=spots, cells=cells, rng=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    held = sum(part.X.nbytes + part.layers["counts"].nbytes for part in mdata.mod.values())
    assert held < peak < 1.5 * held


def test_types_by_a_rule_of_synthspot() -> None:
    types = CellTypes(n_types=10, by="domain", composition="regional_rare", known=["reference"])
    table = sps.get.table(small(cell_types=types), "cell_type_composition")
    assert isinstance(table, pd.DataFrame) and table.shape == (5, 10)
    assert ((table > 0).sum() == 1).any()


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"n_types": 0}, ValueError, "n_types must be a whole number of at least 1"),
        ({"n_reference": -1}, ValueError, "n_reference must be a whole number of at least 0"),
        ({"platform_sd": -1}, ValueError, "sd must be a finite number of at least 0"),
        (
            {"cell_types": CellTypes(known=["reference"]), "n_reference": 0},
            ValueError,
            "no set of observations 'reference'",
        ),
    ],
)
def test_what_does_not_fit_is_refused(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        small(**fields)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Capture(offset=[1.0]), "offset must be two numbers, x and y"),
        (lambda: Capture(offset=[1.0, np.inf]), "offset must be a finite number"),
        (lambda: Capture(form="hexagon"), "form must be one of 'disc', 'square', got 'hexagon'"),
        (lambda: Capture(size=0), "size must be a finite number above 0"),
    ],
)
def test_designs_that_do_not_fit_are_refused(make, message) -> None:
    with pytest.raises(ValueError, match=message):
        make()
