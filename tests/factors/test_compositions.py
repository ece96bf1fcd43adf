"""Compositions of regions: synthspot's rules in their exact numbers, given ones, and types that a set lacks."""

from __future__ import annotations

import json

import numpy as np
import pytest

import spsim as sps
from spsim._random import seed_sequence, stream
from spsim._recipe import as_recipe
from spsim.factors import CellTypes, FactorRecipe
from spsim.factors._compositions import COMPOSITIONS, named_composition
from worlds import pooled

SEEDS = range(12)
R, K = 5, 14


def weights(name: str, seed: int, n_regions: int = R, n_types: int = K) -> np.ndarray:
    return named_composition(name, n_regions, n_types, stream(seed_sequence(seed), "factors:cell_type"))


def ratios(row: np.ndarray, unit: float) -> np.ndarray:
    """The weights above 0 of a region, if the smallest is `unit`."""
    held = row[row > 0]
    return np.sort(held / held.min() * unit)


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_rows_are_shares_and_every_type_is_somewhere_but_unused_overlaps(name) -> None:
    for seed in SEEDS:
        shares = weights(name, seed)
        assert shares.shape == (R, K) and np.allclose(shares.sum(axis=1), 1) and (shares >= 0).all()
        n_unused = (shares.sum(axis=0) == 0).sum()
        assert n_unused <= (3 if "overlap" in name or "dominant" in name or "rare" in name else 0)
    assert not np.array_equal(weights(name, 0), weights(name, 1))


@pytest.mark.parametrize("kind", ["uniform", "diverse"])
def test_distinct_regions_share_no_type(kind) -> None:
    for seed in SEEDS:
        has = weights(f"{kind}_distinct", seed) > 0
        assert (has.sum(axis=0) == 1).all() and set(has.sum(axis=1)) == {2, 3}
        overlap = weights(f"{kind}_overlap", seed) > 0
        assert (overlap.sum(axis=0) <= 1).sum() >= K - 4 and overlap.sum() == K - 4 + R


def test_uniform_weights_are_equal_and_diverse_ones_are_different_whole_numbers_up_to_ten() -> None:
    seen = set()
    for seed in SEEDS:
        for name in ("uniform_distinct", "uniform_overlap"):
            assert all(np.allclose(ratios(row, 1), 1) for row in weights(name, seed))
        for row in [*weights("diverse_distinct", seed), *weights("diverse_overlap", seed)]:
            held = row[row > 0]
            whole = [
                unit
                for unit in range(1, 11)
                if np.allclose(held / held.min() * unit, np.round(held / held.min() * unit))
            ]
            assert whole and len(set(held.round(12))) == len(held)
            assert any((held / held.min() * unit).max() <= 10 + 1e-9 for unit in whole)
            seen |= {round(float(value), 6) for value in held / held.max()}
    assert len(seen) > 20


def test_a_dominant_type_weighs_75_to_100_against_1_to_10() -> None:
    for seed in SEEDS:
        shares = weights("dominant", seed)
        (main,) = np.flatnonzero((shares > 0).all(axis=0) & (shares == shares.max(axis=1, keepdims=True)).all(axis=0))
        others = np.delete(shares, main, axis=1)
        ratio = shares[:, main] / others.max(axis=1)
        assert (ratio >= 7.5 - 1e-9).all() and (ratio <= 100 + 1e-9).all()
        partly = weights("partially_dominant", seed)
        assert (partly[:, main] == 0).sum() == 1
        dominates = partly[:, main] / np.delete(partly, main, axis=1).max(axis=1)
        assert (dominates >= 7.5 - 1e-9).sum() == R - 2 and ((dominates > 0) & (dominates < 7.5 - 1e-9)).sum() == 1


