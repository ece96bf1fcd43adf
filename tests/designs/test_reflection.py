"""Mirrored slices: how often, where their spots lie, and that no count changes."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from slice_worlds import made, rows
from spsim.designs import Reflection


def share_is(probability: float, drawn: float) -> bool:
    """3 × 59 slices: within five standard errors, which is a false alarm once in 10⁶."""
    values = []
    for seed in range(3):
        mdata = made(Reflection(probability=drawn), n_slices=60, n_side=2, rng=seed)
        values.append(sps.get.table(mdata, "transforms")["reflected"].to_numpy()[1:])
    mean = np.mean(values)
    return abs(mean - probability) <= 5 * np.sqrt(probability * (1 - probability) / 177)


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_slices_are_mirrored_as_often_as_said(probability) -> None:
    assert share_is(probability, probability)


def test_another_share_is_noticed() -> None:
    assert not share_is(0.3, 0.55) and not share_is(0.0, 0.1) and not share_is(1.0, 0.9)


def test_spots_lie_mirrored_at_the_vertical_through_the_middle() -> None:
    mdata = made(Reflection(probability=1), n_slices=3, turn=50, shift=3)
    plain = made(n_slices=3, turn=50, shift=3)
    assert np.array_equal(mdata["rna"].X, plain["rna"].X)
    assert np.array_equal(mdata.obsm["spatial_true"], plain.obsm["spatial_true"])
    for name, is_mirrored in (("slice_1", False), ("slice_2", True), ("slice_3", True)):
        for i in rows(mdata, name):
            x, y = plain.obsm["spatial"][i]
            expected = [9.0 - x, y] if is_mirrored else [x, y]
            assert mdata.obsm["spatial"][i] == pytest.approx(expected, abs=1e-12)


def test_a_mirrored_slice_is_no_turned_one() -> None:
    mdata = made(Reflection(probability=1), turn=50, shift=3)
    second = rows(mdata, "slice_2")
    true, measured = mdata.obsm["spatial_true"][second], mdata.obsm["spatial"][second]
    linear = np.linalg.lstsq(true - true.mean(axis=0), measured - measured.mean(axis=0), rcond=None)[0]
    assert np.linalg.det(linear) == pytest.approx(-1)
    unmirrored = made(turn=50, shift=3).obsm["spatial"][second]
    assert np.linalg.det(np.linalg.lstsq(true - 4.5, unmirrored - unmirrored.mean(axis=0), rcond=None)[0]) > 0
