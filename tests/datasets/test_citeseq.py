"""``citeseq()``: what it holds, what it gives back, and that every step of a workflow takes it as it is."""

from __future__ import annotations

import json
import warnings

import mudata
import numpy as np
import pytest

import spsim as sps
from spsim.datasets import citeseq
from spsim.factors import Batch, CellTypes
from spsim.likelihoods import Bernoulli, Poisson
from spsim.slots import without_pulling

OMICS = ["rna", "protein", "atac"]
WORLDS = {
    "default": lambda rng=2: citeseq(n_cells=300, rng=rng),
    "mosaic": lambda rng=2: citeseq(
        n_cells=300, modalities=OMICS, observed={"protein": ["batch_1"]}, held_out=0.2, rng=rng
    ),
    "tissue": lambda rng=2: citeseq(layout=sps.patterns.Grid(n_rows=12), rng=rng),
}


@pytest.fixture(scope="module", params=WORLDS)
def world(request):
    return WORLDS[request.param]()


def same(first, second) -> None:
    assert first.obs_names.equals(second.obs_names) and set(first.mod) == set(second.mod)
    for name, adata in first.mod.items():
        assert np.array_equal(adata.X, second[name].X)
        assert np.array_equal(sps.get.mean(adata), sps.get.mean(second[name]))
    assert first.obs["cell_type"].tolist() == second.obs["cell_type"].tolist()


def test_what_it_holds(world) -> None:
    protein = world["protein"]
    assert world.obs["cell_type"].cat.categories.tolist() == list("ABCDEFGH")
    assert set(world.obs["batch"]) == {"batch_1", "batch_2"}
    assert protein.varm["foreground_probability"].shape == (33, 8)
    assert protein.var["kind"].tolist() == ["nonspatial"] * 30 + ["isotype"] * 3
    assert protein.var["foreground_fold"][:30].between(2, 15).all()
    mask = sps.get.foreground_mask(protein)
    assert mask.shape == protein.shape and not mask.iloc[:, 30:].any(axis=None) and 0.1 < mask.mean(axis=None) < 0.4
    for name in set(world.mod) - {"rna"}:
        assert set(world[name].var["gene"].dropna()) <= set(world["rna"].var["gene"])


def test_the_mean_is_that_given_the_switch(world) -> None:
    """Background, ambient profile and size of the cell, times the fold where an entry is foreground."""
    protein = world["protein"]
    background = protein.var["baseline"].to_numpy(float) * protein.obs["library_size"].to_numpy(float)[:, None]
    ambient = protein.obsm["ambient_factors"].astype(float) @ protein.varm["ambient_loadings"].astype(float).T
    fold = np.where(sps.get.foreground_mask(protein), protein.var["foreground_fold"].to_numpy(float), 1.0)
    mean = sps.get.mean(protein).to_numpy()
    assert np.allclose(mean, background * np.exp(ambient) * fold, rtol=1e-5)
    assert not np.allclose(mean, background * np.exp(ambient), rtol=0.5)


def test_blind_copies_show_batches_and_genes_only(world) -> None:
    blind = sps.get.without_truth(world)
    for part, own in ((world, blind), *((world[name], blind[name]) for name in world.mod)):
        for entry in json.loads(part.uns["spsim"]["truth"]):
            held = getattr(own, entry["slot"], {})
            assert (entry["key"] in held) == bool(entry["known"]), entry
    assert "batch" in blind.obs and "cell_type" not in blind.obs and "kind" not in blind["protein"].var


@pytest.mark.parametrize("kind", ["h5mu", "zarr"])
def test_files_bring_it_back(world, kind, tmp_path) -> None:
    path = tmp_path / f"citeseq.{kind}"
    with without_pulling():
        made = world.copy()
    made.write_zarr(path) if kind == "zarr" else made.write(path)
    read = mudata.read_zarr(path) if kind == "zarr" else mudata.read_h5mu(path)
    same(world, read)
    same(world, sps.datasets.replay(read))
    masks = [sps.get.foreground_mask(mdata["protein"]) for mdata in (world, read)]
    assert np.array_equal(*masks)


def test_replay_twin_and_resample(world) -> None:
    again = sps.datasets.resample(world, rng=9)
    assert not np.array_equal(again["protein"].X, world["protein"].X)
    same(world, sps.datasets.resample(again, rng=2))
    assert sps.get.foreground_mask(again["protein"]).equals(sps.get.foreground_mask(world["protein"]))
    twin = sps.datasets.twin(world, modality="rna", effects=[])
    assert np.array_equal(twin["protein"].X, world["protein"].X) and not np.array_equal(twin["rna"].X, world["rna"].X)
    scenario = sps.Scenario.from_mdata(world)
    assert sps.Scenario.from_json(scenario.to_json()) == scenario


