"""Slices of different age: which structures are there, how large they are and where."""

from __future__ import annotations

import math

import numpy as np
import pytest

import spsim as sps
from slice_worlds import RAMPS, made, rows, same
from spsim.designs import Drift, Slices, Stages


def test_structures_appear_at_their_age() -> None:
    """F times σ((τ − τ_k) / width), slice by slice, and the others are as they were."""
    stages = Stages(appear={"block_2": 0.25, "block_4": 0.8}, width=0.15)
    mdata, plain = made(stages=stages, n_slices=5), made(n_slices=5)
    assert sps.get.table(mdata, "transforms")["stage"].tolist() == [0, 0.25, 0.5, 0.75, 1]
    factors, before = sps.get.factors(mdata), sps.get.factors(plain)
    for s in range(5):
        own = rows(mdata, f"slice_{s + 1}")
        for name, age in (("block_2", 0.25), ("block_4", 0.8)):
            level = 1 / (1 + math.exp(-(s / 4 - age) / 0.15))
            assert np.allclose(factors[name].iloc[own], level * before[name].iloc[own], atol=1e-6)
            assert not np.allclose(factors[name].iloc[own], (1.05 * level + 0.02) * before[name].iloc[own], atol=1e-6)
    assert factors[["block_1", "block_3"]].equals(before[["block_1", "block_3"]])


def test_a_narrow_width_is_a_switch() -> None:
    factors = sps.get.factors(made(stages=Stages(appear={"block_2": 0.6}, width=1e-3), n_slices=3))
    largest = factors["block_2"].to_numpy().reshape(3, 100).max(axis=1)
    assert largest[0] == 0 and largest[1] < 1e-30 and largest[2] == 1


@pytest.mark.parametrize("growth", [0.5, 2.0])
def test_structures_grow(growth) -> None:
    """Of a slice of age τ a ramp rises (1 + growth · τ) times more slowly about the middle."""
    mdata = made(stages=Stages(growth=growth), n_slices=3, pattern=RAMPS)
    ramp = mdata.obsm["spatial_factors"][:, 0].reshape(3, 10, 10)[:, 0]
    slopes = np.diff(ramp, axis=1).mean(axis=1) * 10
    assert slopes == pytest.approx([1, 1 / (1 + growth / 2), 1 / (1 + growth)], abs=1e-5)
    assert slopes != pytest.approx([1, 1 - growth / 2, 1 - growth], abs=1e-2)
    assert ramp.mean(axis=1) == pytest.approx([0.5] * 3, abs=1e-5)


def test_structures_grow_in_area() -> None:
    """A disc of radius 5 becomes one of radius 10, of four times as many spots."""
    disc = sps.patterns.Radial(radius=10)
    mdata = made(stages=Stages(growth=1.0), n_side=40, pattern=disc)
    on = (mdata.obs["domain"] != "background").to_numpy().reshape(2, -1).sum(axis=1)
    assert on[1] / on[0] == pytest.approx(4, rel=0.1)


def test_structures_shift() -> None:
    mdata, plain = made(stages=Stages(shift=(3, -2)), n_slices=2), made(n_slices=2)
    now, before = (m.obsm["spatial_factors"].reshape(2, 10, 10, 4) for m in (mdata, plain))
    assert np.array_equal(now[0], before[0])
    assert np.array_equal(now[1][:8, 3:], before[1][2:, :7])
    assert not np.array_equal(now[1][2:, 3:], before[1][:8, :7])
    for key in ("spatial", "spatial_true"):
        assert np.array_equal(mdata.obsm[key], plain.obsm[key])


@pytest.mark.parametrize("layout", [sps.patterns.Grid(n_rows=9), sps.patterns.Uniform(n_spots=90)])
def test_stages_without_effect_are_no_stages(layout) -> None:
    for seed in range(3):
        same(made(stages=Stages(), layout=layout, rng=seed), made(layout=layout, rng=seed))
    with pytest.raises(AssertionError):
        same(made(stages=Stages(growth=0.1), layout=layout), made(layout=layout))


def test_age_acts_beside_drift_and_missing_structures() -> None:
    mdata = made(
        Drift(sd=1), stages=Stages(appear={"block_1": 0.5}), missing={"slice_3": ["block_3"]}, n_slices=3, turn=20
    )
    factors = sps.get.factors(mdata)
    assert not factors["block_3"].iloc[200:].any() and factors["block_3"].iloc[:200].any()
    assert factors["block_1"].iloc[200:].max() == pytest.approx(1 / (1 + math.exp(-5)), abs=1e-6)


def test_stages_go_through_json_and_replay() -> None:
    design = Slices(n_slices=3, stages=Stages(appear={"block_1": 0.5}, growth=0.4, shift=[1, 0]))
    assert Slices(**{k: v for k, v in design.to_dict().items() if k != "name"}) == design
    mdata = made(design=design)
    assert sps.Scenario.from_mdata(mdata).design == design
    same(mdata, sps.datasets.replay(mdata))


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"appear": ["block_1"]}, TypeError, "appear must be a mapping"),
        ({"appear": {"block_1": "late"}}, TypeError, "age of 'block_1' in appear"),
        ({"width": 0}, ValueError, "width must be a finite number above 0"),
        ({"growth": -1}, ValueError, "growth must be a finite number of at least 0"),
        ({"shift": 2}, TypeError, "shift must be a list of two numbers"),
        ({"shift": [1, 2, 3]}, TypeError, "shift must be a list of two numbers"),
        ({"shift": [1, "2"]}, TypeError, "shift must be a finite number"),
    ],
)
def test_bad_stages_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Stages(**fields)


def test_structures_must_exist() -> None:
    with pytest.raises(ValueError, match="no spatial factor 'block_9'"):
        made(stages=Stages(appear={"block_9": 0.5}))
