"""Ecotypes on objects: which modality, samples, confidence, blind copies and evaluate."""

from __future__ import annotations

import mudata
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from spsim import metrics, tl
from spsim.slots import without_pulling

KEYS = ["rna", "dissociated"]


@pytest.fixture(scope="module")
def made():
    mdata = sps.datasets.ecotypes(
        3, n_types=3, cells=sps.patterns.Uniform(150, width=400, height=400), n_dissociated=90
    )
    rng = np.random.default_rng(1)
    with without_pulling():
        for part in mdata.mod.values():
            truth = part.obs["ecotype"].to_numpy(str)
            guess = np.where(rng.random(len(truth)) < 0.7, truth, rng.choice(truth, len(truth)))
            part.obs["guess"] = pd.Categorical(guess)
            part.obs["sure"] = (guess != "outside") + rng.random(len(guess))
    return mdata


@pytest.fixture
def mdata(made):
    with without_pulling():
        return made.copy()


@pytest.mark.parametrize("name", KEYS)
def test_the_numbers_are_those_of_the_metrics(mdata, name) -> None:
    table = tl.ecotype_recovery(mdata, f"{name}:guess", confidence="sure", n_chance=5)
    obs = mdata[name].obs
    result = metrics.ecotype_recovery(
        obs["guess"], obs["ecotype"], obs["cell_type"], confidence=obs["sure"], n_draws=5, rng=0
    )
    assert table["score"].to_dict() == pytest.approx(result.overall)
    assert table["chance"].to_dict() == pytest.approx(result.chance)
    assert (table["ceiling"] == 1).all() and (table["n"] == len(obs)).all() and table.index[0] == "f1"
    types, matched = (mdata.uns[f"{name}:guess_ecotype_recovery_{part}"] for part in ("types", "matched"))
    assert np.nanmean(types) == pytest.approx(table.loc["f1", "score"])
    assert np.nanmean(matched) == pytest.approx(table.loc["f1_matched", "score"])
    assert list(types.index) == [str(t) for t in result.types]


def test_every_option_reaches_the_metric(mdata) -> None:
    """Another label, other types, a seed, and samples other than the recorded ones."""
    obs = mdata["rna"].obs
    names = {"ecotype_1": "ecotype_2", "ecotype_2": "ecotype_1"}
    obs["swapped"] = obs["guess"].astype(str).mask(obs["sample"] == "sample_1", obs["guess"].astype(str).replace(names))
    table = tl.ecotype_recovery(mdata, "rna:swapped", label="domain", cell_type="sample", n_chance=6, rng=3)
    result = metrics.ecotype_recovery(obs["swapped"], obs["domain"], obs["sample"], n_draws=6, rng=3)
    assert table["score"].to_dict() == pytest.approx(result.overall, nan_ok=True)
    assert table["chance"].to_dict() == pytest.approx(result.chance, nan_ok=True)
    assert table["chance_p95"].to_dict() == pytest.approx(result.chance_p95, nan_ok=True)
    other = metrics.ecotype_recovery(obs["swapped"], obs["domain"], obs["sample"], n_draws=6, rng=4).chance
    assert other != pytest.approx(result.chance, nan_ok=True)
    matched = mdata.uns["rna:swapped_ecotype_recovery_matched"][[str(name) for name in result.ecotypes]]
    assert matched.to_numpy() == pytest.approx(result.f1_matched, nan_ok=True)
    assert not np.allclose(result.f1, result.f1_matched, equal_nan=True)
    tl.ecotype_recovery(mdata, "rna:guess", groups="held_out", confidence="sure", n_chance=0)
    groups = mdata.uns["rna:guess_ecotype_recovery_groups"]
    assert set(groups.index) == {"False", "True"}
    for name, row in groups.iterrows():
        own = obs[obs["held_out"] == name]
        alone = metrics.ecotype_recovery(
            own["guess"], own["ecotype"], own["cell_type"], confidence=own["sure"], n_draws=0
        )
        assert row.drop(["n", "n_states"]).to_dict() == pytest.approx(alone.overall)


def test_a_sample_without_ecotypes_has_no_row(mdata) -> None:
    rna = mdata["rna"]
    rna.obs["part"] = np.where(rna.obs["ecotype"] == "outside", "all outside", "the rest")
    tl.ecotype_recovery(mdata, "rna:guess", groups="part", n_chance=0)
    assert mdata.uns["rna:guess_ecotype_recovery_groups"].index.tolist() == ["the rest"]