def test_filtered_and_shuffled_parts_resample_to_a_part_of_the_whole(world) -> None:
    rng = np.random.default_rng(0)
    whole = sps.datasets.resample(world, rng=7)
    keep = rng.permutation(np.flatnonzero(world.obs["cell_type"] != "E"))[:90]
    part = world[keep].copy()
    again = sps.datasets.resample(part, rng=7)
    for name, adata in again.mod.items():
        assert np.array_equal(adata.X, whole[name][adata.obs_names].X)
        assert np.array_equal(sps.get.mean(adata), sps.get.mean(world[name]).loc[adata.obs_names])
    mask = sps.get.foreground_mask(world["protein"])
    assert sps.get.foreground_mask(part["protein"]).equals(mask.loc[part["protein"].obs_names])


def test_no_batch_is_its_absence_bit_for_bit() -> None:
    zero, mdata = citeseq(n_cells=200, batch_sd=0.0, rng=3), citeseq(n_cells=200, rng=3)
    for name in ("rna", "protein"):
        effects = [e for e in sps.Scenario.from_mdata(mdata).modalities if e.name == name][0].effects
        without = sps.datasets.twin(mdata, modality=name, effects=[e for e in effects if not isinstance(e, Batch)])
        assert np.array_equal(zero[name].X, without[name].X) and not np.array_equal(zero[name].X, mdata[name].X)


@pytest.mark.parametrize("batch_sd", [0.3, 1.0])
def test_the_batch_is_as_large_as_said(batch_sd) -> None:
    """3 × 2 × 433 deviates: standard error 1.4 % of the sd; five allowed."""
    drawn = []
    for rng in range(3):
        mdata = citeseq(n_cells=20, batch_sd=batch_sd, rng=rng)
        drawn += [mdata["rna"].varm["batch_effect_loadings"].ravel(), mdata["protein"].varm["ambient_loadings"].ravel()]
    sd = np.concatenate(drawn).std()
    assert sd == pytest.approx(batch_sd, rel=0.07) and sd != pytest.approx(1.2 * batch_sd, rel=0.07)


@pytest.mark.parametrize("n_types", [5, 8])
def test_two_types_are_rare_and_the_others_equally_common(n_types) -> None:
    """10,000 cells: five standard errors of a share of 0.05 are 0.011."""
    shares = citeseq(n_types, n_cells=10_000, n_batches=1, modalities=["protein"]).obs["cell_type"].value_counts(True)
    rare = shares.loc[[chr(ord("A") + k) for k in (n_types - 2, n_types - 1)]]
    assert (abs(rare - 0.05) < 0.011).all() and (abs(shares.drop(rare.index) - 0.9 / (n_types - 2)) < 0.025).all()


def test_pairs_are_told_apart_by_one_modality_only() -> None:
    mdata = citeseq(n_cells=50)
    rna, protein = mdata["rna"].varm["cell_type_loadings"], mdata["protein"].varm["foreground_probability"]

    def alike(values):
        return [(a, b) for b in range(8) for a in range(b) if np.array_equal(values[:, a], values[:, b])]

    assert alike(rna) == [(0, 1)] and alike(protein) == [(2, 3)]
    own = citeseq(n_cells=50, confuse={"rna": [("E", "F"), ("F", "G")]})
    assert alike(own["rna"].varm["cell_type_loadings"]) == [(4, 5), (4, 6), (5, 6)]
    assert alike(own["protein"].varm["foreground_probability"]) == []


def test_ceilings_are_those_of_what_a_method_was_given(world) -> None:
    types = world.obs["cell_type"].astype(str)
    mdata = world.copy()
    mdata.obs["all"] = types
    for name, pair in (("rna", {"A": "B"}), ("protein", {"C": "D"})):
        own = types[mdata[name].obs_names]
        mdata[name].obs["all"], mdata[name].obs["fewer"] = own, own.replace(pair)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = {
            key: sps.tl.domain_agreement(mdata, key, label="cell_type", copy=True).loc["ari"]
            for key in ("all", "rna:all", "rna:fewer", "protein:all", "protein:fewer")
        }
    assert rows["all"]["score"] == rows["all"]["ceiling"] == 1
    for name in ("rna", "protein"):
        ceiling = rows[f"{name}:all"]["ceiling"]
        assert ceiling == rows[f"{name}:fewer"]["score"] == rows[f"{name}:fewer"]["ceiling"] < 0.95
        # One that knows more than the modality says scores above it: it cannot be honest.
        assert rows[f"{name}:all"]["score"] == 1 and abs(rows[f"{name}:all"]["chance"]) < 0.3


def test_a_type_of_its_own_size_is_told_apart_although_features_confuse_it() -> None:
    scenario = sps.Scenario.from_mdata(citeseq(n_cells=200, modalities=["rna"]))
    (rna,) = scenario.modalities
    sized = rna.model_copy(update={"effects": (*rna.effects, sps.factors.Content(by="cell_type", sd=0.5))})
    for modality, is_one in ((rna, False), (sized, True)):
        mdata = sps.simulate(scenario.model_copy(update={"modalities": (modality,)}))
        mdata["rna"].obs["all"] = mdata.obs["cell_type"].astype(str)
        ceiling = sps.tl.domain_agreement(mdata, "rna:all", label="cell_type").loc["ari", "ceiling"]
        assert (ceiling == 1) == is_one


