"""Shares of cell types on objects: which truth, columns by name, spots without cells, what knows nothing, and evaluate."""

from __future__ import annotations

import mudata
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from spsim import metrics, tl
from spsim.metrics._sampling import generator
from spsim.slots import without_pulling
from worlds import record_entries, scenario

TYPES = ["B cell", "T cell", "stroma"]
N = 100


@pytest.fixture(scope="module")
def made():
    """A modality whose spots hold cells, three of them none; stroma holds four times as much RNA."""
    mdata = sps.simulate(scenario(modalities=[{"name": "visium", "n_mixed": 24}, {"name": "rna", "n_mixed": 4}]), rng=2)
    rng = np.random.default_rng(0)
    numbers = rng.multinomial(9, [0.5, 0.3, 0.2], N)
    numbers[[3, 50, 99]] = 0
    visium = mdata["visium"]
    with without_pulling():
        visium.obsm["cell_type_numbers"] = numbers
        visium.obsm["cell_type_factors"] = (numbers * rng.gamma(4, 1, (N, 3)) * [1, 1, 4]).astype(np.float32)
        visium.obsm["P"] = 0.6 * numbers + rng.dirichlet(np.ones(3), N)
    about = {"slot": "obsm", "known": False, "columns": TYPES}
    factors = {"key": "cell_type_factors", "block": "cell_type"}
    record_entries(
        visium, about | factors, about | {"key": "cell_type_numbers", "parts": "cell_type", "role": "numbers"}
    )
    return mdata


@pytest.fixture
def mdata(made):
    with without_pulling():
        return made.copy()


def test_shares_of_cells_and_of_molecules(mdata) -> None:
    cells = sps.get.proportions(mdata)
    assert list(cells.columns) == TYPES and cells.index.equals(mdata["visium"].obs_names)
    assert cells.isna().any(axis=1).sum() == 3
    np.testing.assert_allclose(cells.sum(axis=1), np.where(cells.isna().any(axis=1), 0, 1))
    numbers = mdata["visium"].obsm["cell_type_numbers"]
    np.testing.assert_allclose(cells.to_numpy()[0], numbers[0] / numbers[0].sum())
    molecules = sps.get.proportions(mdata["visium"], of="molecules")
    assert molecules["stroma"].mean() > cells["stroma"].mean() + 0.1
    with pytest.raises(ValueError, match="of must be one of 'cells', 'molecules', got 'cell'"):
        sps.get.proportions(mdata, of="cell")
    with pytest.raises(KeyError, match="obsm has no true numbers of cells of mixtures"):
        sps.get.proportions(mdata["rna"])


@pytest.mark.parametrize("of", ["cells", "molecules"])
def test_the_numbers_are_those_of_the_metrics(mdata, of) -> None:
    table = tl.proportion_recovery(mdata, "visium:P", of=of, n_chance=3)
    true = sps.get.proportions(mdata, of=of).to_numpy()
    held = ~np.isnan(true).any(axis=1)
    result = metrics.proportion_recovery(mdata["visium"].obsm["P"][held], true[held])
    assert table["score"].to_dict() == pytest.approx(result.overall)
    assert table.index[0] == "rmse" and (table["n"] == 97).all()
    mean = metrics.proportion_recovery(np.tile(true[held].mean(axis=0), (97, 1)), true[held])
    assert table["chance"].to_dict() == pytest.approx(mean.overall) and set(table["null"]) == {"mean_composition"}
    best = {"rmse": 0, "jensen_shannon": 0, "jensen_shannon_divergence": 0, "r2": 1, "pearson": 1, "aupr": 1}
    assert table["ceiling"].to_dict() == pytest.approx(best)
    types, spots = (mdata.uns[f"visium:P_proportion_recovery_{name}"] for name in ("types", "spots"))
    assert list(types.index) == TYPES and types["is_estimated"].all() and not types["is_constant"].any()
    assert spots.index.equals(mdata["visium"].obs_names[held])
    np.testing.assert_allclose(spots["rmse"], result.per_spot["rmse"])


def test_random_shares_are_as_many_and_of_the_seed_that_is_given(mdata) -> None:
    """By a plain loop over three draws; presence from a third on is that of the score, of the mean and of the draws."""
    true = sps.get.proportions(mdata).dropna().to_numpy()
    table = tl.proportion_recovery(mdata, "visium:P", n_chance=3, rng=5, presence=1 / 3)
    random = generator(5)
    drawn = [
        metrics.proportion_recovery(random.dirichlet(np.ones(3), 97), true, presence=1 / 3).overall for _ in range(3)
    ]
    assert table["dirichlet"].to_dict() == pytest.approx(pd.DataFrame(drawn).mean().to_dict())
    held = sps.get.proportions(mdata).notna().all(axis=1).to_numpy()
    found = metrics.proportion_recovery(mdata["visium"].obsm["P"][held], true, presence=1 / 3)
    assert table["score"].to_dict() == pytest.approx(found.overall)
    mean = metrics.proportion_recovery(np.tile(true.mean(axis=0), (97, 1)), true, presence=1 / 3)
    assert table.loc["aupr", "chance"] == pytest.approx(mean.overall["aupr"])
    every = tl.proportion_recovery(mdata, "visium:P", n_chance=3, rng=5)
    assert (
        table.loc["aupr", ["score", "chance", "dirichlet"]] < every.loc["aupr", ["score", "chance", "dirichlet"]]
    ).all()


