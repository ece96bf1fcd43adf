"""Sections with a lattice of their own: where the tissue lies under it, and that nothing else is undone."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from slice_worlds import RAMPS, made, rows, same
from spsim.designs import Crop, Drift, Recut, Reflection, Slices, Snap, Warp


def expected(table, name: str, layout: np.ndarray) -> dict[tuple[float, float], tuple[float, float]]:
    """Places on the glass → places in the tissue, spot by spot, for a 10 × 10 grid."""
    angle, x, y = (table.loc[name, column] for column in ("angle", "shift_x", "shift_y"))
    mirrored = bool(table.loc[name].get("reflected", 0.0))
    c, s = np.cos(np.pi * angle / 180), np.sin(np.pi * angle / 180)
    found = {}
    for u, v in layout:
        own = 9.0 - u if mirrored else u
        dx, dy = own - 4.5 - x, v - 4.5 - y
        a, b = c * dx + s * dy + 4.5, -s * dx + c * dy + 4.5
        if -0.5 <= a <= 9.5 and -0.5 <= b <= 9.5:
            found[(u, v)] = (a, b)
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("motions", [[Recut()], [Recut(), Reflection(probability=1)]])
def test_the_tissue_lies_turned_under_the_layout(motions, seed) -> None:
    mdata = made(*motions, turn=180, shift=3, n_slices=3, rng=seed)
    table = sps.get.table(mdata, "transforms")
    layout = mdata.obsm["spatial"][rows(mdata, "slice_1")]
    for name in ("slice_2", "slice_3"):
        own = rows(mdata, name)
        wanted = expected(table, name, layout)
        assert len(wanted) == len(own) < 100
        for place, true in zip(mdata.obsm["spatial"][own], mdata.obsm["spatial_true"][own], strict=True):
            assert true == pytest.approx(wanted[tuple(place)], abs=1e-9)
        # The opposite turn is another tissue.
        wrong = expected(table.assign(angle=-table["angle"]), name, layout)
        assert set(wrong) != set(wanted) or not np.allclose(list(wrong.values()), list(wanted.values()))


def test_spots_of_a_recut_slice_are_other_points_of_the_tissue() -> None:
    recut, carried = made(Recut(), turn=50), made(turn=50)
    assert np.array_equal(carried.obsm["spatial_true"][:100], carried.obsm["spatial_true"][100:])
    second = recut.obsm["spatial_true"][rows(recut, "slice_2")]
    assert not (second % 1 == 0).all(axis=1).any()
    assert (recut.obsm["spatial"] % 1 == 0).all()


@pytest.mark.parametrize("other", [Reflection(probability=1), Warp(sd=0.5), Drift(sd=0.8), Crop(share=0.3), Snap()])
def test_the_order_does_not_matter(other) -> None:
    moves = {"turn": 60, "shift": 1, "n_slices": 3}
    first, last, without = made(Recut(), other, **moves), made(other, Recut(), **moves), made(Recut(), **moves)
    same(first, last)
    if not isinstance(other, Snap):  # what lies on the lattice stays there
        with pytest.raises(AssertionError):
            same(first, without)


def test_mirrored_tissue_under_a_lattice_has_the_factors_of_its_places() -> None:
    mdata = made(Reflection(probability=1), Recut(), turn=70, shift=2, n_slices=4, pattern=RAMPS)
    assert np.allclose(mdata.obsm["spatial_factors"], (mdata.obsm["spatial_true"] + 0.5) / 10, atol=1e-6)
    assert not np.allclose(mdata.obsm["spatial_factors"], (mdata.obsm["spatial"] + 0.5) / 10, atol=1e-2)


def test_random_layouts_are_recut_too() -> None:
    layout = sps.patterns.Uniform(n_spots=80, width=10, height=10)
    mdata = made(Recut(), turn=60, layout=layout, pattern=RAMPS)
    assert ((mdata.obsm["spatial_true"] >= 0) & (mdata.obsm["spatial_true"] <= 10)).all()
    assert np.allclose(mdata.obsm["spatial_factors"], mdata.obsm["spatial_true"] / 10, atol=1e-6)


def test_a_layout_in_three_dimensions_is_recut_in_its_planes() -> None:
    layout = sps.patterns.Stack(layout=sps.patterns.Grid(n_rows=8), n_slices=2)
    mdata = made(Recut(), Warp(sd=0.2), Snap(), turn=60, layout=layout)
    assert np.array_equal(mdata.obsm["spatial"][:, 2], mdata.obsm["spatial_true"][:, 2])
    assert Slices(motions=[Recut()]).n_observations(layout.n_spots) == {"spot": 256}
