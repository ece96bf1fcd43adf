"""Samples: how large they are, that each has a tissue of its own, and which are held out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import spsim as sps
from effect_worlds import source
from spsim._random import Purpose, seed_sequence, stream, uniforms
from spsim.designs import Samples
from spsim.patterns import Grid, Uniform, Voronoi
from spsim.truth import Label

RNA = {"name": "rna", "observed": "cells", "n_spatial": 12}
OTHER = RNA | {"name": "other", "observed": "dissociated", "features_of": "rna"}
CELLS = Uniform(n_spots=200, width=10, height=20)


def made(design, *, rng=3, **fields):
    modalities = [RNA, OTHER] if design.n_dissociated else [RNA]
    top = {"layout": CELLS, "pattern": Voronoi(3, n_seeds=2), "design": design, "modalities": modalities}
    return sps.simulate(sps.Scenario(**(top | fields)), rng=rng)


def test_samples_are_windows_of_the_said_size_as_dense_as_others() -> None:
    mdata = made(Samples(3, shares=[1, 0.25, 0.5]))
    places, samples = mdata.obsm["spatial"], mdata.obs["sample"]
    assert samples.value_counts().to_dict() == {"sample_1": 200, "sample_2": 50, "sample_3": 100}
    for name, share in (("sample_1", 1), ("sample_2", 0.25), ("sample_3", 0.5)):
        own = places[(samples == name).to_numpy()]
        away = np.abs((own - [5, 10]) / [10, 20]).max()
        # A window with a share of the area has sides of its root; of 50 cells the farthest is at its rim.
        assert away == pytest.approx(np.sqrt(share) / 2, rel=0.15)
        assert away != pytest.approx(np.sqrt(share) / 2 * 1.4, rel=0.15)


def test_windows_are_whole_numbers_of_places_in_the_order_of_the_layout() -> None:
    """67 of 200 for a third, never none; the places of each are those nearest to the middle, in units of the box."""
    mdata = made(Samples(3, shares=[1 / 3, 0.001, 0.6475]))
    assert mdata.obs["sample"].value_counts().to_dict() == {"sample_3": 130, "sample_1": 67, "sample_2": 1}
    sections = [CELLS.sites(source(seed)) for seed in range(2)]
    cells = Samples(2, shares=[1 / 3, 1]).observe(sections, source())["cells"]
    away = np.abs((sections[0].coordinates - [5, 10]) / [10, 20]).max(axis=1)
    expected = [i for i in range(200) if np.sum(away < away[i]) < 67]
    assert np.array_equal(cells.places[:67], sections[0].coordinates[expected])
    assert np.array_equal(cells.places[67:], sections[1].coordinates)
    assert cells.tissues.tolist() == [0] * 67 + [1] * 200


def test_dissociated_cells_come_from_all_of_the_tissue_of_their_own_sample() -> None:
    """100 of 400 places of a grid: rows and columns have mean 9.5 and a standard error of 0.5, five allowed."""
    chosen = []
    for seed in range(3):
        sections = [Grid(n_rows=20).sites(source()), Uniform(400, width=20, height=20).sites(source(seed))]
        for places in (sections, sections[::-1]):
            sets = Samples(1, n_dissociated=100).observe(places, source(seed, "design"))
            own, whole = sets["dissociated"].sites.coordinates, places[-1].coordinates
            rows = [np.flatnonzero((whole == place).all(axis=1))[0] for place in own]
            assert rows == sorted(set(rows)) and np.abs(np.mean(np.divmod(rows, 20), axis=1) - 9.5).max() < 2.5
        chosen.append(rows)
    assert len({tuple(rows) for rows in chosen}) == 3
    assert sets["dissociated"].tissues.tolist() == [1] * 100 and sets["dissociated"].places is None


def test_domains_of_dissociated_cells_are_those_of_their_own_tessellation() -> None:
    """All 144 places are dissociated, in order: the third tissue's seeds by a plain loop."""
    mdata = made(Samples(2, n_dissociated=144), layout=Grid(n_rows=12))
    third = stream(seed_sequence(3), "pattern:2")
    grid = Grid(n_rows=12).sites(source())
    side = grid.upper - grid.lower
    seeds = [grid.lower + uniforms(third, Purpose.PATTERN, (2, 2), tile=k) * side for k in range(3)]
    for place, domain in zip(grid.coordinates, mdata["other"].obs["domain"], strict=True):
        assert domain == f"region_{1 + int(np.argmin([min(np.hypot(*(place - z)) for z in own) for own in seeds]))}"


def test_samples_are_known_and_apart() -> None:
    for cells in (
        Samples(2, held_out=["sample_1"], n_dissociated=5).observe([CELLS.sites(source())] * 3, source()).values()
    ):
        sample, held = cells.labels["sample"], cells.labels["held_out"]
        assert sample.is_known and sample.separates and held.is_known and not held.separates
        assert [held.names[code] for code in held.codes] == [
            str(sample.names[code] != "sample_2") for code in sample.codes
        ]


