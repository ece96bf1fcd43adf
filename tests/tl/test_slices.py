"""Scores of several slices on objects: the numbers of metrics, ceilings and chance, whose truth it is, and evaluate."""

from __future__ import annotations

import anndata
import mudata
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scipy.sparse import csr_matrix

import spsim as sps
from spsim import metrics, tl
from spsim.slots import without_pulling
from worlds import record_entries, scenario

N = 400
DESIGN = {"name": "Slices", "n_slices": 4, "turn": 60, "shift": 5}
MISSING = {"missing": {f"slice_{s}": ["block_2"] for s in (2, 3, 4)}}


@pytest.fixture(scope="module")
def made():
    """Four slices, of which only the first has block_2; the last two are of the condition b."""
    mdata = sps.simulate(scenario(design=DESIGN | MISSING), rng=1)
    rng = np.random.default_rng(0)
    with without_pulling():
        true = mdata.obsm["spatial_true"]
        mdata.obsm["aligned"] = true @ [[0, 1], [-1, 0]] + 30
        mdata.obsm["nearly"] = mdata.obsm["aligned"] + rng.normal(0, 0.3, true.shape)
        mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"] + rng.normal(0, 0.5, (N, 4))
        mdata.obs["guess"] = np.where(rng.random(N) < 0.3, "z", mdata.obs["domain"].astype(str))
        mdata.obs["condition"] = mdata.obs["slice"].map(lambda s: "b" if s in ("slice_3", "slice_4") else "a")
        mdata.obsp["plan"] = metrics.nearest_correspondence(mdata.obsm["nearly"], mdata.obs["slice"])
    return mdata


@pytest.fixture
def mdata(made):
    with without_pulling():
        return made.copy()


CALLS = {
    "slice_mixing": lambda m, **k: tl.slice_mixing(m, "X_guess", n_neighbors=9, **k),
    "registration_error": lambda m, **k: tl.registration_error(m, "nearly", **k),
    "correspondence_accuracy": lambda m, **k: tl.correspondence_accuracy(m, "plan", **k),
    "abundance_recovery": lambda m, **k: tl.abundance_recovery(m, "guess", n_chance=5, **k),
}


@pytest.mark.parametrize("name", CALLS)
def test_tables_are_stored_unless_copied_and_survive_files(mdata, name, tmp_path) -> None:
    before = dict(mdata.uns)
    table = CALLS[name](mdata, copy=True)
    assert dict(mdata.uns) == before
    assert_frame_equal(CALLS[name](mdata), table)
    assert_frame_equal(CALLS[name](mdata, key_added="mine"), mdata.uns["mine"])
    assert set(sps.get.without_truth(mdata).uns) == {"spsim_fingerprint"}
    with without_pulling():
        mdata.write(tmp_path / "m.h5mu")
        again = mudata.read(tmp_path / "m.h5mu").uns["mine"]
    assert_frame_equal(again, table, check_names=False, check_dtype=False, check_index_type=False)


@pytest.mark.parametrize("name", CALLS)
def test_shuffled_rows_of_a_blind_copy_give_the_same(mdata, name) -> None:
    expected = CALLS[name](mdata, copy=True)
    order = np.random.default_rng(3).permutation(N)
    with without_pulling():
        shuffled = sps.get.without_truth(mdata)[order].copy()
    if name == "correspondence_accuracy":
        assert "plan" in shuffled.obsp
    assert_frame_equal(CALLS[name](shuffled, truth=mdata), expected, rtol=1e-9)


def test_mixing_is_that_of_the_metrics(mdata) -> None:
    table = tl.slice_mixing(mdata, "X_guess")
    result = metrics.slice_mixing(mdata.obsm["X_guess"], mdata.obs["slice"], mdata.obs["domain"].astype(str))
    assert table["score"].tolist() == [result.shared, *result.score]
    assert list(table.index) == ["shared", *result.names]
    alone = table[table["n_slices"] == 1]
    assert list(alone.index) == ["block_2"] and alone["null"].tolist() == ["unrelated"]
    assert set(table.loc[table["n_slices"] > 1, "null"]) == {"slices_apart"}
    assert table.loc["shared", "n"] == N - alone["n"].item()


def test_true_domains_mix_and_slices_of_their_own_do_not(mdata) -> None:
    mdata.obsm["perfect"] = pd.get_dummies(mdata.obs["domain"].astype(str)).to_numpy(float)
    mdata.obsm["apart"] = 10.0 * pd.get_dummies(mdata.obs["slice"]).to_numpy(float)
    perfect = pd.concat([tl.slice_mixing(mdata, "perfect", rng=s, copy=True)["score"] for s in range(20)], axis=1)
    assert (abs(perfect.mean(axis=1) - 1) < 4 * perfect.std(axis=1) / np.sqrt(20) + 1e-12).all()
    apart = tl.slice_mixing(mdata, "apart")
    several = apart["n_slices"] > 1
    np.testing.assert_allclose(apart.loc[several, "score"], apart.loc[several, "chance"], atol=1e-9)


