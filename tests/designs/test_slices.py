"""Slices: where they lie, what they lack, and that moving them changes no count."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim.designs import Slices

RNA = {"name": "rna", "n_mixed": 20}


def made(design=None, *, rng=4, **fields):
    return sps.simulate(sps.Scenario(**({"n_side": 12, "design": design, "modalities": [RNA]} | fields)), rng=rng)


def test_moved_slices_have_the_counts_of_unmoved_ones() -> None:
    still, moved = made(Slices(n_slices=3)), made(Slices(n_slices=3, turn=90, shift=5))
    assert np.array_equal(still["rna"].X, moved["rna"].X)
    assert np.array_equal(still.obsm["spatial"], still.obsm["spatial_true"])
    assert np.array_equal(still.obsm["spatial_true"], moved.obsm["spatial_true"])
    assert not np.array_equal(still.obsm["spatial"], moved.obsm["spatial"])


def test_the_table_says_how_each_slice_was_moved() -> None:
    mdata = made(Slices(n_slices=4, turn=180, shift=30))
    table = sps.get.table(mdata, "transforms")
    assert table.index.tolist() == ["slice_1", "slice_2", "slice_3", "slice_4"]
    assert table.loc["slice_1"].tolist() == [0, 0, 0]
    assert (table.iloc[1:] != 0).to_numpy().all() and table["angle"].abs().max() <= 180
    assert table[["shift_x", "shift_y"]].abs().to_numpy().max() <= 30
    middle = np.array([5.5, 5.5])
    for name, (angle, x, y) in table.iterrows():
        rows = (mdata.obs["slice"] == name).to_numpy()
        c, s = np.cos(np.pi * angle / 180), np.sin(np.pi * angle / 180)
        for true, measured in zip(mdata.obsm["spatial_true"][rows], mdata.obsm["spatial"][rows], strict=True):
            dx, dy = true - middle
            expected = [c * dx - s * dy + 5.5 + x, s * dx + c * dy + 5.5 + y]
            assert measured == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("knob", ["turn", "shift"])
def test_knobs_scale_what_they_name(knob) -> None:
    """Uniform on (-m, m): of 3 × 60 slices, mean of |x| / m has standard error 0.03 at least; 5 of them allowed."""
    columns = {"turn": ["angle"], "shift": ["shift_x", "shift_y"]}[knob]
    for largest in (2.0, 20.0):
        drawn = []
        for seed in range(3):
            table = sps.get.table(made(Slices(n_slices=60, **{knob: largest}), n_side=2, rng=seed), "transforms")
            drawn.append(table.loc["slice_2":, columns].to_numpy() / largest)
            others = [c for c in table if c not in columns]
            assert not table[others].to_numpy().any()
        values = np.concatenate(drawn).ravel()
        assert np.abs(values).max() <= 1 and abs(np.abs(values).mean() - 0.5) < 5 * 0.29 / np.sqrt(len(values))
        assert abs(values.mean()) < 5 * 0.58 / np.sqrt(len(values))


def test_a_missing_structure_is_missing_there_and_nowhere_else() -> None:
    whole, lacking = made(Slices()), made(Slices(missing={"slice_2": ["block_2", "block_3"]}))
    factors, less = sps.get.factors(whole), sps.get.factors(lacking)
    second = (lacking.obs["slice"] == "slice_2").to_numpy()
    assert not less.loc[second, ["block_2", "block_3"]].to_numpy().any()
    assert less.loc[second, ["block_1", "block_4"]].equals(factors.loc[second, ["block_1", "block_4"]])
    assert less[~second].equals(factors[~second]) and factors.loc[second, "block_2"].any()
    assert set(lacking.obs["domain"][second]) == {"background", "block_1", "block_4"}
    same = (less == factors).all(axis=1).to_numpy()
    assert np.array_equal(whole["rna"].X[same], lacking["rna"].X[same])


def test_slices_are_a_prefix_of_more_slices() -> None:
    few, many = made(Slices(n_slices=2, turn=40, shift=3)), made(Slices(n_slices=4, turn=40, shift=3))
    assert np.array_equal(few.obsm["spatial"], many.obsm["spatial"][:288])
    assert np.array_equal(few["rna"].X, many["rna"].X[:288])


def test_random_layouts_are_placed_anew_in_every_slice() -> None:
    mdata = made(Slices(), n_side=None, layout=sps.patterns.Uniform(n_spots=50))
    first, second = np.split(mdata.obsm["spatial_true"], 2)
    assert not np.intersect1d(first[:, 0], second[:, 0]).size
    alone = made(None, n_side=None, layout=sps.patterns.Uniform(n_spots=50))
    assert np.array_equal(first, alone.obsm["spatial"])


def test_one_slice_is_the_plain_data_set() -> None:
    one, plain = made(Slices(n_slices=1)), made(None)
    assert np.array_equal(one["rna"].X, plain["rna"].X)
    assert np.array_equal(one.obsm["spatial"], plain.obsm["spatial"])


def test_the_slice_is_known_and_the_frame_is_not() -> None:
    blind = sps.get.without_truth(made(Slices(turn=10)))
    for part in (blind, blind["rna"]):
        assert "slice" in part.obs and "spatial" in part.obsm and "spatial_true" not in part.obsm
    assert blind.obs["slice"].cat.categories.tolist() == ["slice_1", "slice_2"]


def test_a_users_own_tissue_goes_into_slices_and_replays() -> None:
    tissue = np.random.default_rng(0).random((40, 2)) * 30
    layout = sps.patterns.Coordinates(coordinates=tissue, spacing=3)
    mdata = made(Slices(turn=90), n_side=None, layout=layout)
    again = sps.datasets.replay(mdata)
    assert np.array_equal(again.obsm["spatial"], mdata.obsm["spatial"])
    assert np.array_equal(again["rna"].X, mdata["rna"].X)
    assert np.allclose(mdata.obsm["spatial_true"], np.tile(tissue, (2, 1)))


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"n_slices": 0}, ValueError, "n_slices must be a whole number of at least 1"),
        ({"n_slices": "2"}, TypeError, "n_slices must be a whole number"),
        ({"turn": -1}, ValueError, "turn must be a finite number of at least 0"),
        ({"shift": None}, TypeError, "shift must be a finite number"),
        ({"names": ["a"]}, ValueError, r"names must hold one name per slice \(2\), got 1"),
        ({"names": ["a", "a"]}, ValueError, "names must be unique"),
        ({"names": "ab"}, TypeError, "names must be a list of one name per slice"),
        ({"missing": ["block_1"]}, TypeError, "missing must be a mapping"),
        ({"missing": {"slice_3": []}}, ValueError, "slice in missing must be one of 'slice_1', 'slice_2'"),
        ({"missing": {"slice_2": "block_1"}}, TypeError, "missing of 'slice_2' must be a list"),
    ],
)
def test_bad_slices_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Slices(**fields)


def test_unknown_structures_and_ready_matrices_are_refused() -> None:
    with pytest.raises(ValueError, match="no spatial factor 'block_9'.*there are 'block_1', 'block_2'"):
        made(Slices(missing={"slice_2": ["block_9"]}))
    matrix = sps.patterns.FactorMatrix(factors=np.eye(4)[:, :2], coordinates=np.arange(8.0).reshape(4, 2))
    with pytest.raises(ValueError, match="one value per spot, so it goes with every spot once, not with Slices"):
        made(Slices(), n_side=None, pattern=matrix)
