"""Spots of different size: factors are averages over discs, and means grow with the area."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from slice_worlds import RAMPS, RNA, made, rows, same
from spsim.designs import Slices

BUMPS = sps.patterns.Radial(centre=(0.4, 0.5), radius=5)


def brute_force(places: np.ndarray, diameter: float, side: int) -> np.ndarray:
    """Average of BUMPS over the disc of each spot, by 40,000 points spread evenly over it."""
    n = 40_000
    radius = 0.5 * diameter * np.sqrt((np.arange(n) + 0.5) / n)
    turn = np.arange(n) * np.pi * (3 - np.sqrt(5))
    disc = radius[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])
    centre = np.array([0.4, 0.5]) * side - 0.5
    values = []
    for place in places:
        distance = np.linalg.norm(place + disc - centre, axis=1)
        values.append([np.clip(1 - distance / 5, 0, None).mean()])
    return np.array(values)


@pytest.mark.parametrize("diameter", [0.5, 2.0, 3.0])
def test_factors_are_averages_over_discs(diameter) -> None:
    """19 points against 40,000: a cone is off by at most a fiftieth of what a disc spans."""
    mdata = made(diameters={"slice_2": diameter}, n_side=16, pattern=BUMPS)
    inner = [i for i in rows(mdata, "slice_2") if (np.abs(mdata.obsm["spatial"][i] - 7.5) < 5).all()]
    wanted = brute_force(mdata.obsm["spatial"][inner], diameter, 16)
    off = np.abs(mdata.obsm["spatial_factors"][inner] - wanted).max()
    assert off < diameter / 5 / 50
    # Neither the value at the centre nor a disc of another size.
    points = made(n_side=16, pattern=BUMPS).obsm["spatial_factors"][inner]
    assert np.abs(points - wanted).max() > 2 * off
    assert np.abs(brute_force(mdata.obsm["spatial"][inner], 1.5 * diameter, 16) - wanted).max() > 2 * off


def test_averages_of_ramps_are_the_values_at_the_centre() -> None:
    discs, points = made(diameters={"slice_2": 1.0}, pattern=RAMPS), made(pattern=RAMPS)
    assert np.allclose(discs.obsm["spatial_factors"], points.obsm["spatial_factors"], atol=1e-6)


def test_every_spot_is_a_disc_once_some_are() -> None:
    """Slices that are left out have discs as wide as the spacing."""
    same(made(diameters={"slice_2": 2.0}), made(diameters={"slice_1": 1.0, "slice_2": 2.0}))
    assert not np.array_equal(
        made(diameters={"slice_2": 2.0}).obsm["spatial_factors"][:100], made().obsm["spatial_factors"][:100]
    )


@pytest.mark.parametrize("spacing", [1.0, 100.0])
def test_means_grow_with_the_area(spacing) -> None:
    layout = sps.patterns.Grid(n_rows=8, spacing=spacing)
    mdata = made(diameters={"slice_1": 0.5 * spacing, "slice_2": 2.0 * spacing}, layout=layout)
    area = mdata["rna"].obs["area"].to_numpy()
    assert area.tolist() == [0.25] * 64 + [4.0] * 64
    mean = sps.get.mean(mdata["rna"]).to_numpy()
    plain = 0.2 + mdata["rna"].obsm["spatial_factors"].astype(float) @ mdata["rna"].varm["spatial_loadings"].T
    plain += mdata["rna"].obsm["nonspatial_factors"].astype(float) @ mdata["rna"].varm["nonspatial_loadings"].T
    assert np.allclose(mean, area[:, None] * plain, rtol=1e-5)
    assert not np.allclose(mean, np.sqrt(area)[:, None] * plain, rtol=1e-2)


def test_counts_grow_with_the_area() -> None:
    """Spots of a null world with 3 × 100 × 50 counts of mean 2: five standard errors are 8 % of a ratio of 4."""
    null = {"name": "rna", "n_mixed": 50, "expression_mean": 0, "background_mean": 2.0}
    ratios = []
    for seed in range(3):
        mdata = made(diameters={"slice_2": 2.0}, modalities=[null], rng=seed)
        sums = [mdata["rna"].X[rows(mdata, name)].sum() for name in ("slice_1", "slice_2")]
        ratios.append(sums[1] / sums[0])
    assert np.mean(ratios) == pytest.approx(4, rel=0.08) and np.mean(ratios) != pytest.approx(2, rel=0.3)


def test_depth_that_is_the_total_leaves_no_area() -> None:
    depth = sps.factors.Depth(median=100, sd=0.0, composition=True)
    mdata = made(diameters={"slice_2": 3.0}, modalities=[RNA | {"library_size": depth}])
    assert np.allclose(sps.get.mean(mdata["rna"]).sum(axis=1), 100 * mdata["rna"].obs["area"], rtol=1e-4)


def test_areas_are_true_and_not_known() -> None:
    mdata = made(diameters={"slice_2": 2.0})
    assert "area" not in sps.get.without_truth(mdata)["rna"].obs
    part = mdata[mdata.obs_names[::3]].copy()
    again = sps.datasets.resample(part, rng=4)
    assert np.array_equal(again["rna"].X, mdata["rna"][part.obs_names].X)


def test_diameters_go_through_json_and_replay() -> None:
    design = Slices(diameters={"slice_2": 2})
    assert Slices(**{k: v for k, v in design.to_dict().items() if k != "name"}) == design
    same(made(design=design), sps.datasets.replay(made(design=design)))


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ([2.0], TypeError, "diameters must be a mapping"),
        ({"slice_9": 1}, ValueError, "slice in diameters must be one of"),
        ({"slice_1": 0}, ValueError, "diameter of 'slice_1' must be a finite number above 0"),
        ({"slice_1": "1"}, TypeError, "diameter of 'slice_1'"),
    ],
)
def test_bad_diameters_are_refused_by_name(value, error, message) -> None:
    with pytest.raises(error, match=message):
        Slices(diameters=value)