def test_more_measures_need_their_library(mdata, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "scib_metrics", None)
    with pytest.raises(ImportError, match="integration"):
        tl.slice_mixing(mdata, "X_guess", more=["lisi"])
    with pytest.raises(ValueError, match="more must be one of 'lisi', 'kbet', got 'lissi' .did you mean 'lisi'"):
        tl.slice_mixing(mdata, "X_guess", more=["lissi"])
    assert "X_guess_slice_mixing" not in mdata.uns


@pytest.mark.slow
def test_more_measures_are_columns(mdata) -> None:
    pytest.importorskip("scib_metrics")
    table = tl.slice_mixing(mdata, "X_guess", more=["lisi", "kbet"])
    assert list(table.columns[-6:]) == ["lisi", "lisi_ceiling", "lisi_chance", "kbet", "kbet_ceiling", "kbet_chance"]
    assert table.loc["block_2", ["lisi", "kbet"]].isna().all()
    assert table.loc["shared", "lisi_chance"] < table.loc["shared", "lisi"]


def test_registration_of_the_truth_and_of_what_was_measured(mdata) -> None:
    perfect = tl.registration_error(mdata, "aligned")
    assert list(perfect.index) == [f"slice_{s}" for s in (1, 2, 3, 4)]
    np.testing.assert_allclose(perfect["score"], 0, atol=1e-6)
    assert (perfect["ceiling"] == 0).all() and (perfect["n"] == 100).all()
    mdata.obsm["measured"] = mdata.obsm["spatial"].copy()
    measured = tl.registration_error(mdata, "measured")
    np.testing.assert_allclose(measured["score"], measured["chance"])
    assert (measured["score"] > 1).all()
    nearly = tl.registration_error(mdata, "nearly")["score"]
    assert ((nearly > 0.2) & (nearly < 0.6)).all()


def test_correspondence_by_places_plan_and_matrix(mdata) -> None:
    by_places = tl.correspondence_accuracy(mdata, "nearly", copy=True)
    assert_frame_equal(tl.correspondence_accuracy(mdata, "plan", copy=True), by_places)
    assert_frame_equal(tl.correspondence_accuracy(mdata, mdata.obsp["plan"]), by_places)
    assert "correspondence_accuracy" in mdata.uns
    for matrix in (mdata.obsp["plan"].toarray(), pd.DataFrame(mdata.obsp["plan"].toarray())):
        assert_frame_equal(tl.correspondence_accuracy(mdata, matrix, copy=True), by_places)
    with pytest.raises(TypeError, match="key must be a text or a matrix, spots × spots, got 5"):
        tl.correspondence_accuracy(mdata, 5)
    with pytest.raises(KeyError, match="key in obsp or obsm: no 'plam'; there are 'plan', .* .did you mean 'plan'"):
        tl.correspondence_accuracy(mdata, "plam")
    assert list(by_places.index[:2]) == ["slice_1 to slice_2", "slice_1 to slice_3"] and len(by_places) == 12
    perfect = tl.correspondence_accuracy(mdata, "aligned")
    assert (perfect["score"] == 1).all() and (perfect["ceiling"] == 1).all() and (perfect["chance"] == 0.01).all()
    assert (by_places["score"] < 1).all()
    alike = by_places[~by_places.index.str.contains("slice_1")]  # the first slice has a structure of its own
    assert len(alike) == 6 and (alike["agreement"] > alike["score"]).all()


def test_recorded_partners_are_the_truth(mdata) -> None:
    """A record of partners that are those of another shuffle: what is recorded counts, not what follows from places."""
    rows = np.arange(N)
    wrong = csr_matrix((np.ones(N), (rows, (rows + 101) % N)), shape=(N, N))
    mdata.obsp["partners"] = wrong + wrong.T
    record_entries(mdata, {"slot": "obsp", "key": "partners", "known": False, "role": "partners"})
    table = tl.correspondence_accuracy(mdata, "aligned")
    assert (table["score"] == 0).all()
    perfect = tl.correspondence_accuracy(mdata, mdata.obsp["partners"])
    np.testing.assert_allclose(perfect["score"], perfect["ceiling"])
    order = np.random.default_rng(0).permutation(N)
    with without_pulling():
        blind = sps.get.without_truth(mdata)[order].copy()
    blind.obsp["plan"] = mdata.obsp["partners"][order][:, order]
    assert_frame_equal(tl.correspondence_accuracy(blind, "plan", truth=mdata), perfect)


