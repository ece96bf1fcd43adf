"""``ecotypes()``: what it holds, what it gives back, that its knobs do what they say, and that nothing is where it is not."""

from __future__ import annotations

import json

import mudata
import numpy as np
import pytest

import spsim as sps
from spsim.datasets import ecotypes
from spsim.patterns import Gradient, Uniform
from spsim.slots import without_pulling

SMALL = {"cells": Uniform(n_spots=200, width=500, height=500), "n_dissociated": 120}
WORLDS = {
    "default": lambda rng=2: ecotypes(**SMALL, rng=rng),
    "panels": lambda rng=2: ecotypes(**SMALL, panel_share=0.6, rng=rng),
    "gradients": lambda rng=2: ecotypes(**SMALL, pattern=Gradient(angle=[0, 90], names=["right", "down"]), rng=rng),
    "placed only": lambda rng=2: ecotypes(**(SMALL | {"n_dissociated": 0}), rng=rng),
}
KNOWN = {"sample", "held_out", "cell_type", "x", "y"}


@pytest.fixture(scope="module", params=WORLDS)
def world(request):
    return WORLDS[request.param]()


def test_the_exact_forms() -> None:
    mdata = WORLDS["default"]()
    assert list(mdata.mod) == ["rna", "dissociated"]
    rna, other = mdata["rna"], mdata["dissociated"]
    assert "spatial" in rna.obsm and "spatial" not in other.obsm and "spatial" not in mdata.obsm
    assert set(rna.obs_names).isdisjoint(other.obs_names) and (rna.n_vars, other.n_vars) == (300, 600)
    assert rna.obs["sample"].value_counts().to_dict() == {
        "sample_1": 200,
        "sample_4": 160,
        "sample_3": 140,
        "sample_2": 100,
    }
    assert set(other.obs["sample"]) == {"sample_5"}
    tests = rna.obs.loc[rna.obs["held_out"] == "True", "sample"]
    assert set(tests) == {"sample_4"} and set(other.obs["held_out"]) == {"True"}
    assert "type_1" not in set(rna.obs.loc[rna.obs["sample"] == "sample_2", "cell_type"])
    for part in (rna, other):
        assert {"sample", "held_out", "cell_type", "ecotype", "program"} <= set(part.obs)
        active = part.obs["ecotype"] != "outside"
        assert active.equals(part.obs["program"].notna())
        names = part.obs["cell_type"].astype(str) + ":" + part.obs["ecotype"].astype(str)
        assert (names == part.obs["program"].astype(str))[active].all()
    assert {"sample", "held_out", "cell_type"} == set(mdata.obs)
    assert list(rna.var["gene"]) == list(other.var["gene"][:300])


def test_the_panel_has_the_first_features_of_the_transcriptome() -> None:
    mdata = WORLDS["default"]()
    rna, other = mdata["rna"], mdata["dissociated"]
    for slot, key in (("varm", "program_loadings"), ("varm", "cell_type_loadings"), ("var", "baseline")):
        assert np.array_equal(getattr(rna, slot)[key], getattr(other, slot)[key][:300])
    assert not np.array_equal(rna.varm["batch_loadings"], other.varm["batch_loadings"][:300])


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
    mdata = WORLDS["panels"]()
    rna = mdata["rna"]
    measured = np.array(
        [~np.isnan(rna[(rna.obs["sample"] == f"sample_{k}").to_numpy()].X).any(axis=0) for k in range(1, 5)]
    )
    assert measured.mean() == pytest.approx(0.6, abs=0.07) and len(np.unique(measured, axis=0)) == 4
    assert np.isfinite(sps.get.mean(rna)).all().all() and np.isfinite(mdata["dissociated"].X).all()


@pytest.mark.parametrize("kind", ["h5mu", "zarr"])
def test_files_bring_it_back(world, kind, tmp_path) -> None:
    path = tmp_path / f"world.{kind}"
    with without_pulling():
        made = world.copy()
    if kind == "zarr":
        made.write_zarr(path)
        read = mudata.read_zarr(path)
    else:
        made.write(path)
        read = mudata.read_h5mu(path)
    for name, adata in world.mod.items():
        for other in (read, sps.datasets.replay(read)):
            assert np.array_equal(other[name].X, adata.X, equal_nan=True)
            assert np.array_equal(sps.get.mean(other[name]), sps.get.mean(adata))
            assert other[name].obs["ecotype"].astype(str).equals(adata.obs["ecotype"].astype(str))
    assert sps.get.table(read, "cell_type_composition").equals(sps.get.table(world, "cell_type_composition"))


def test_replay_twin_and_resample(world) -> None:
    again = sps.datasets.resample(world, rng=9)
    back = sps.datasets.resample(again, rng=2)
    for name, adata in world.mod.items():
        assert not np.array_equal(again[name].X, adata.X, equal_nan=True)
        assert np.array_equal(back[name].X, adata.X, equal_nan=True)
    twin = sps.datasets.twin(world, modality="rna", effects=[])
    assert twin["rna"].obs["ecotype"].equals(world["rna"].obs["ecotype"])
    assert not np.array_equal(twin["rna"].X, world["rna"].X, equal_nan=True)