def test_a_rare_type_weighs_10_against_75_to_125_everywhere_or_in_one_region() -> None:
    for seed in SEEDS:
        shares = weights("dominant_rare", seed)
        (rare,) = np.flatnonzero((shares > 0).all(axis=0) & (shares.max(axis=0) < 0.1))
        others = np.delete(shares, rare, axis=1)
        ratio = others / shares[:, [rare]] * 10
        assert np.allclose(ratio, ratio.round()) and (ratio[ratio > 0] >= 75 - 1e-9).all() and ratio.max() <= 125 + 1e-9
        regional = weights("regional_rare", seed)
        assert (regional[:, rare] > 0).sum() == 1
        (region,) = np.flatnonzero(regional[:, rare])
        assert np.allclose(regional[region], shares[region])


@pytest.mark.parametrize(
    ("name", "n_types", "least"), [("uniform_distinct", 4, 5), ("diverse_overlap", 3, 4), ("dominant", 4, 5)]
)
def test_too_few_types_are_refused(name, n_types, least) -> None:
    with pytest.raises(
        ValueError, match=f"composition {name!r} needs at least {least} types in 5 regions, got n_types={n_types}"
    ):
        weights(name, 0, n_types=n_types)


def made(types: CellTypes, n_cells: int = 3000):
    scenario = pooled(n_cells=n_cells)
    fields = {**scenario.model_dump(mode="json"), "factors": {"cell_type": types}}
    return sps.simulate(sps.Scenario(**fields), rng=1)


MATRIX = [[1, 0, 0], [0, 2, 2], [3, 1, 0], [1, 1, 2], [0, 0, 1]]


@pytest.mark.parametrize("given", [MATRIX, np.array(MATRIX, float)])
def test_given_rows_are_divided_by_their_sums_and_cells_follow_them(given) -> None:
    mdata = made(CellTypes(by="domain", composition=given, known=["reference"]))
    table = sps.get.table(mdata, "cell_type_composition")
    expected = np.array(MATRIX) / np.sum(MATRIX, axis=1, keepdims=True)
    assert np.allclose(table, expected) and list(table.index)[0] == "background"
    for name in ("cells", "reference"):
        found = mdata[name].obs.groupby("domain", observed=False)["cell_type"].value_counts(normalize=True).unstack()
        assert (found.loc[table.index, table.columns].to_numpy()[expected == 0] == 0).all()
    share = (mdata["cells"].obs.query("domain == 'block_2'")["cell_type"] == "type_1").mean()
    n = (mdata["cells"].obs["domain"] == "block_2").sum()
    assert abs(share - 0.75) < 5 * np.sqrt(0.75 * 0.25 / n)


def test_rows_go_by_the_names_of_regions_too() -> None:
    names = ["background", "block_1", "block_2", "block_3", "block_4"]
    rows = dict(zip(names[::-1], MATRIX[::-1], strict=True))
    named, plain = (made(CellTypes(by="domain", composition=own), 300) for own in (rows, MATRIX))
    assert np.array_equal(named["visium"].X, plain["visium"].X)
    with pytest.raises(
        ValueError, match="a region, which composition must have must be one of 'block_4', got 'background'"
    ):
        made(CellTypes(by="domain", composition={"block_4": [1, 1, 1]}), 300)
    with pytest.raises(ValueError, match=r"composition must have a row per region \('background', .*\), got 2"):
        made(CellTypes(by="domain", composition=MATRIX[:2]), 300)


def test_one_composition_for_all_sets_however_small() -> None:
    """A reference of two cells lacks most domains; what their names stand for is the same as in the cells."""
    own = pooled(n_cells=3000).model_dump(mode="json")
    tables = []
    for n_reference in (2, 400):
        own["design"]["n_reference"] = n_reference
        mdata = sps.simulate(sps.Scenario(**own), rng=4)
        tables.append(sps.get.table(mdata, "cell_type_composition"))
        assert list(mdata["reference"].obs["domain"].cat.categories) == list(
            mdata["cells"].obs["domain"].cat.categories
        )
        found = mdata["cells"].obs.groupby("domain", observed=False)["cell_type"].value_counts(normalize=True).unstack()
        assert np.abs(found.loc[tables[-1].index, tables[-1].columns] - tables[-1]).to_numpy().max() < 0.15
    assert tables[0].equals(tables[1])


