"""Slices on top of each other."""

from __future__ import annotations

import numpy as np

from spsim._random import seed_sequence, stream
from spsim.patterns import Grid, Jittered, Stack, quilt

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
