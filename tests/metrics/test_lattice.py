"""Lattices with holes, hexagonal ones too: what a shift around their borders shows at each spot."""

from __future__ import annotations

import numpy as np
import pytest

from spsim.metrics import factor_chance, label_shift_null, null_of, toroidal_shift_null
from spsim.metrics._lattice import Lattice

GRID = np.indices((12, 15)).reshape(2, -1).T.astype(float)
HEXAGONAL = np.column_stack([GRID[:, 1] + GRID[:, 0] % 2 / 2, GRID[:, 0] * np.sqrt(3) / 2])
ROWS = np.random.default_rng(96).permutation(180)
CUBE = np.indices((4, 5, 3)).reshape(3, -1).T.astype(float)
GRID.flags.writeable = HEXAGONAL.flags.writeable = False


@pytest.mark.parametrize(
    "points",
    [
        GRID,
        GRID[ROWS] * [2, 55] - 3,
        (GRID * 0.1).astype(np.float32).astype(float),
        HEXAGONAL,
        HEXAGONAL[:, ::-1] * 100 + 7,
        HEXAGONAL[ROWS].astype(np.float32).astype(float),
        CUBE,
        np.concatenate([np.column_stack([HEXAGONAL, np.full(180, z)]) for z in (0.0, 10.0)]),
    ],
)
def test_lattices_are_recognised(points) -> None:
    lattice = Lattice.of(points)
    assert lattice is not None and lattice.is_filled
    assert len(lattice.offset) == len(points)


@pytest.mark.parametrize(
    "points",
    [
        np.random.default_rng(97).random((50, 2)),
        np.random.default_rng(97).integers(0, 10**6, (300, 2)).astype(float),
        np.concatenate([GRID[1:], GRID[:1] + [0, 1]]),  # two spots at one site
        GRID[np.random.default_rng(1).random(180) < 0.6],
        np.column_stack([np.arange(20.0), np.arange(20.0)]),
    ],
)
def test_others_are_not(points) -> None:
    assert Lattice.of(points) is None


@pytest.mark.parametrize("share", [0.005, 0.1, 0.2])
@pytest.mark.parametrize("points", [GRID, HEXAGONAL])
def test_a_shift_with_holes_is_the_shift_of_the_filled_map_at_the_spots_that_see_no_hole(points, share) -> None:
    """Plain loops: a spot sees the site that the offset leads to, where opposite borders are joined."""
    rng = np.random.default_rng(2)
    kept = np.sort(rng.permutation(180)[: round(180 * (1 - share))])
    column = rng.normal(size=180)
    lattice = Lattice.of(points[kept])
    assert lattice is not None and len(lattice.offset) == 180
    steps = np.rint(points[kept] / ([1, 1] if points is GRID else [0.5, np.sqrt(3) / 2])).astype(int)
    period = np.array([12, 15] if points is GRID else [30, 12])
    column_at = {tuple(step): value for step, value in zip(steps.tolist(), column[kept], strict=True)}
    for _ in range(5):
        seed = int(rng.integers(1000))
        drawn = lattice.shift_labels(column[kept], np.random.default_rng(seed))
        offset = lattice.offset[np.random.default_rng(seed).integers(1, 180)]
        n_seen = 0
        for step, value in zip(steps, drawn, strict=True):
            seen = tuple(((step + offset) % period).tolist())
            if seen in column_at:
                assert value == column_at[seen]
                n_seen += 1
        assert n_seen >= 180 * (1 - 2 * share) - 1
        exact = lattice.shift(column[kept], np.random.default_rng(seed))
        np.testing.assert_array_equal(np.sort(exact), np.sort(column[kept]))


@pytest.mark.parametrize("points", [GRID, HEXAGONAL])
def test_yes_or_no_columns_change_at_no_more_spots_than_holes_make_necessary(points) -> None:
    kept = np.delete(np.arange(180), [17, 18, 100])
    column = (points[kept, 1] < points[:, 1].mean()).astype(float)
    lattice = Lattice.of(points[kept])
    for seed in range(20):
        seen = lattice.shift_labels(column, np.random.default_rng(seed))
        exact = lattice.shift(column, np.random.default_rng(seed))
        assert exact.sum() == column.sum()
        assert np.count_nonzero(exact != seen) == abs(seen.sum() - column.sum()) <= 3


def test_one_missing_spot_hardly_moves_chance() -> None:
    grid = np.indices((36, 36)).reshape(2, -1).T.astype(float)
    blocks = np.column_stack([(grid // 18 @ [1, 2]) == k for k in range(3)]).astype(float)
    whole = factor_chance(blocks, blocks, grid, n_draws=100)
    without = factor_chance(blocks[1:], blocks[1:], grid[1:], n_draws=100)
    np.testing.assert_allclose(without.p95, whole.p95, atol=0.02)
    np.testing.assert_allclose(without.mean, whole.mean, atol=0.02)


def test_a_disc_of_a_lattice_is_one_and_half_a_lattice_is_not() -> None:
    grid = np.indices((30, 30)).reshape(2, -1).T.astype(float)
    disc = np.hypot(*(grid - 14.5).T) < 15
    assert null_of(grid[disc]) == "toroidal_shift"
    assert null_of(grid[grid.sum(axis=1) < 30]) == "matched_variogram"


@pytest.mark.parametrize("points", [GRID[5:], HEXAGONAL[5:]])
def test_shifts_do_not_depend_on_the_order_of_rows(points) -> None:
    rows = np.random.default_rng(5).permutation(len(points))
    values = np.column_stack([np.random.default_rng(6).normal(size=len(points)), np.arange(len(points)) % 2])
    plain = next(toroidal_shift_null(values, points))
    np.testing.assert_array_equal(next(toroidal_shift_null(values[rows], points[rows])), plain[rows])
    labels = np.arange(len(points)) % 5
    plain = next(label_shift_null(labels, points))
    again = next(label_shift_null(labels[rows], points[rows]))
    np.testing.assert_array_equal(list(dict.fromkeys(labels[rows])) @ np.eye(5, dtype=int)[again].T, plain[rows])