def test_abundance_has_its_folds(mdata) -> None:
    table = tl.abundance_recovery(mdata, "guess")
    folds = mdata.uns["guess_abundance_recovery_folds"]
    assert list(table.index) == ["rmse", "pearson"] and table["ceiling"].tolist() == [0, 1]
    assert table.loc["rmse", "score"] == pytest.approx(np.sqrt(np.mean((folds["estimate"] - folds["truth"]) ** 2)))
    assert (
        set(folds["condition"]) == {"b"} and (table["n"] == 4).all() and (table["null"] == "permuted_conditions").all()
    )
    other = tl.abundance_recovery(mdata, "guess", reference="b", copy=True)
    np.testing.assert_allclose(other["score"], table["score"])
    assert tl.abundance_recovery(mdata, "guess", n_chance=0, copy=True).columns.tolist() == ["score", "ceiling", "n"]
    mdata.obs["condition"] = mdata.obs["condition"].astype(pd.CategoricalDtype(["b", "a"]))
    tl.abundance_recovery(mdata, "guess")
    assert set(mdata.uns["guess_abundance_recovery_folds"]["condition"]) == {"a"}
    perfect = tl.abundance_recovery(mdata, "domain", copy=True)
    np.testing.assert_allclose(perfect["score"], perfect["ceiling"], atol=1e-12)
    with pytest.raises(KeyError, match="condition in obs: no 'conditon'; there are"):
        tl.abundance_recovery(mdata, "guess", condition="conditon")


def test_agreement_is_joint_and_by_group(mdata) -> None:
    whole = tl.domain_agreement(mdata, "guess", n_chance=3)
    by_group = mdata.uns["guess_domain_agreement_groups"]
    assert list(by_group.index) == [f"slice_{s}" for s in (1, 2, 3, 4)]
    for name, row in by_group.iterrows():
        own = mdata.obs["slice"] == name
        alone = metrics.domain_agreement(mdata.obs["guess"][own], mdata.obs["domain"][own])
        assert row.to_dict() == pytest.approx(alone)
    tl.domain_agreement(mdata["rna"], "domain", copy=True)
    assert not [key for key in mdata["rna"].uns if key.endswith("_groups")]
    joint = metrics.domain_agreement(mdata.obs["guess"], mdata.obs["domain"])
    assert whole["score"].to_dict() == joint
    draws = metrics.domain_chance(
        mdata.obs["guess"], mdata.obs["domain"].astype(str), mdata.obsm["spatial"], groups=mdata.obs["slice"], n_draws=3
    )
    assert whole["chance"].to_dict() == pytest.approx(draws)


def test_evaluate_takes_slices_in(mdata) -> None:
    table = tl.evaluate(mdata, ["X_guess", "guess"], n_chance=3)
    mixing = tl.slice_mixing(mdata, "X_guess")
    found = table[table["score"] == "slice_mixing"].set_index("target")
    alone = table[table["score"] == "slice_separation"].set_index("target")
    assert set(found.index) == set(mixing.index) - {"block_2"} and list(alone.index) == ["block_2"]
    assert set(found["null"]) == {"slices_apart"} and set(found["direction"]) == {"higher"}
    assert (found["ceiling"] == 1).all()
    abundance = table[table["target"] == "conditions"].set_index("score")
    assert list(abundance.index) == ["abundance_rmse", "abundance_pearson"]
    assert abundance["direction"].tolist() == ["lower", "higher"]
    assert "evaluate_left_out" not in mdata.uns
    assert not {"registration_error", "correspondence_accuracy"} & set(table["score"])
    named = tl.evaluate(mdata, ["nearly"], scores=["registration_error", "correspondence_accuracy"], n_chance=0)
    by_slice = tl.registration_error(mdata, "nearly")["score"]
    assert named[named["score"] == "registration_error"]["value"].tolist() == by_slice.tolist()
    assert (named["score"] == "correspondence_accuracy").sum() == 12
    with pytest.warns(UserWarning, match="registration_error .needs 2 columns, one per axis, got 4"):
        tl.evaluate(mdata, ["X_guess"], scores=["registration_error"], n_chance=0)


@pytest.mark.parametrize("name", CALLS)
def test_one_tissue_has_no_slices(name) -> None:
    mdata = sps.simulate(scenario(), rng=1)
    mdata.obsm["X_guess"] = mdata.obsm["nearly"] = mdata.obsm["spatial"].copy()
    mdata.obs["guess"], mdata.obs["condition"] = mdata.obs["domain"].copy(), "a"
    mdata.obsp["plan"] = csr_matrix(np.eye(mdata.n_obs))
    with pytest.raises(ValueError, match="groups must name the column of obs with the slices: the truth records none"):
        CALLS[name](mdata)


def test_joined_slices_are_told_by_their_column() -> None:
    parts = {name: sps.simulate(scenario(), rng=seed)["rna"] for seed, name in enumerate("ab")}
    joined = anndata.concat(parts, label="sample", index_unique="-", uns_merge="first")
    joined.obsm["X"] = joined.obsm["spatial_factors"]
    table = tl.slice_mixing(joined, "X", groups="sample")
    assert table.loc["shared", "n_slices"] == 2 and table.loc["shared", "score"] > 0.8
