"""Knobs of ``ecotypes()``: what each does is measured, against a wrong value, and against plain loops."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim.datasets import ecotypes
from spsim.patterns import Uniform, Voronoi

SMALL = {"cells": Uniform(n_spots=200, width=500, height=500), "n_dissociated": 120}


def test_means_are_those_of_a_plain_loop() -> None:
    """Background, type and program, times the batch; then rows to their totals; then a share to the neighbours."""
    mdata = ecotypes(
        2, n_types=2, cells=Uniform(n_spots=30, width=150, height=150), n_dissociated=20, spillover=0.2, rng=5
    )
    for name, adata in mdata.mod.items():
        mean, obs, var = sps.get.mean(adata).to_numpy(), adata.obs, adata.varm
        rows, factors = [], adata.obsm
        for i in range(adata.n_obs):
            row = []
            for j in range(adata.n_vars):
                value = float(adata.var["baseline"].iloc[j])
                for block in ("cell_type", "program"):
                    value += sum(
                        float(f) * float(w)
                        for f, w in zip(factors[f"{block}_factors"][i], var[f"{block}_loadings"][j], strict=True)
                    )
                sample = int(str(obs["sample"].iloc[i]).split("_")[1]) - 1
                row.append(value * np.exp(float(var["batch_loadings"][j, sample])))
            rows.append(np.array(row) * float(obs["library_size"].iloc[i]))
        if name == "dissociated":
            assert np.allclose(mean, rows, rtol=1e-5)
            continue
        spilled, places = np.zeros_like(mean), adata.obsm["spatial"]
        for c in range(adata.n_obs):
            near = {}
            for i in range(adata.n_obs):
                distance = np.hypot(*(places[i] - places[c]))
                if i != c and distance <= 60 and obs["sample"].iloc[i] == obs["sample"].iloc[c]:
                    near[i] = np.exp(-0.5 * distance**2 / 400)
            lost = 0.2 if near else 0.0
            spilled[c] += (1 - lost) * rows[c]
            for i, weight in near.items():
                spilled[i] += lost * weight / sum(near.values()) * rows[c]
        assert np.allclose(mean, spilled, rtol=1e-4)
        assert not np.allclose(mean, rows, rtol=1e-2)


def test_totals_carry_no_signal() -> None:
    mdata = ecotypes(**SMALL, spillover=0.0)
    for name, median in (("rna", 400), ("dissociated", 2000)):
        totals = sps.get.mean(mdata[name]).sum(axis=1)
        sizes = np.log(totals / median)
        # 600 cells, 120 dissociated: standard errors 0.02 and 0.05 of the median, five allowed.
        assert abs(np.median(sizes)) < 0.25 and np.std(sizes) == pytest.approx(0.4, abs=0.13)
    weak = ecotypes(**SMALL, spillover=0.0, strength=0.0)
    assert np.allclose(*(sps.get.mean(m["rna"]).sum(axis=1) for m in (mdata, weak)), rtol=1e-4)


def test_strength_is_the_mean_weight_of_a_program() -> None:
    """3 × 600 features of Gamma weights with sd 0.58 of the mean: standard error 1.4 %, five allowed."""
    for strength in (0.7, 1.4):
        weights = [
            ecotypes(**SMALL, strength=strength, rng=rng)["dissociated"].varm["program_loadings"] for rng in range(3)
        ]
        found = np.mean([own.sum() / len(own) for own in weights])
        assert found == pytest.approx(strength, rel=0.07) and found != pytest.approx(1.2 * strength, rel=0.07)
        assert all((own > 0).sum(axis=1).max() == 1 for own in weights)
    # 300 features and 20 programs: 15 each.
    assert (weights[0][:300] > 0).sum(axis=0).mean() == 15


@pytest.mark.parametrize("outside", [0.1, 0.5])
def test_a_share_of_cells_is_outside(outside) -> None:
    """3 × 720 cells: standard error 0.011 at most, five allowed."""
    obs = [part.obs["ecotype"] for rng in range(3) for part in ecotypes(**SMALL, outside=outside, rng=rng).mod.values()]
    cells = np.concatenate([own.to_numpy(str) for own in obs])
    assert (cells == "outside").mean() == pytest.approx(outside, abs=0.055)


@pytest.mark.parametrize("batch_sd", [0.3, 0.8])
def test_batches_of_samples_are_as_large_as_said(batch_sd) -> None:
    """3 × 900 features × 5 samples: standard error 0.6 % of the sd; five allowed."""
    made = [ecotypes(**SMALL, batch_sd=batch_sd, rng=rng) for rng in range(3)]
    drawn = np.concatenate([part.varm["batch_loadings"].ravel() for mdata in made for part in mdata.mod.values()])
    assert drawn.std() == pytest.approx(batch_sd, rel=0.03)


def test_ecotypes_have_compositions_of_their_own() -> None:
    """Dirichlet shares of 5 types with α = 1 have the sd 0.163; of 36 such rows the standard error is 0.013, five allowed."""
    tables = []
    for rng in range(6):
        mdata = ecotypes(6, cells=Uniform(60), n_dissociated=0, shares=[1, 1], rng=rng)
        tables.append(sps.get.table(mdata, "cell_type_composition").drop("outside"))
        assert mdata["rna"].obs["ecotype"].cat.categories.size == 7
        assert mdata["rna"].varm["program_loadings"].shape[1] == 5 * 6
    assert np.vstack(tables).shape == (36, 5) and np.vstack(tables).std() == pytest.approx(0.163, abs=0.065)


def test_types_share_features_and_are_known() -> None:
    """3 × 600 features: standard error 0.011, five allowed."""
    made = [ecotypes(**SMALL, rng=rng) for rng in range(3)]
    loadings = np.vstack([mdata["dissociated"].varm["cell_type_loadings"] for mdata in made])
    assert ((loadings > 0).sum(axis=1) == 2).mean() == pytest.approx(0.3, abs=0.055)
    weights = loadings[(loadings > 0).sum(axis=1) == 1].max(axis=1)
    assert weights.mean() == pytest.approx(1.0, abs=5 / np.sqrt(len(weights)))
    assert "cell_type" in sps.get.without_truth(made[0]).obs


def test_a_type_is_missing_where_it_is_said_and_one_type_alone_is_nowhere_missing() -> None:
    mdata = ecotypes(**SMALL, missing={"sample_3": ["type_2", "type_3"]}, rng=1)
    obs = mdata["rna"].obs
    for name, own in obs.groupby("sample", observed=True):
        lacking = {"type_2", "type_3"} if name == "sample_3" else set()
        assert set(own["cell_type"]) == {f"type_{k}" for k in range(1, 6)} - lacking
    assert set(ecotypes(**SMALL, n_types=1)["rna"].obs["cell_type"]) == {"type_1"}


def test_the_tissue_is_that_of_pattern_cells_and_shares() -> None:
    pattern = Voronoi(2, n_seeds=1, names=["core", "rim"])
    mdata = ecotypes(pattern=pattern, cells=Uniform(60, width=50, height=30), shares=[0.5, 1, 0.25], n_dissociated=17)
    rna = mdata["rna"]
    assert rna.obs["ecotype"].cat.categories.tolist() == ["core", "rim", "outside"] and mdata["dissociated"].n_obs == 17
    assert rna.obs["sample"].value_counts().to_dict() == {"sample_2": 60, "sample_1": 30, "sample_3": 15}
    assert (rna.obsm["spatial"].max(axis=0) <= [50, 30]).all() and set(
        rna.obs.loc[rna.obs["held_out"] == "True", "sample"]
    ) == {"sample_3"}


def test_by_default_an_ecotype_has_three_regions() -> None:
    pattern = sps.Scenario.from_mdata(ecotypes(2, **SMALL)).pattern
    assert (pattern.n_factors, pattern.n_seeds, list(pattern.names)) == (2, 3, ["ecotype_1", "ecotype_2"])


def test_neighbours_fake_programs_where_molecules_spill() -> None:
    """Cells outside that lie in a region gain its program's features by spill-over, and without it do not."""

    def gained(spillover: float) -> float:
        found = []
        for rng in range(3):
            rna = ecotypes(**SMALL, spillover=spillover, batch_sd=0.0, strength=3.0, rng=rng)["rna"]
            share = sps.get.mean(rna).to_numpy()
            share = share / share.sum(axis=1, keepdims=True)
            outside = (rna.obs["ecotype"] == "outside").to_numpy()
            loadings, columns = rna.varm["program_loadings"], rna.obs["program"].cat.categories
            for domain in rna.obs["domain"].cat.categories:
                features = loadings[:, [name.endswith(f":{domain}") for name in columns]].any(axis=1)
                inside = (rna.obs["domain"] == domain).to_numpy()
                own, others = outside & inside, outside & ~inside
                found.append(share[own][:, features].sum(axis=1).mean() - share[others][:, features].sum(axis=1).mean())
        return float(np.mean(found))

    # Types differ in composition between regions, which the truth without spill-over has, too.
    none, little, much = gained(0.0), gained(0.05), gained(0.3)
    assert little > none and much - none > 3 * (little - none) > 0


