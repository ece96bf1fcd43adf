"""Cropped slices: how many spots are gone, and that they lie on one side of a line."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from slice_worlds import made, rows
from spsim.designs import Crop


def is_separable(kept: np.ndarray, gone: np.ndarray) -> bool:
    """Whether a straight line lies between two sets of points."""
    rules = np.vstack([np.column_stack([kept, -np.ones(len(kept))]), np.column_stack([-gone, np.ones(len(gone))])])
    return linprog(np.zeros(3), A_ub=rules, b_ub=-np.ones(len(rules)), bounds=[(None, None)] * 3).status == 0


@pytest.mark.parametrize(("share", "n"), [(0.0, 100), (0.25, 75), (0.29, 71), (0.5, 50), (0.999, 1)])
def test_as_many_spots_are_gone_as_said(share, n) -> None:
    for seed in range(3):
        mdata = made(Crop(share=share), n_slices=3, rng=seed)
        assert [len(rows(mdata, f"slice_{s}")) for s in (1, 2, 3)] == [100, n, n]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_gone_lies_beyond_a_line(seed) -> None:
    mdata = made(Crop(share=0.3), n_slices=5, turn=90, shift=4, rng=seed)
    whole = made(n_slices=5, turn=90, shift=4, rng=seed)
    for s in (2, 3, 4, 5):
        kept = mdata.obsm["spatial_true"][rows(mdata, f"slice_{s}")]
        everything = whole.obsm["spatial_true"][rows(whole, f"slice_{s}")]
        gone = np.array([place for place in everything if not (kept == place).all(axis=1).any()])
        assert len(gone) == 30 and is_separable(kept, gone)
        assert not is_separable(everything[::2], everything[1::2])


def test_directions_are_random() -> None:
    """3 × 40 directions, uniform: the mean of their cosines and sines has standard error 0.065; five of them allowed."""
    directions = []
    for seed in range(3):
        mdata = made(Crop(share=0.4), n_slices=41, rng=seed)
        for s in range(2, 42):
            kept = mdata.obsm["spatial_true"][rows(mdata, f"slice_{s}")].mean(axis=0) - 4.5
            directions.append(kept / np.linalg.norm(kept))
    assert np.abs(np.mean(directions, axis=0)).max() < 5 * np.sqrt(0.5 / 120)
    one_sided = np.abs(np.mean(np.abs(directions), axis=0)).max()
    assert one_sided > 5 * np.sqrt(0.5 / 120)


def test_spots_that_stay_keep_factors_and_places() -> None:
    mdata, whole = made(Crop(share=0.3), turn=40), made(turn=40)
    kept, all_of_them = rows(mdata, "slice_2"), rows(whole, "slice_2")
    at = [
        all_of_them[np.flatnonzero((whole.obsm["spatial_true"][all_of_them] == place).all(axis=1))[0]]
        for place in mdata.obsm["spatial_true"][kept]
    ]
    assert at == sorted(at)
    for key in ("spatial", "spatial_factors"):
        assert np.array_equal(mdata.obsm[key][kept], whole.obsm[key][at])
    assert mdata.obs["domain"].iloc[kept].tolist() == whole.obs["domain"].iloc[at].tolist()