def test_each_sample_has_places_and_a_tissue_of_its_own() -> None:
    mdata = made(Samples(2))
    first, second = (mdata[(mdata.obs["sample"] == name).to_numpy()] for name in ("sample_1", "sample_2"))
    assert not np.array_equal(first.obsm["spatial"], second.obsm["spatial"])
    grid = made(Samples(2), layout=None, n_side=12)
    factors = [grid.obsm["spatial_factors"][(grid.obs["sample"] == f"sample_{k}").to_numpy()] for k in (1, 2)]
    assert not np.array_equal(*factors) and "spatial_true" not in grid.obsm
    same = made(Samples(2), layout=None, n_side=12, pattern="ggblocks")
    factors = [same.obsm["spatial_factors"][(same.obs["sample"] == f"sample_{k}").to_numpy()] for k in (1, 2)]
    assert np.array_equal(*factors)  # a picture is the same in all


def test_the_first_sample_is_the_plain_tissue_and_fewer_are_a_prefix() -> None:
    one, three = made(Samples(1)), made(Samples(3))
    for slot in ("spatial", "spatial_factors"):
        assert np.array_equal(one.obsm[slot], three.obsm[slot][:200])
    alone = sps.simulate(
        sps.Scenario(layout=CELLS, pattern=Voronoi(3, n_seeds=2), modalities=[RNA | {"observed": None}]), rng=3
    )
    assert np.array_equal(alone.obsm["spatial_factors"], one.obsm["spatial_factors"])
    assert np.array_equal(alone["rna"].X, one["rna"].X)


def test_a_loop_places_each_cell_in_its_tessellation() -> None:
    """Nearest seed by a plain loop, from the streams of each tissue."""
    mdata = made(Samples(2, n_dissociated=40))
    rna = mdata["rna"]
    for number, name in enumerate(["sample_1", "sample_2"]):
        source = stream(seed_sequence(3), f"pattern:{number}" if number else "pattern")
        seeds = [uniforms(source, Purpose.PATTERN, (2, 2), tile=k) * [10, 20] for k in range(3)]
        part = rna[(rna.obs["sample"] == name).to_numpy()]
        for place, domain in zip(part.obsm["spatial"], part.obs["domain"], strict=True):
            distances = [min(np.hypot(*(place - seed)) for seed in own) for own in seeds]
            assert domain == f"region_{1 + int(np.argmin(distances))}"


def test_dissociated_cells_are_of_one_more_sample_and_have_no_places() -> None:
    mdata = made(Samples(2, held_out=["sample_2"], n_dissociated=40))
    rna, other = mdata["rna"], mdata["other"]
    assert "spatial" in rna.obsm and "spatial" not in other.obsm and "x" not in other.obs
    assert set(other.obs["sample"]) == {"sample_3"} and other.n_obs == 40
    assert set(rna.obs_names).isdisjoint(other.obs_names)
    assert set(other.obs["held_out"]) == {"True"}
    assert (rna.obs["held_out"] == "True").equals(rna.obs["sample"] == "sample_2")
    assert set(other.obs["domain"]) <= {"region_1", "region_2", "region_3"}
    assert set(mdata.obs) == {"sample", "held_out"}
    assert "held_out" not in made(Samples(2)).obs


def test_names_of_a_users_places_get_that_of_their_sample() -> None:
    import pandas as pd

    places = pd.DataFrame(np.random.default_rng(0).random((6, 2)), [f"cell {i}" for i in range(6)])
    mdata = made(Samples(2, shares=[1, 0.5]), layout=places, n_side=None)
    assert mdata.obs_names[0] == "cell 0-sample_1" and mdata.n_obs == 9 and mdata.obs_names.is_unique
    at = np.asarray(places.loc[[name.partition("-")[0] for name in mdata.obs_names]])
    assert np.allclose(mdata.obsm["spatial"], at)


def test_labels_of_the_layout_go_with_their_places() -> None:
    sections = [
        replace(
            CELLS.sites(source(seed)), labels={"region": Label(codes=np.arange(200) + seed * 200, names=("r",) * 400)}
        )
        for seed in range(2)
    ]
    cells = Samples(2, shares=[0.5, 0.2]).observe(sections, source())["cells"]
    whole = np.vstack([sites.coordinates for sites in sections])
    assert np.array_equal(whole[cells.labels["region"].codes], cells.places)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"n_samples": 0}, "n_samples must be a whole number of at least 1"),
        ({"shares": [1]}, r"shares must hold one number above 0 per sample \(2\)"),
        ({"shares": [1, 0]}, "shares must hold one number above 0"),
        ({"shares": [1, 2]}, "shares must be a probability"),
        ({"held_out": ["sample_9"]}, "held_out must be one of 'sample_1', 'sample_2', got 'sample_9'"),
        ({"names": ["a"]}, "names must"),
        ({"n_dissociated": -1}, "n_dissociated must be a whole number"),
    ],
)
def test_bad_fields_are_refused_by_name(fields, message) -> None:
    with pytest.raises(ValueError, match=message):
        Samples(**fields)


def test_more_dissociated_cells_than_places_are_refused() -> None:
    with pytest.raises(ValueError, match=r"n_dissociated must be at most the number of places of the layout \(200\)"):
        made(Samples(2, n_dissociated=201))