def test_filtered_and_shuffled_parts_resample_to_a_part_of_the_whole(world) -> None:
    rng = np.random.default_rng(0)
    whole = sps.datasets.resample(world, rng=7)
    part = world[rng.permutation(world.n_obs)[: world.n_obs // 3]].copy()
    again = sps.datasets.resample(part, rng=7)
    for name, adata in again.mod.items():
        assert np.array_equal(adata.X, whole[name][adata.obs_names].X, equal_nan=True)
        expected = sps.get.mean(world[name]).loc[adata.obs_names].to_numpy()
        assert np.array_equal(sps.get.mean(adata).to_numpy(), expected)


def test_a_modality_without_observations_resamples_empty() -> None:
    mdata = WORLDS["default"]()
    part = mdata[(mdata.obs["sample"] == "sample_1").to_numpy()].copy()
    assert part["dissociated"].n_obs == 0
    again = sps.datasets.resample(part, rng=2)
    assert again["dissociated"].shape == (0, 600) and np.array_equal(again["rna"].X, part["rna"].X)


def test_blind_copies_know_sample_type_and_what_is_held_out(world) -> None:
    for adata in world.mod.values():
        adata.raw = adata
    blind = sps.get.without_truth(world)
    for name, part in {"": world, **world.mod}.items():
        own = blind[name] if name else blind
        assert set(own.obs) <= KNOWN and {"sample", "held_out", "cell_type"} <= set(own.obs)
        for entry in json.loads(part.uns["spsim"]["truth"]):
            if not entry["known"]:
                assert entry["key"] not in getattr(own, entry["slot"])
                if name and entry["slot"] in ("var", "varm"):
                    assert entry["key"] not in getattr(own.raw, entry["slot"])
    assert list(blind["rna"].obsm) == ["spatial"] and not list(blind["rna"].obsp)
    for adata in world.mod.values():
        adata.raw = None


def test_description_cli_and_json(tmp_path) -> None:
    mdata = WORLDS["default"]()
    text = sps.datasets.describe(mdata).paragraph
    for words in (
        "4 samples",
        "sample_4",
        "120 dissociated cells of sample_5",
        "spill-over",
        "one ecotype per observation",
    ):
        assert words in text
    scenario = sps.Scenario.from_mdata(mdata)
    assert sps.Scenario.from_json(scenario.to_json()) == scenario
    again = sps.simulate(scenario, rng=2)
    assert all(np.array_equal(again[name].X, adata.X) for name, adata in mdata.mod.items())


def test_scanpy_squidpy_and_muon_take_it_as_it_is() -> None:
    import scanpy as sc
    import squidpy as sq

    mdata = WORLDS["default"]()
    for adata in mdata.mod.values():
        sc.pp.normalize_total(adata)
        sc.pp.log1p(adata)
        sc.pp.pca(adata, n_comps=5)
        sc.pp.neighbors(adata)
        sc.tl.leiden(adata, flavor="igraph", n_iterations=2)
        sc.tl.rank_genes_groups(adata, "cell_type")
    rna = mdata["rna"]
    sq.gr.spatial_neighbors(rna, library_key="sample", coord_type="generic", n_neighs=4)
    sq.gr.nhood_enrichment(rna, cluster_key="cell_type", show_progress_bar=False)
    mdata.update()
    assert sps.tl.ecotype_recovery(mdata, "rna:leiden").loc["f1", "score"] < 1


@pytest.mark.parametrize("options", [{"sparse": True}, {"keep_mean": True}])
def test_any_way_of_holding_it_is_the_same_data(options) -> None:
    plain, other = ecotypes(**SMALL), ecotypes(**SMALL, **options)
    for name in plain.mod:
        counts = other[name].X.toarray() if "sparse" in options else other[name].X
        assert np.array_equal(plain[name].X, counts)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"n_ecotypes": 0}, "n_ecotypes must be a whole number of at least 1"),
        ({"n_types": 0}, "n_types must be a whole number of at least 1"),
        ({"strength": -1}, "weight must be a finite number of at least 0"),
        ({"outside": 2}, r"outside must be a probability in \[0, 1\]"),
        ({"spillover": 2}, r"share must be a probability in \[0, 1\]"),
        ({"batch_sd": -1}, "sd must be a finite number of at least 0"),
        ({"shares": [1]}, "shares must hold at least 2 samples"),
        ({"missing": {"sample_9": ["type_1"]}}, "absent, by category of 'sample', must be one of"),
        ({"missing": {"sample_1": ["T cell"]}}, "must be one of 'type_1'"),
        ({"n_dissociated": 10_000}, "n_dissociated must be at most"),
    ],
)
def test_bad_fields_are_refused_by_name(fields, message) -> None:
    with pytest.raises(ValueError, match=message):
        ecotypes(**fields)
