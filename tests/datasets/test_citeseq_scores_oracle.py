"""Scores of citeseq on the truth, on a middling estimate and on noise, what blind copies keep, and links to genes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linear_sum_assignment
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

import spsim as sps
from oracles import citeseq as oracle
from oracles.metrics_labels import adjusted_rand
from spsim.patterns import Grid

SEEDS = range(3)
ALL = ("rna", "protein", "atac")


def labelled(seed, **arguments):
    mdata = sps.datasets.citeseq(n_cells=300, modalities=ALL, rng=seed, **arguments)
    rng = np.random.default_rng(seed)
    for part in (mdata, *(mdata[name] for name in ALL)):
        part.obs["truth"] = part.obs["cell_type"].astype(str)
        part.obs["random"] = rng.permutation(part.obs["truth"])
        part.obs["middling"] = np.where(rng.random(part.n_obs) < 0.4, part.obs["random"], part.obs["truth"])
    return mdata


CONFUSED = {
    "default": (None, {"rna": [("A", "B")], "protein": [("C", "D")], "atac": []}, []),
    "chain": (
        {"rna": [("A", "B"), ("B", "C")], "protein": [("B", "A"), ("E", "F")], "atac": [("A", "B")]},
        {"rna": [("A", "B"), ("B", "C")], "protein": [("B", "A"), ("E", "F")], "atac": [("A", "B")]},
        [("A", "B")],
    ),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("case", CONFUSED)
def test_agreement_against_ceilings_of_modalities(case, seed) -> None:
    """Chance: the mean over draws of a permutation, of which a random label is one; 0.03 are more than 5 sd."""
    confuse, alone, both = CONFUSED[case]
    mdata = labelled(seed, confuse=confuse)
    truth = mdata.obs["truth"].tolist()
    for name, pairs in [*alone.items(), (None, both)]:
        key = "" if name is None else f"{name}:"
        merged = oracle.merged(truth, pairs)
        (mdata if name is None else mdata[name]).obs["merged"] = merged
        rows = {
            label: sps.tl.domain_agreement(mdata, f"{key}{label}", label="cell_type").loc["ari"]
            for label in ("truth", "merged", "middling", "random")
        }
        ceiling = adjusted_rand(merged, truth)
        for row in rows.values():
            assert row["ceiling"] == pytest.approx(ceiling)
            assert row["chance"] == pytest.approx(0, abs=0.02)
        assert rows["truth"]["score"] == pytest.approx(1)
        assert rows["merged"]["score"] == pytest.approx(ceiling)
        assert rows["random"]["score"] == pytest.approx(0, abs=0.03)
        assert 0.2 < rows["middling"]["score"] < 0.6
        assert (ceiling < 0.95) == bool(pairs)


@pytest.mark.parametrize("seed", SEEDS)
def test_types_as_factors_have_the_same_ceilings(seed) -> None:
    mdata = labelled(seed)
    for name, confused in (("rna", "AB"), ("protein", "CD"), ("atac", "")):
        mdata[name].obsm["X_all"] = mdata.obsm["cell_type_factors"]
        ceiling = sps.tl.factor_recovery(mdata, f"{name}:X_all", block="cell_type")["ceiling"]
        for c, value in ceiling.items():
            assert (0.4 < value < 0.8) if c in confused else value == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_agreement_out_of_sample(seed) -> None:
    mdata = labelled(seed, held_out=0.4)
    new = (mdata.obs["held_out"].astype(str) == "True").to_numpy()
    mdata.obs["overfitted"] = np.where(new, mdata.obs["random"], mdata.obs["truth"])
    for label in ("truth", "middling", "overfitted"):
        sps.tl.domain_agreement(mdata, label, label="cell_type", groups="held_out")
        table = mdata.uns[f"{label}_domain_agreement_groups"]
        table.index = table.index.astype(str)
        for name, cells in (("True", new), ("False", ~new)):
            own, truth = (mdata.obs[key][cells].tolist() for key in (label, "cell_type"))
            assert table.loc[name, "ari"] == pytest.approx(adjusted_rand(own, truth))
            assert table.loc[name, "n"] == cells.sum()
    assert table.loc["False", "ari"] == pytest.approx(1)
    assert abs(table.loc["True", "ari"]) < 0.05
    sps.tl.evaluate(mdata, ["overfitted"], label="cell_type", groups="held_out", scores=["ari"])


@pytest.mark.parametrize("seed", SEEDS)
def test_probabilities_of_foreground(seed) -> None:
    protein = sps.datasets.citeseq(n_cells=120, rng=seed)["protein"]
    mask, rng = sps.get.foreground_mask(protein), np.random.default_rng(seed)
    on = mask.to_numpy()
    middling = pd.DataFrame(protein.X / (protein.X + 20), mask.index, mask.columns)
    noise = pd.DataFrame(rng.random(on.shape), mask.index, mask.columns)
    rows = {
        name: sps.tl.foreground_detection(protein, estimate=table.sample(frac=1, random_state=seed))["score"]
        for name, table in (("truth", mask.astype(float)), ("middling", middling), ("noise", noise))
    }
    assert rows["truth"]["auroc"] == rows["truth"]["average_precision"] == 1
    assert rows["truth"]["brier"] == 0
    assert rows["noise"]["auroc"] == pytest.approx(0.5, abs=0.05)  # 5 sd of a rank sum of 1,000 and 3,000
    assert rows["noise"]["average_precision"] == pytest.approx(on.mean(), abs=0.05)
    assert 0.65 < rows["middling"]["auroc"] < 0.97
    part = on[:30].ravel().tolist(), middling.to_numpy()[:30].ravel().tolist()
    few = sps.tl.foreground_detection(protein[:30].copy(), estimate=middling.iloc[:30])["score"]
    assert few["auroc"] == pytest.approx(oracle.ranked_right(*part))
    for name, table in (("middling", middling), ("noise", noise)):
        assert rows[name]["brier"] == pytest.approx(((table.to_numpy() - on) ** 2).mean())
        assert rows[name]["share"] == pytest.approx(on.mean())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ALL)
def test_denoising(name, seed) -> None:
    adata = labelled(seed)[name]
    mean, rng = sps.get.mean(adata), np.random.default_rng(seed)
    counts = pd.DataFrame(adata.X, mean.index, mean.columns)
    estimates = {
        "truth": mean,
        "middling": (mean + counts) / 2,
        "flat": pd.DataFrame(np.tile(mean.mean(), (len(mean), 1)), mean.index, mean.columns),
        "noise": pd.DataFrame(mean.to_numpy()[rng.permutation(len(mean))], mean.index, mean.columns),
    }
    found = {
        key: sps.tl.reconstruction(adata, estimate=table.sample(frac=1, random_state=1))
        for key, table in estimates.items()
    }
    for key, table in estimates.items():
        error = np.sqrt(((table.to_numpy() - mean.to_numpy()) ** 2).mean())
        assert found[key].loc["rmse", "score"] == pytest.approx(error, abs=1e-12)
    d2, pearson = ({key: table.loc[row] for key, table in found.items()} for row in ("d2_poisson", "pearson"))
    assert d2["truth"]["score"] == pearson["truth"]["score"] == pytest.approx(1)
    assert d2["flat"]["score"] == pytest.approx(0, abs=1e-9)
    assert d2["noise"]["score"] < -0.5
    # Overall correlation knows features apart from each other, so that of each is read: 5 sd of a median of at least 33.
    assert abs(pearson["noise"]["median"]) < 0.1 < pearson["middling"]["median"] < 0.95


@pytest.mark.parametrize(
    "arguments", [{"held_out": 0.3}, {"layout": Grid(9, 8)}, {"observed": {"protein": ["batch_1"]}}]
)
def test_blind_copies(arguments) -> None:
    if "layout" not in arguments:
        arguments = {"n_cells": 60, **arguments}
    mdata = sps.datasets.citeseq(modalities=ALL, keep_mean=True, **arguments)
    blind = sps.get.without_truth(mdata)
    known = {"batch", "held_out", "slice", "x", "y"}
    for part in (blind, *blind.mod.values()):
        assert set(part.obs) <= known
        assert set(part.uns) <= {"spsim_fingerprint"}
        assert set(part.obsm) <= {"spatial", *ALL}
    for name in ALL:
        part = blind[name]
        assert list(part.var) == ["gene"]
        assert part.var["gene"].equals(mdata[name].var["gene"])
        assert not part.varm
        assert not part.obsp
        assert list(part.layers) == ["counts"]
        assert np.array_equal(part.X, mdata[name].X)
        with pytest.raises(KeyError):
            sps.get.mean(part)
    with pytest.raises(KeyError):
        sps.get.foreground_mask(blind["protein"])


@pytest.mark.parametrize("seed", SEEDS)
def test_genes_of_proteins_and_peaks(seed) -> None:
    """One gene for each protein, those most alike together; likewise for as many peaks as there are genes at a time."""
    mdata = sps.datasets.citeseq(n_cells=20, modalities=ALL, rng=seed)
    genes = list(mdata["rna"].var["gene"])
    assert len(set(genes)) == 400
    responses = mdata["rna"].varm["cell_type_loadings"].tolist()
    protein = mdata["protein"]
    control = (protein.var["kind"] == "isotype").to_numpy()
    assert (protein.var["gene"].isna() == control).all()
    own = [genes.index(gene) for gene in protein.var["gene"][~control]]
    assert len(set(own)) == len(own)
    table = protein.varm["foreground_probability"][~control].tolist()
    alike = np.array([oracle.likeness(response, responses) for response in table])
    best = alike[linear_sum_assignment(alike, maximize=True)].sum()
    total = alike[np.arange(len(own)), own].sum()
    assert total == pytest.approx(best)
    assert alike[np.arange(len(own)), np.roll(own, 1)].sum() < 0.5 * total

    peaks = mdata["atac"]
    alike = np.array([oracle.likeness(response, responses) for response in peaks.varm["cell_type_loadings"].tolist()])
    own = np.array([genes.index(gene) for gene in peaks.var["gene"]])
    for part in (np.arange(400), np.arange(400, 600)):
        best = alike[part][linear_sum_assignment(alike[part], maximize=True)].sum()
        assert alike[part, own[part]].sum() == pytest.approx(best) and len(set(own[part])) == len(part)


def recall(values, types) -> float:
    """Mean over types of the share of cells that a cross-validated regression calls right."""
    fitted = LogisticRegression(max_iter=1000)
    found = cross_val_predict(fitted, values, types, cv=5)
    return float(np.mean([(found[types == c] == c).mean() for c in np.unique(types)]))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_both_modalities_tell_more_than_either(seed) -> None:
    mdata = sps.datasets.citeseq(rng=seed)
    types = mdata.obs["cell_type"].to_numpy().astype(str)
    tables = [np.log1p(mdata[name].X) for name in ("rna", "protein")]
    alone = [recall(table, types) for table in tables]
    assert recall(np.hstack(tables), types) - max(alone) >= 0.05
    # Neither tells its confused pair apart: among C and D proteins are no better than a coin (5 sd of 600 cells: 0.1).
    pair = np.isin(types, ["C", "D"])
    assert recall(tables[1][pair], types[pair]) == pytest.approx(0.5, abs=0.1)
    assert recall(tables[0][pair], types[pair]) > 0.8
