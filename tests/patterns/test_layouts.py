"""What every layout has in common."""

from __future__ import annotations

import json

import numpy as np
import pytest

import spsim as sps
from layout_examples import DISC, EXAMPLES, TISSUE
from spsim._random import seed_sequence, stream
from spsim._recipe import as_recipe, members
from spsim.patterns import Coordinates, Grid, Hexagonal, Jittered, Layout, Mask, Stack, Uniform, quilt

SOURCE, OTHER = (stream(seed_sequence(seed), "layout") for seed in (0, 1))
RANDOM = (Jittered, Uniform)
each = pytest.mark.parametrize("layout", EXAMPLES.values(), ids=EXAMPLES)


def is_random(layout) -> bool:
    return isinstance(layout, RANDOM) or (isinstance(layout, Stack) and is_random(layout.layout))


def test_every_layout_has_an_example() -> None:
    assert {type(layout).__name__ for layout in EXAMPLES.values()} == {
        name for name, kind in members(Layout).items() if kind.__module__.startswith("spsim.")
    }


@each
def test_spots_are_as_many_as_announced_and_lie_in_the_box(layout) -> None:
    sites = layout.sites(SOURCE)
    assert sites.coordinates.shape == (layout.n_spots, layout.n_dimensions)
    assert sites.coordinates.dtype == np.float64
    assert (sites.coordinates >= sites.lower).all() and (sites.coordinates <= sites.upper).all()
    assert quilt().factors(sites, SOURCE).shape == (layout.n_spots, 4)


@each
def test_only_random_layouts_depend_on_the_seed(layout) -> None:
    first, again, other = (layout.sites(source).coordinates for source in (SOURCE, SOURCE, OTHER))
    assert np.array_equal(first, again)
    assert np.array_equal(first, other) != is_random(layout)


@each
def test_json_goes_out_and_comes_back_equal(layout) -> None:
    record = json.loads(json.dumps(layout.to_dict()))
    again = as_recipe("layout", record, Layout)
    assert again == layout and hash(again) == hash(layout) and type(again.spacing) is float
    assert np.array_equal(again.sites(SOURCE).coordinates, layout.sites(SOURCE).coordinates)
    scenario = sps.Scenario(layout=layout, modalities=[{"name": "rna"}])
    assert sps.Scenario.from_json(scenario.to_json()) == scenario
    assert sps.Scenario(layout=record, modalities=[{"name": "rna"}]).n_spots == layout.n_spots


def test_layouts_differ_by_their_content() -> None:
    layouts = [*EXAMPLES.values(), Coordinates(coordinates=TISSUE[::-1]), Mask(mask=~DISC), Mask(mask=DISC.T)]
    layouts += [Grid(n_rows=3), Jittered(n_rows=3), Hexagonal(n_rows=3, n_columns=3), Mask(mask=DISC, spacing=6)]
    assert len(set(layouts)) == len(layouts)
    assert all((left == right) == (i == j) for i, left in enumerate(layouts) for j, right in enumerate(layouts))


@each
def test_layouts_are_short_in_print(layout) -> None:
    assert len(repr(layout)) < 200 and type(layout).__name__ in repr(layout)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Grid(spacing=0), "spacing must be a finite number above 0, got 0"),
        (lambda: Grid(unit=""), "unit must be a text that is not empty, got ''"),
        (lambda: Uniform(unit=3), "unit must be a text that is not empty, got 3"),
        (lambda: Hexagonal(n_rows=0), "n_rows must be a whole number of at least 1, got 0"),
        (lambda: Hexagonal(n_columns=2.5), "n_columns must be a whole number of at least 1, got 2.5"),
        (lambda: Hexagonal(spot_diameter=0), "spot_diameter must be a finite number above 0"),
        (lambda: Hexagonal(spacing=50), r"spot_diameter must be at most spacing \(50\), got 55"),
        (lambda: Jittered(jitter=1.5), r"jitter must lie in \[0, 1\], got 1.5"),
        (lambda: Jittered(jitter="much"), "jitter must be a finite number, got 'much'"),
        (lambda: Uniform(n_spots=0), "n_spots must be a whole number of at least 1, got 0"),
        (lambda: Uniform(width=-3), "width must be a finite number above 0, got -3"),
        (lambda: Uniform(height=np.inf), "height must be a finite number above 0, got inf"),
        (lambda: Coordinates(coordinates=TISSUE * np.nan), "coordinates must be finite, got 300 NaN"),
        (lambda: Coordinates(coordinates=TISSUE[0]), r"coordinates must be a non-empty 2-D array, got shape \(2,\)"),
        (lambda: Coordinates(coordinates=TISSUE[:, :1]), r"coordinates must be n × 2 or n × 3, got shape \(150, 1\)"),
        (lambda: Coordinates(coordinates=[["a", "b"]]), "coordinates must be a numeric 2-D array, got list"),
        (lambda: Coordinates(coordinates=[[1, 2], [1, 2]]), "spacing must be given, since all 2 coordinates are one"),
        (lambda: Coordinates(coordinates=TISSUE, spacing=-1), "spacing must be a finite number above 0, got -1"),
        (lambda: Mask(mask=np.zeros((3, 4))), "mask must have a true pixel, got 3 × 4 false ones"),
        (lambda: Mask(mask=DISC * 0.5), r"mask must hold only true and false, got \[0.0, 0.5\]: compare with a thres"),
        (lambda: Mask(mask=DISC[0]), "mask must be a non-empty 2-D array"),
        (lambda: Stack(layout="hex"), "layout name must be one of 'Clustered', 'Coordinates', 'Grid'"),
        (lambda: Stack(layout=3), "layout must be a Layout, its name or its dict"),
        (lambda: Stack(layout=Grid(), n_slices=0), "n_slices must be a whole number of at least 1, got 0"),
        (lambda: Stack(layout=Grid(), slice_spacing=0), "slice_spacing must be a finite number above 0, got 0"),
        (lambda: Stack(layout=Stack(layout=Grid())), "layout must be 2-D, got Stack.* with 3 coordinates per spot"),
        (lambda: Stack(layout=EXAMPLES["Coordinates in 3-D"]), "layout must be 2-D, got Coordinates"),
    ],
)
def test_bad_layouts_are_refused_by_name(make, message) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        make()


def test_nested_records_are_checked() -> None:
    record = {"name": "Stack", "layout": {"name": "Hexagon"}}
    with pytest.raises(ValueError, match=r"layout name must be one of .*got 'Hexagon' \(did you mean 'Hexagonal'"):
        sps.Scenario(layout=record, modalities=[{"name": "rna"}])
