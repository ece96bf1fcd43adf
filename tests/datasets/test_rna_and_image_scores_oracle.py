"""Scores of rna_and_image on the truth, on middling estimates and on noise: domains that look alike, denoising, blind copies."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import spsim as sps
from oracles import rna_and_image as oracle
from oracles.metrics_labels import adjusted_rand

SEEDS = range(3)
CONFUSED = {
    "default": ({}, {"rna": [("block_1", "block_2")], "image": [("block_3", "block_4")]}),
    "none": ({"confuse": {}}, {"rna": [], "image": []}),
    "own": ({"confuse": {"image": [("block_1", "block_4")]}}, {"rna": [], "image": [("block_1", "block_4")]}),
    "quilt": ({"pattern": "quilt"}, {"rna": [], "image": []}),
    "quilt confused": (
        {"pattern": "quilt", "confuse": {"image": [("squares", "corners")]}},
        {"rna": [], "image": [("squares", "corners")]},
    ),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("case", CONFUSED)
def test_domains_that_look_alike(case, seed) -> None:
    arguments, pairs = CONFUSED[case]
    mdata = sps.datasets.rna_and_image(n_side=12, rng=seed, **arguments)
    truth = mdata.obs["domain"].astype(str).tolist()
    for name in ("rna", "image"):
        names = list(sps.get.factors(mdata))
        columns = dict(zip(names, mdata[name].varm["spatial_loadings"].T, strict=True))
        alike = [pair for pair in combinations(names, 2) if np.array_equal(*(columns[c] for c in pair))]
        assert alike == pairs[name]
        mdata[name].obs["merged"] = oracle.merged(truth, pairs[name])
        row = sps.tl.domain_agreement(mdata, f"{name}:merged").loc["ari"]
        if "quilt" not in case:  # overlaps of confused factors are twice as bright as one of them
            assert (
                row["score"]
                == pytest.approx(row["ceiling"])
                == pytest.approx(adjusted_rand(truth, mdata[name].obs["merged"].tolist()))
            )
        assert (row["ceiling"] < 0.99) == bool(pairs[name])
    mdata.obs["truth"] = truth
    assert sps.tl.domain_agreement(mdata, "truth").loc["ari", ["score", "ceiling"]].tolist() == pytest.approx([1, 1])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["rna", "image"])
def test_factors_that_look_alike_have_a_ceiling(name, seed) -> None:
    """Their sum is all that a modality shows; what unrelated columns explain of the rest is small on 576 spots."""
    mdata = sps.datasets.rna_and_image(rng=seed)
    truth = sps.get.factors(mdata).to_numpy(float)
    one, other = (0, 1) if name == "rna" else (2, 3)
    shown = np.delete(truth, other, axis=1)
    shown[:, min(one, shown.shape[1] - 1)] += truth[:, other]
    mdata[name].obsm["X_shown"] = shown
    columns = np.column_stack([np.ones(len(truth)), shown])
    left = truth - columns @ np.linalg.lstsq(columns, truth, rcond=None)[0]
    expected = 1 - left.var(axis=0) / truth.var(axis=0)
    assert ((expected < 0.8) == np.isin(np.arange(4), [one, other])).all()
    found = sps.tl.variance_recovered(mdata, f"{name}:X_shown")
    assert found["score"].to_numpy() == pytest.approx(expected)
    assert (found["ceiling"] >= expected - 1e-9).all()
    assert (found["ceiling"] <= expected + 0.15).all()
    matched = sps.tl.factor_recovery(mdata, f"{name}:X_shown")
    assert (matched["score"] <= matched["ceiling"] + 1e-9).all()
    assert matched["ceiling"].to_numpy() ** 2 == pytest.approx(found["ceiling"].to_numpy())
    angles = sps.tl.subspace_angles(mdata, f"{name}:X_shown")
    assert ((angles["ceiling"] > 0.5) == [False, False, False]).all()
    mdata.obsm["X_all"] = truth
    assert (sps.tl.factor_recovery(mdata, "X_all")["ceiling"] == 1).all()
    mdata[name].obsm["X_all"] = truth
    assert (sps.tl.subspace_angles(mdata, f"{name}:X_all")["ceiling"] > 0.5).tolist() == [True, False, False, False]


@pytest.mark.parametrize("seed", SEEDS)
def test_agreement_of_noise_and_of_a_middling_map(seed) -> None:
    mdata = sps.datasets.rna_and_image(rng=seed)
    truth, rng = mdata.obs["domain"].astype(str).to_numpy(), np.random.default_rng(seed)
    labels = {"noise": rng.permutation(truth)}
    labels["middling"] = np.where(rng.random(len(truth)) < 0.3, labels["noise"], truth)
    for key, own in labels.items():
        mdata["image"].obs[key] = own
        row = sps.tl.domain_agreement(mdata, f"image:{key}").loc["ari"]
        assert row["score"] == pytest.approx(adjusted_rand(own.tolist(), truth.tolist()))
        assert row["score"] > row["chance"] + 0.1 if key == "middling" else abs(row["score"]) < 0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_denoising_of_both(seed) -> None:
    """An image has means of either sign, hence squares in place of deviances and no logarithm."""
    mdata, rng = sps.datasets.rna_and_image(n_side=15, rng=seed), np.random.default_rng(seed)
    for name, d2 in (("rna", "d2_poisson"), ("image", "d2_gaussian")):
        mean = sps.get.mean(mdata[name])
        measured = pd.DataFrame(mdata[name].X, mean.index, mean.columns)
        flat = pd.DataFrame(np.tile(mean.mean(), (len(mean), 1)), mean.index, mean.columns)
        shuffled = pd.DataFrame(mean.to_numpy()[rng.permutation(len(mean))], mean.index, mean.columns)
        estimates = {"truth": mean, "middling": 0.9 * mean + 0.1 * measured, "flat": flat, "noise": shuffled}
        for key, table in estimates.items():
            found = sps.tl.reconstruction(mdata[name], estimate=table.sample(frac=1, random_state=0))
            error = table.to_numpy(float) - mean.to_numpy()
            assert found.loc["rmse", "score"] == pytest.approx(np.sqrt((error**2).mean()))
            low, high = {"truth": (1, 1), "middling": (0.2, 0.99), "flat": (0, 0), "noise": (-1.6, -0.7)}[key]
            assert low - 1e-9 <= found.loc[d2, "score"] <= high + 1e-9
            if name == "image":
                assert list(found.index) == ["d2_gaussian", "rmse", "pearson"]
                left = (error**2).sum() / ((mean - mean.mean()) ** 2).to_numpy().sum()
                assert found.loc[d2, "score"] == pytest.approx(1 - left, abs=1e-9)
    assert (mean < 0).any(axis=None)
    with pytest.raises(ValueError, match="shape is that of counts"):
        sps.tl.reconstruction(mdata["image"], estimate=mean, shape=3.0)
    with pytest.raises(ValueError, match="must not be negative"):
        sps.metrics.reconstruction(mean, mean)


def test_blind_copy() -> None:
    mdata = sps.datasets.rna_and_image(n_side=6, keep_mean=True)
    blind = sps.get.without_truth(mdata)
    for part in (blind, *blind.mod.values()):
        assert set(part.obs) <= {"x", "y"}
        assert set(part.obsm) <= {"spatial", "rna", "image"}
        assert set(part.uns) <= {"spsim_fingerprint"}
    for name, layer in (("rna", "counts"), ("image", "raw")):
        assert list(blind[name].layers) == [layer]
        assert not len(blind[name].var.columns)
        assert not blind[name].varm
        assert np.array_equal(blind[name].X, mdata[name].X)
