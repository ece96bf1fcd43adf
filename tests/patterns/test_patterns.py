"""What every pattern that is a function of coordinates has in common."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import spsim as sps
from layout_examples import EXAMPLES as LAYOUT_EXAMPLES
from pattern_examples import EXAMPLES, scaled
from spsim._random import seed_sequence, stream
from spsim._recipe import as_recipe, members
from spsim.patterns import (
    Blobs,
    Coordinates,
    GaussianProcess,
    Gradient,
    Grid,
    Hexagonal,
    Layers,
    Pattern,
    Potts,
    Radial,
    Stack,
    Uniform,
    Voronoi,
)

SOURCE, OTHER = (stream(seed_sequence(seed), "pattern") for seed in (0, 1))
GRID = Grid(n_rows=12, n_columns=9)
each = pytest.mark.parametrize("pattern", EXAMPLES.values(), ids=EXAMPLES)


def is_random(pattern) -> bool:
    return isinstance(pattern, Blobs | GaussianProcess | Potts | Voronoi) or bool(getattr(pattern, "wave_height", 0))


def drawn(pattern, layout=GRID, source=SOURCE) -> np.ndarray:
    return pattern.factors(layout.sites(SOURCE), source)


def test_every_pattern_has_an_example() -> None:
    assert {type(pattern).__name__ for pattern in EXAMPLES.values()} == {
        name for name, kind in members(Pattern).items() if kind.__module__.startswith("spsim.") and name != "Motifs"
    }


@each
@pytest.mark.parametrize("layout", LAYOUT_EXAMPLES.values(), ids=LAYOUT_EXAMPLES)
def test_factors_on_every_layout(pattern, layout) -> None:
    factors = drawn(scaled(pattern, layout.spacing), layout)
    assert factors.shape == (layout.n_spots, pattern.n_factors) == (layout.n_spots, len(pattern.names))
    assert factors.dtype == np.float32 and np.isfinite(factors).all()
    assert factors.min() >= 0 and factors.max() <= 1


@each
@pytest.mark.parametrize("layout", [Grid(n_rows=1), Grid(n_rows=1, n_columns=7), Grid(n_rows=7, n_columns=1)])
def test_factors_on_a_line_and_on_a_point(pattern, layout) -> None:
    factors = drawn(pattern, layout)
    assert factors.shape == (layout.n_spots, pattern.n_factors) and np.isfinite(factors).all()


@each
def test_only_random_patterns_depend_on_the_seed(pattern) -> None:
    first, again, other = (drawn(pattern, GRID, source) for source in (SOURCE, SOURCE, OTHER))
    assert np.array_equal(first, again)
    assert np.array_equal(first, other) != is_random(pattern)


@each
def test_json_goes_out_and_comes_back_equal(pattern) -> None:
    text = json.dumps(pattern.to_dict(), allow_nan=False)
    again = as_recipe("pattern", json.loads(text), Pattern)
    assert again == pattern and hash(again) == hash(pattern)
    scenario = sps.Scenario(pattern=pattern, modalities=[{"name": "rna"}])
    assert sps.Scenario.from_json(scenario.to_json()) == scenario and scenario.factor_names == pattern.names
    assert sps.Scenario(pattern=json.loads(text), modalities=[{"name": "rna"}]) == scenario


def test_patterns_differ_by_their_content() -> None:
    patterns = [*EXAMPLES.values(), GaussianProcess(length_scale=1.5, names=["a", "b", "c"]), Potts(interaction=0.61)]
    assert len(set(patterns)) == len(patterns)


@each
def test_slices_carry_the_same_factors(pattern) -> None:
    flat = drawn(pattern)
    assert np.array_equal(drawn(pattern, Stack(layout=GRID, n_slices=3)), np.tile(flat, (3, 1)))


@each
@pytest.mark.parametrize("layout", [GRID, Hexagonal(n_rows=9, n_columns=7, spacing=1, spot_diameter=1)])
def test_a_tissue_in_the_place_of_a_lattice_carries_the_same_factors(pattern, layout) -> None:
    given = Coordinates(coordinates=layout.sites(SOURCE).coordinates + 70)
    assert np.allclose(drawn(pattern, given), drawn(pattern, layout), atol=1e-6)


@each
def test_lengths_are_in_coordinate_units(pattern) -> None:
    layout = Grid(n_rows=12, n_columns=9, spacing=55)
    assert np.allclose(drawn(scaled(pattern, 55), layout), drawn(pattern), atol=1e-6)
    assert scaled(pattern, 55) == pattern or not np.allclose(drawn(pattern, layout), drawn(pattern), atol=0.01)


@each
def test_the_order_of_spots_does_not_matter(pattern) -> None:
    coordinates = Uniform(n_spots=200, width=12, height=9).sites(SOURCE).coordinates
    order = np.random.default_rng(0).permutation(200)
    first, second = (
        drawn(pattern, Coordinates(coordinates=rows, spacing=1)) for rows in (coordinates, coordinates[order])
    )
    assert np.array_equal(first[order], second)


@each
def test_fewer_spots_of_one_box_are_the_first_of_more_but_for_potts(pattern) -> None:
    few, many = (drawn(pattern, Uniform(n_spots=n, width=12, height=9)) for n in (60, 200))
    assert np.array_equal(few, many[:60]) != isinstance(pattern, Potts)


@pytest.mark.parametrize(
    ("fewer", "more"),
    [
        (GaussianProcess(length_scale=2, n_factors=2), GaussianProcess(length_scale=2, n_factors=5)),
        (Blobs(radius=2, n_factors=1), Blobs(radius=2, n_factors=3)),
        (Gradient(angle=[10]), Gradient(angle=[10, 80])),
    ],
)
def test_fewer_factors_are_the_first_of_more(fewer, more) -> None:
    assert np.array_equal(drawn(fewer), drawn(more)[:, : fewer.n_factors])


@pytest.mark.parametrize(
    ("plain", "zero"),
    [
        (Layers(), Layers(border_width=0, wave_height=0, wave_length=3)),
        # On a grid of whole numbers no spot lies so near to a border.
        (Layers(angle=30), Layers(angle=30, border_width=1e-9)),
        (Blobs(radius=2), Blobs(radius=2, border_width=1e-9)),
    ],
)
def test_an_effect_of_zero_is_its_absence(plain, zero) -> None:
    assert plain != zero
    assert np.array_equal(drawn(plain), drawn(zero))


def test_names_are_made_up_from_the_kind() -> None:
    assert [pattern.names[0] for pattern in (Gradient(), Radial(), Layers(), EXAMPLES["Blobs"], EXAMPLES["Potts"])] == [
        "gradient_1", "radial_1", "layer_1", "blobs_1", "state_1",
    ]  # fmt: skip


def test_a_pattern_needs_factors() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Pattern()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Gradient(angle="up"), "angle must be a number of degrees or a list of them, got 'up'"),
        (lambda: Gradient(angle=[]), r"angle must be a number of degrees or a list of them, got \[\]"),
        (lambda: Gradient(angle=[0, math.nan]), "angle must be a finite number, got nan"),
        (lambda: Gradient(names=["a", "b"]), r"names must hold one name per factor \(1\), got 2"),
        (lambda: Radial(radius=0), "radius must be a finite number above 0, got 0"),
        (lambda: Radial(centre=0.5), "centre must be a pair of numbers, got 0.5"),
        (lambda: Radial(centre=(1, 2, 3)), "centre must be a pair of numbers, got 3"),
        (lambda: Radial(centre=(1, "left")), "centre must be a finite number, got 'left'"),
        (lambda: Layers(n_layers=0), "n_layers must be a whole number of at least 1, got 0"),
        (lambda: Layers(angle="down"), "angle must be a finite number, got 'down'"),
        (lambda: Layers(border_width=-1), "border_width must be a finite number of at least 0, got -1"),
        (lambda: Layers(wave_height=-1), "wave_height must be a finite number of at least 0, got -1"),
        (lambda: Layers(wave_height=1), "wave_length must be given with a wave_height above 0, got 1"),
        (lambda: Layers(wave_length=0), "wave_length must be a finite number above 0, got 0"),
        (lambda: GaussianProcess(length_scale=0), "length_scale must be a finite number above 0, got 0"),
        (lambda: GaussianProcess(length_scale=1, n_factors=0), "n_factors must be a whole number of at least 1, got 0"),
        (lambda: GaussianProcess(length_scale=1, smoothness=2), r"smoothness must be one of 0.5, 1.5, 2.5, inf, got 2"),
        (lambda: Blobs(radius=-1), "radius must be a finite number above 0, got -1"),
        (lambda: Blobs(radius=1, n_blobs=0), "n_blobs must be a whole number of at least 1, got 0"),
        (lambda: Blobs(radius=1, n_factors=1.5), "n_factors must be a whole number of at least 1, got 1.5"),
        (lambda: Blobs(radius=1, border_width=3), r"border_width must be at most twice the radius \(2\), got 3"),
        (lambda: Potts(interaction=-0.1), "interaction must be a finite number of at least 0, got -0.1"),
        (lambda: Potts(interaction=1, n_states=0), "n_states must be a whole number of at least 1, got 0"),
        (lambda: Potts(interaction=1, n_sweeps=0), "n_sweeps must be a whole number of at least 1, got 0"),
        (
            lambda: sps.Scenario(pattern={"name": "Pots"}, modalities=[{"name": "rna"}]),
            r"pattern name must be one of .* got 'Pots' \(did you mean 'Potts'",
        ),
        (
            lambda: sps.Scenario(pattern={"name": "Potts", "beta": 1}, modalities=[{"name": "rna"}]),
            "Potts has no parameter 'beta': write interaction=",
        ),
        (lambda: sps.Scenario(pattern=3, modalities=[{"name": "rna"}]), "a pattern of spsim.patterns or a 3-D array"),
    ],
)
def test_bad_patterns_are_refused_by_name(make, message) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        make()
