"""``tl.ecotype_recovery`` on objects against plain loops: names, samples, both modalities, ceilings."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest

import spsim as sps
from ecotype_worlds import NAMES, made
from oracles import metrics_ecotypes as oracle

SCORES = ["f1", "f1_matched", "accuracy", "confidence_auroc"]


def guessed(obs, seed, *, words=None):
    """Labels that are right for about half of the cells, under names or numbers, and a confidence with ties."""
    draw = random.Random(seed)
    words = {k: k for k in [*NAMES, "outside"]} if words is None else words
    labels = [words[k if draw.random() < 0.5 else draw.choice(list(words))] for k in obs["ecotype"]]
    return labels, [draw.randrange(8) / 8 for _ in labels]


def columns(obs):
    return obs["ecotype"].tolist(), obs["cell_type"].tolist()


NUMBERS = {"ecotype_1": "3", "ecotype_2": "0", "ecotype_3": "2", "ecotype_4": "1", "outside": "outside"}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["rna", "dissociated"])
@pytest.mark.parametrize("words", [None, NUMBERS], ids=["names", "numbers"])
def test_scores_are_those_of_loops(words, name, seed) -> None:
    mdata = made(seed, 100, 80)
    adata = mdata[name].copy()
    labels, confidence = guessed(adata.obs, seed, words=words)
    adata.obs["guess"], adata.obs["sure"] = labels, confidence
    truth, types = columns(adata.obs)
    for key, given in ((None, None), ("sure", confidence)):
        table = sps.tl.ecotype_recovery(adata, "guess", confidence=key, n_chance=0)
        expected = oracle.scores(labels, truth, types, confidence=given)
        assert len(expected) == 1
        assert table.index.tolist() == SCORES
        assert table["score"].to_dict() == pytest.approx(expected[0])
        assert table["ceiling"].tolist() == [1.0] * 4
        assert (table["n"] == adata.n_obs).all()
        said = oracle.named(labels, truth, ecotypes=NAMES)[0]
        each = adata.uns["guess_ecotype_recovery_types"]
        rows = pd.DataFrame(
            oracle.one_against_rest(said, truth, types, NAMES), index=list(dict.fromkeys(types)), columns=NAMES
        )
        pd.testing.assert_frame_equal(each.loc[rows.index, NAMES], rows, check_names=False)
        matched = adata.uns["guess_ecotype_recovery_matched"]
        assert np.nanmean(matched) == pytest.approx(expected[0]["f1_matched"])


@pytest.mark.parametrize("seed", range(3))
def test_a_shuffled_blind_copy_under_the_objects_names(seed) -> None:
    mdata = made(seed, 100, 80)
    labels, confidence = guessed(mdata["rna"].obs, seed)
    blind = sps.get.without_truth(mdata)
    rna = blind["rna"]
    rna.obs["guess"], rna.obs["sure"] = labels, confidence
    shuffled = rna[np.random.default_rng(seed).permutation(rna.n_obs)].copy()
    expected = oracle.scores(labels, *columns(mdata["rna"].obs), confidence=confidence)[0]
    for data, key, truth in (
        (shuffled, "guess", mdata["rna"]),
        (shuffled, "guess", mdata),
        (blind, "rna:guess", mdata),
    ):
        table = sps.tl.ecotype_recovery(data, key, confidence="sure", truth=truth, n_chance=0, copy=True)
        assert table["score"].to_dict() == pytest.approx(expected)
        assert not [k for k in data.uns if "recovery" in k]
    with pytest.raises(KeyError):
        sps.tl.ecotype_recovery(shuffled, "guess")
    shuffled.obs_names = [f"other_{i}" for i in range(shuffled.n_obs)]
    with pytest.raises(ValueError):
        sps.tl.ecotype_recovery(shuffled, "guess", truth=mdata["rna"])


@pytest.mark.parametrize("seed", range(3))
def test_samples_of_leave_one_out(seed) -> None:
    adata = made(seed, 100, 80)["rna"].copy()
    labels, confidence = guessed(adata.obs, seed)
    adata.obs["guess"], adata.obs["sure"] = labels, confidence
    truth, types = columns(adata.obs)
    sps.tl.ecotype_recovery(adata, "guess", confidence="sure", n_chance=0)
    table = adata.uns["guess_ecotype_recovery_groups"]
    samples = adata.obs["sample"].tolist()
    assert set(table.index) == set(samples)
    for sample, row in table.iterrows():
        own = [i for i, s in enumerate(samples) if s == sample]
        a, b, c, d = ([values[i] for i in own] for values in (labels, truth, types, confidence))
        assert row[SCORES].to_dict() == pytest.approx(oracle.scores(a, b, c, confidence=d, ecotypes=NAMES)[0])
        assert row["n"] == len(own)
        assert row["n_states"] == len({pair for pair in zip(b, c, strict=True) if pair[0] != "outside"})
    assert (table["accuracy"] * counted(truth, samples, table.index)).sum() == pytest.approx(
        oracle.accuracy(labels, truth)
    )


def counted(truth, samples, names):
    """Share of the cells of ecotypes that each sample has."""
    own = [s for s, k in zip(samples, truth, strict=True) if k != "outside"]
    return [own.count(name) / len(own) for name in names]


def test_a_name_that_a_sample_has_no_cells_of_is_wrong_there() -> None:
    adata = made(0, 100, 80)["rna"]
    there = ~((adata.obs["sample"] == "sample_1") & (adata.obs["ecotype"] == "ecotype_2")).to_numpy()
    adata = adata[there].copy()
    first = (adata.obs["sample"] == "sample_1").to_numpy()
    truth = adata.obs["ecotype"].astype(str).to_numpy()
    adata.obs["guess"] = np.where(first & (truth == "ecotype_1"), "ecotype_2", truth)
    overall = sps.tl.ecotype_recovery(adata, "guess", n_chance=0)["score"]
    table = adata.uns["guess_ecotype_recovery_groups"]
    assert overall["accuracy"] < 1
    assert table.loc["sample_1", "accuracy"] < 1
    samples = adata.obs["sample"].tolist()
    assert (table["accuracy"] * counted(truth.tolist(), samples, table.index)).sum() == pytest.approx(
        overall["accuracy"]
    )


def test_a_name_that_a_part_has_no_cells_of_is_wrong_there() -> None:
    adata = made(0, 100, 80)["rna"]
    adata = adata[(adata.obs["ecotype"] != "ecotype_2").to_numpy()].copy()
    truth = adata.obs["ecotype"].astype(str).to_numpy()
    adata.obs["guess"] = np.where(truth == "ecotype_1", "ecotype_2", truth)
    table = sps.tl.ecotype_recovery(adata, "guess", n_chance=0)
    expected = oracle.scores(adata.obs["guess"].tolist(), *columns(adata.obs), ecotypes=NAMES)[0]
    assert table["score"].to_dict() == pytest.approx(expected)


def test_numbers_mean_the_same_in_all_samples() -> None:
    adata = made(0, 100, 80)["rna"].copy()
    one = (adata.obs["sample"] == "sample_3").to_numpy()
    truth = adata.obs["ecotype"].astype(str).to_numpy()
    turned = {"ecotype_1": "0", "ecotype_2": "3", "ecotype_3": "1", "ecotype_4": "2", "outside": "outside"}
    adata.obs["guess"] = [(turned if s else NUMBERS)[k] for s, k in zip(one, truth, strict=True)]
    overall = sps.tl.ecotype_recovery(adata, "guess", n_chance=0)["score"]
    table = adata.uns["guess_ecotype_recovery_groups"]
    samples = adata.obs["sample"].tolist()
    assert (table["accuracy"] * counted(truth.tolist(), samples, table.index)).sum() == pytest.approx(
        overall["accuracy"]
    )


@pytest.mark.parametrize("seed", range(3))
def test_ceiling_and_chance(seed) -> None:
    mdata = made(seed, 200, 80)
    adata = mdata["rna"].copy()
    adata.obs["best"] = adata.obs["ecotype"].astype(str)
    adata.obs["region"] = adata.obs["domain"].astype(str)
    adata.obs["random"] = random.Random(seed).sample(adata.obs["best"].tolist(), adata.n_obs)
    best, region, chance = (sps.tl.ecotype_recovery(adata, key, rng=seed) for key in ("best", "region", "random"))
    assert best["score"].tolist() == [1.0] * 4
    assert (best.loc[SCORES[:3], "chance"] < 0.6).all()  # who is outside differs between types: AUROC has more
    # All cells of ecotypes are right by their regions, those outside are wrong.
    assert region.loc["accuracy", "score"] == 1.0
    assert 0.6 < region.loc["f1", "score"] < 0.95
    assert np.isnan(region.loc["confidence_auroc", "score"])
    # 480 cells of ecotypes with about 1/4 right: more than 5 standard deviations (0.02) have probability 6e-7.
    assert abs(chance.loc["accuracy", "score"] - chance.loc["accuracy", "chance"]) < 0.12


@pytest.mark.parametrize("seed", range(3))
def test_missing_labels_are_refused(seed) -> None:
    adata = made(seed, 100, 80)["rna"].copy()
    adata.obs["guess"] = adata.obs["ecotype"].astype(object)
    adata.obs.loc[adata.obs_names[0], "guess"] = np.nan
    with pytest.raises(ValueError):
        sps.tl.ecotype_recovery(adata, "guess")
    adata.obs["guess"], adata.obs["sure"] = "ecotype_1", 1.0
    adata.obs.loc[adata.obs_names[0], "sure"] = np.nan
    with pytest.raises(ValueError):
        sps.tl.ecotype_recovery(adata, "guess", confidence="sure")
    with pytest.raises(KeyError):
        sps.tl.ecotype_recovery(adata, "no_such_key")