def test_each_sample_is_scored_alone(mdata) -> None:
    tl.ecotype_recovery(mdata, "rna:guess", n_chance=0)
    table = mdata.uns["rna:guess_ecotype_recovery_groups"]
    obs = mdata["rna"].obs
    assert set(table.index) == {f"sample_{k}" for k in range(1, 5)}
    for name, row in table.iterrows():
        own = obs[obs["sample"] == name]
        result = metrics.ecotype_recovery(own["guess"], own["ecotype"], own["cell_type"], n_draws=0)
        assert row["f1"] == pytest.approx(result.overall["f1"]) and row["n"] == len(own)
        assert (
            row["n_states"] == own.loc[own["ecotype"] != "outside", ["cell_type", "ecotype"]].drop_duplicates().shape[0]
        )
    assert table.loc["sample_2", "n_states"] <= 6  # it lacks a type
    assert "chance" not in mdata.uns["rna:guess_ecotype_recovery"]


def test_shuffled_blind_and_filtered_copies_score_alike(mdata, tmp_path) -> None:
    expected = tl.ecotype_recovery(mdata, "rna:guess", copy=True)
    blind = sps.get.without_truth(mdata)
    assert "ecotype" not in blind["rna"].obs and {"cell_type", "sample", "held_out"} <= set(blind["rna"].obs)
    assert_frame_equal(tl.ecotype_recovery(blind, "rna:guess", truth=mdata, copy=True), expected)
    order = np.random.default_rng(0).permutation(blind["rna"].n_obs)
    part = blind["rna"][order].copy()
    assert_frame_equal(tl.ecotype_recovery(part, "guess", truth=mdata, copy=True), expected)
    half = blind["rna"][order[:200]].copy()
    obs = mdata["rna"].obs.loc[half.obs_names].sort_values("spsim_index")
    result = metrics.ecotype_recovery(obs["guess"], obs["ecotype"], obs["cell_type"], n_draws=0)
    assert tl.ecotype_recovery(half, "guess", truth=mdata, copy=True)["score"].to_dict() == pytest.approx(
        result.overall
    )
    tl.ecotype_recovery(mdata, "rna:guess")
    with without_pulling():
        mdata.write(tmp_path / "m.h5mu")
        again = mudata.read(tmp_path / "m.h5mu").uns["rna:guess_ecotype_recovery"]
    assert_frame_equal(again, mdata.uns["rna:guess_ecotype_recovery"])
    assert not [key for key in sps.get.without_truth(mdata).uns if "recovery" in key]


def test_evaluate_offers_it_where_ecotypes_are_asked_for(mdata) -> None:
    table = tl.evaluate(mdata, ["rna:guess"], label="ecotype", n_chance=3)
    row = table.set_index("score").loc["ecotype_f1"]
    expected = tl.ecotype_recovery(mdata, "rna:guess", n_chance=3, copy=True).loc["f1"]
    assert row["value"] == pytest.approx(expected["score"]) and row["ceiling"] == 1
    assert "ecotype_f1" not in set(tl.evaluate(mdata, ["rna:guess"], n_chance=2)["score"])
    with pytest.warns(UserWarning, match="ecotype_f1 .needs label='ecotype', got 'cell_type'"):
        tl.evaluate(mdata, ["rna:guess"], label="cell_type", scores=["ari", "ecotype_f1"], n_chance=2)


def test_domains_and_places_of_one_modality_are_found(mdata) -> None:
    """Places stand in the modality where others have other cells: chance is of shifted labels there, else of shuffled ones."""
    for name, null in (("rna", "toroidal_shift"), ("dissociated", "permutation")):
        part = mdata[name]
        part.obs["copy"] = part.obs["domain"].astype(str)
        table = tl.domain_agreement(mdata, f"{name}:copy", n_chance=2)
        assert table.loc["ari", "score"] == 1 and set(table["null"]) == {null}


def test_what_is_not_there_is_refused_by_name(mdata) -> None:
    with pytest.raises(KeyError, match="no 'typo'"):
        tl.ecotype_recovery(mdata, "rna:typo")
    with pytest.raises(KeyError, match="confidence in obs: no 'typo'"):
        tl.ecotype_recovery(mdata, "rna:guess", confidence="typo")
    with pytest.raises(KeyError, match="label: no 'typo'"):
        tl.ecotype_recovery(mdata, "rna:guess", cell_type="typo")
    with pytest.raises(KeyError, match="label: no 'ecotype'"):
        plain = sps.datasets.quilt(6)
        plain.obs["guess"] = "a"
        tl.ecotype_recovery(plain, "guess")