def test_the_mask_scores_one_and_noise_scores_chance(world) -> None:
    mdata, protein = world.copy(), world["protein"]
    mdata["protein"].layers["truth"] = sps.get.foreground_mask(protein).to_numpy(float)
    mdata["protein"].layers["noise"] = np.random.default_rng(0).random(protein.shape)
    assert sps.tl.foreground_detection(mdata, "protein:truth").loc[
        ["auroc", "average_precision"], "score"
    ].tolist() == [1, 1]
    noise = sps.tl.foreground_detection(mdata, "protein:noise")["score"]
    assert abs(noise["auroc"] - 0.5) < 0.05 and noise["average_precision"] == pytest.approx(noise["share"], abs=0.05)
    # Counts say something, and less than all.
    mdata["protein"].layers["counted"] = 1 - 1 / (1.0 + np.asarray(protein.X, float))
    assert 0.6 < sps.tl.foreground_detection(mdata, "protein:counted").loc["auroc", "score"] < 0.95


def test_the_mean_given_the_switch_is_the_best_denoiser() -> None:
    mdata = citeseq(n_cells=300, rng=2)
    protein = mdata["protein"]
    mask, fold = sps.get.foreground_mask(protein), protein.var["foreground_fold"].to_numpy(float)
    mdata["protein"].layers["mean"] = sps.get.mean(protein).to_numpy()
    mdata["protein"].layers["background"] = sps.get.mean(protein).to_numpy() / np.where(mask, fold, 1)
    found = {
        key: sps.tl.reconstruction(mdata, f"protein:{key}", copy=True)["score"]
        for key in ("mean", "background", "counts")
    }
    column = "pearson"
    assert found["mean"][column] == pytest.approx(1) and found["mean"][column] > found["counts"][column]
    assert found["counts"][column] > found["background"][column]


def test_out_of_sample_agreement_comes_by_groups() -> None:
    mdata = citeseq(n_cells=400, held_out=0.25, rng=1)
    guess = mdata.obs["cell_type"].astype(str)
    held = (mdata.obs["held_out"] == "True").to_numpy()
    mdata.obs["guess"] = np.where(held, np.random.default_rng(0).permutation(guess), guess)
    sps.tl.domain_agreement(mdata, "guess", label="cell_type", groups="held_out")
    by_group = mdata.uns["guess_domain_agreement_groups"]["ari"]
    assert by_group["False"] == 1 and abs(by_group["True"]) < 0.1


def test_fragments_may_be_binary() -> None:
    mdata = citeseq(n_cells=200, modalities=["rna", "atac"])
    assert sps.Scenario.from_mdata(mdata).modalities[1].likelihood == Poisson() and mdata["atac"].X.max() > 1
    binary = sps.datasets.twin(mdata, modality="atac", likelihood=Bernoulli())
    assert np.array_equal(binary["atac"].X, mdata["atac"].X > 0)


def test_a_workflow_takes_it() -> None:
    import scanpy as sc

    blind = sps.get.without_truth(citeseq(n_cells=150))
    for name in blind.mod:
        sc.pp.normalize_total(blind[name])
        sc.pp.log1p(blind[name])
        sc.pp.pca(blind[name], n_comps=5)
        sc.pp.neighbors(blind[name])
    assert blind["rna"].obsm["X_pca"].shape == (150, 5)


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"n_types": 3}, ValueError, "n_types must be"),
        ({"modalities": ["dna"]}, ValueError, "modalities must be one of 'rna', 'protein', 'atac', got 'dna'"),
        ({"confuse": [("A", "B")]}, TypeError, "confuse must be a mapping"),
        ({"confuse": {"atac": [("A", "B")]}}, ValueError, "a modality in confuse must be one of 'rna', 'protein'"),
        ({"confuse": {"rna": [("A", "Z")]}}, ValueError, "name in confuse must be one of"),
        (
            {"observed": {"protein": ["batch_3"]}},
            ValueError,
            r"observed\['protein'\] must be one of 'batch_1', 'batch_2'",
        ),
        ({"observed": {"atac": ["batch_1"]}}, ValueError, "a modality in observed must be one of"),
        ({"observed": ["protein"]}, TypeError, "observed must be a mapping"),
        (
            {"layout": sps.patterns.Grid(n_rows=5), "n_cells": 2000, "held_out": 0.2},
            ValueError,
            "held_out needs dissociated cells",
        ),
        ({"batch_sd": -1}, ValueError, "sd must be"),
        ({"n_batches": 0}, ValueError, "n_batches must be"),
    ],
)
def test_bad_values_are_refused(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        citeseq(**({"n_cells": 50} | fields))


def test_types_of_ones_own() -> None:
    mdata = citeseq(cell_types=CellTypes(3, names=["B cell", "T cell", "NK"]), n_cells=60)
    assert set(mdata.obs["cell_type"].cat.categories) == {"B cell", "T cell", "NK"}