def test_perfect_and_random_estimates_score_at_ceiling_and_chance(mdata) -> None:
    visium = mdata["visium"]
    true = sps.get.proportions(mdata)
    visium.obsm["perfect"] = true.fillna(0).to_numpy()
    perfect = tl.proportion_recovery(mdata, "visium:perfect")
    np.testing.assert_allclose(perfect["score"], perfect["ceiling"], atol=1e-9)
    visium.obsm["mean"] = np.tile(true.mean(), (N, 1))
    mean = tl.proportion_recovery(mdata, "visium:mean")
    np.testing.assert_allclose(mean["score"], mean["chance"], atol=1e-12)
    drawn = []
    for seed in range(30):
        visium.obsm["random"] = np.random.default_rng(seed).dirichlet(np.ones(3), N)
        drawn.append(tl.proportion_recovery(mdata, "visium:random", n_chance=0, copy=True)["score"])
    scores = pd.concat(drawn, axis=1)
    expected = tl.proportion_recovery(mdata, "visium:random", n_chance=200, copy=True)["dirichlet"]
    assert (abs(scores.mean(axis=1) - expected) < 5 * scores.std(axis=1) / np.sqrt(30)).all()
    # What a method must beat is harder than what papers print.
    assert expected["rmse"] > mean.loc["rmse", "chance"] + 0.1


def test_columns_are_aligned_by_name(mdata) -> None:
    visium = mdata["visium"]
    plain = tl.proportion_recovery(mdata, "visium:P", copy=True)
    named = pd.DataFrame(visium.obsm["P"], index=visium.obs_names, columns=TYPES)
    visium.obsm["Q"] = named[["stroma", "B cell", "T cell"]]
    assert_frame_equal(tl.proportion_recovery(mdata, "visium:Q", copy=True), plain)
    visium.obsm["few"] = named[["stroma", "B cell"]]
    visium.obsm["zero"] = named.assign(**{"T cell": 0.0}).to_numpy()
    few = tl.proportion_recovery(mdata, "visium:few")
    assert_frame_equal(few, tl.proportion_recovery(mdata, "visium:zero", copy=True))
    assert mdata.uns["visium:few_proportion_recovery_types"]["is_estimated"].tolist() == [True, False, True]
    visium.obsm["typo"] = named.rename(columns={"T cell": "T_cell"})
    with pytest.raises(ValueError, match="must be types, 'B cell', 'T cell', 'stroma', got 'T_cell'"):
        tl.proportion_recovery(mdata, "visium:typo")
    visium.obsm["wide"] = np.ones((N, 4))
    with pytest.raises(ValueError, match=r"must have one column for each of 'B cell', .*got shape \(100, 4\)"):
        tl.proportion_recovery(mdata, "visium:wide")


def test_shuffled_rows_of_a_copy_without_truth_give_the_same(mdata, tmp_path) -> None:
    expected = tl.proportion_recovery(mdata, "visium:P", copy=True)
    order = np.random.default_rng(3).permutation(N)
    with without_pulling():
        blind = sps.get.without_truth(mdata)[order].copy()
    assert set(blind["visium"].obsm) == {"spatial", "P"}
    assert_frame_equal(tl.proportion_recovery(blind, "visium:P", truth=mdata), expected)
    tl.proportion_recovery(mdata, "visium:P")
    with without_pulling():
        mdata.write(tmp_path / "m.h5mu")
        again = mudata.read(tmp_path / "m.h5mu").uns["visium:P_proportion_recovery"]
    assert_frame_equal(again, expected, check_names=False, check_index_type=False, check_dtype=False)


def test_evaluate_knows_shares_from_embeddings(mdata) -> None:
    visium = mdata["visium"]
    visium.obsm["shares"] = metrics._proportion_recovery.shares(visium.obsm["P"])
    visium.obsm["embedding"] = np.random.default_rng(0).normal(size=(N, 3))
    table = tl.evaluate(mdata, ["visium:shares", "visium:embedding"], n_chance=2)
    found = table[table["score"].str.startswith("proportion")]
    assert set(found["key"]) == {"visium:shares"} and set(found["target"]) == {"cell_types"}
    expected = tl.proportion_recovery(mdata, "visium:shares", copy=True)
    np.testing.assert_allclose(found["value"], expected["score"])
    np.testing.assert_allclose(found["chance"], expected["chance"])
    assert found["direction"].tolist() == ["lower"] * 3 + ["higher"] * 3