@pytest.mark.parametrize(
    ("knob", "gone"),
    [
        ({"spillover": 0.0}, "Spillover"),
        ({"batch_sd": 0.0}, "Batch"),
        ({"panel_share": 1.0}, "Panel"),
    ],
)
def test_effects_of_size_zero_equal_their_absence_bit_for_bit(knob, gone) -> None:
    zero = ecotypes(**SMALL, **knob)
    scenario = sps.Scenario.from_mdata(zero)
    without = [
        modality.model_copy(update={"effects": tuple(e for e in modality.effects if type(e).__name__ != gone)})
        for modality in scenario.modalities
    ]
    other = sps.simulate(scenario.model_copy(update={"modalities": tuple(without)}), rng=0)
    for name in zero.mod:
        assert np.array_equal(zero[name].X, other[name].X)
        assert np.array_equal(sps.get.mean(zero[name]), sps.get.mean(other[name]))
    changed = ecotypes(**SMALL, **dict.fromkeys(knob, 0.5))
    assert not np.array_equal(changed["rna"].X, zero["rna"].X, equal_nan=True)


def test_no_strength_and_nobody_outside_are_what_they_say() -> None:
    weak, strong = ecotypes(**SMALL, strength=0.0), ecotypes(**SMALL)
    assert not weak["rna"].varm["program_loadings"].any()
    assert weak["rna"].obs["ecotype"].equals(strong["rna"].obs["ecotype"])
    everybody = ecotypes(**SMALL, outside=0.0)
    assert (everybody["rna"].obs["ecotype"].astype(str) == everybody["rna"].obs["domain"].astype(str)).all()


def test_panels_of_samples_differ_and_means_stay_finite() -> None:
    """4 × 300 draws: standard error 0.014, five allowed."""
    mdata = ecotypes(**SMALL, panel_share=0.6, rng=2)
    rna = mdata["rna"]
    measured = np.array(
        [~np.isnan(rna[(rna.obs["sample"] == f"sample_{k}").to_numpy()].X).any(axis=0) for k in range(1, 5)]
    )
    assert measured.mean() == pytest.approx(0.6, abs=0.07) and len(np.unique(measured, axis=0)) == 4
    assert np.isfinite(sps.get.mean(rna)).all().all() and np.isfinite(mdata["dissociated"].X).all()
    assert "panel" in rna.varm and "panel" not in mdata["dissociated"].varm