@pytest.mark.parametrize("where", ["reference", "cells"])
def test_types_are_missing_from_either_side(where) -> None:
    whole = made(CellTypes(by="domain", known=["reference"]))
    mdata = made(CellTypes(by="domain", known=["reference"], absent={where: ["type_2"]}))
    other = {"reference": "cells", "cells": "reference"}[where]
    assert (mdata[where].obs["cell_type"] != "type_2").all()
    assert mdata[other].obs["cell_type"].equals(whole[other].obs["cell_type"])
    assert sps.get.table(mdata, "cell_type_composition").equals(sps.get.table(whole, "cell_type_composition"))
    if where == "cells":
        assert (sps.get.proportions(mdata)["type_2"].dropna() == 0).all()
    else:
        assert np.array_equal(mdata["visium"].X, whole["visium"].X)
        assert ", without type_2 in reference" in sps.datasets.describe(mdata).paragraph
        blind = sps.get.without_truth(mdata)
        assert "type_2" not in blind["reference"].obs["cell_type"].cat.categories
        assert "type_2" not in blind.obs["cell_type"].cat.categories
    # Contents belong to types, whoever is there.
    kept = [part["reference"].obs.groupby("cell_type", observed=True)["content"].first() for part in (mdata, whole)]
    assert kept[0].equals(kept[1][kept[0].index])


def test_a_region_of_absent_types_has_all_others() -> None:
    types = CellTypes(by="domain", n_types=3, composition=[[1, 0, 0]] * 5, absent={"reference": ["type_1"]})
    assert set(made(types, 300)["reference"].obs["cell_type"]) == {"type_2", "type_3"}


def test_recipes_go_through_json() -> None:
    for types in (
        CellTypes(composition="dominant_rare", n_types=9),
        CellTypes(composition=MATRIX, absent={"reference": ["type_1", "type_3"]}),
        CellTypes(composition={"all": [1, 2, 3]}, known=["reference"]),
    ):
        again = as_recipe("factors", json.loads(json.dumps(types.to_dict())), FactorRecipe)
        assert again == types and hash(again) == hash(types)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: CellTypes(composition="diverse"),
            ValueError,
            "composition must be one of 'uniform_distinct'.*got 'diverse'",
        ),
        (lambda: CellTypes(composition=[[1, 2]]), ValueError, r"one weight per type \(3\) in each row, got 2"),
        (lambda: CellTypes(composition=[[0, 0, 0]]), ValueError, "a weight above 0 in each row"),
        (lambda: CellTypes(composition=[[1, -1, 1]]), ValueError, "composition must be a finite number of at least 0"),
        (lambda: CellTypes(composition=3), TypeError, "composition must be several"),
        (lambda: CellTypes(absent=["type_1"]), TypeError, "absent must be a mapping from sets of observations"),
        (lambda: CellTypes(absent={"reference": "type_1"}), TypeError, r"absent\['reference'\] must be several"),
        (
            lambda: CellTypes(absent={"reference": ["B"]}),
            ValueError,
            r"absent\['reference'\] must be one of 'type_1'.*got 'B'",
        ),
        (
            lambda: CellTypes(n_types=1, absent={"reference": ["type_1"]}),
            ValueError,
            "must leave at least one of 'type_1'",
        ),
        (
            lambda: made(CellTypes(absent={"referense": ["type_1"]})),
            ValueError,
            "no set of observations 'referense'.*did you mean 'reference'.*there are 'cells', 'spots', 'reference'",
        ),
        (lambda: made(CellTypes(known=["cell"])), ValueError, "no set of observations 'cell'"),
    ],
)
def test_what_does_not_fit_is_refused(make, error, message) -> None:
    with pytest.raises(error, match=message):
        make()
