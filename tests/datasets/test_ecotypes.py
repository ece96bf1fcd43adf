"""``ecotypes()``: what it holds, what it gives back, and that nothing is where it is not."""

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
        ({"strength": -1}, "strength must be a finite number of at least 0"),
        ({"outside": 2}, r"outside must be a probability in \[0, 1\]"),
        ({"spillover": 2}, r"spillover must be a probability in \[0, 1\]"),
        ({"batch_sd": -1}, "sd must be a finite number of at least 0"),
        ({"shares": [1]}, "shares must hold at least 2 samples"),
        ({"missing": {"sample_9": ["type_1"]}}, "a sample in missing must be one of 'sample_1'"),
        ({"missing": {"sample_1": ["T cell"]}}, "must be one of 'type_1'"),
        ({"n_dissociated": 10_000}, "n_dissociated must be at most"),
        ({"n_ecotypes": 3, "pattern": Gradient(angle=[0])}, "give either n_ecotypes or pattern, not both"),
    ],
)
def test_bad_fields_are_refused_by_name(fields, message) -> None:
    with pytest.raises(ValueError, match=message):
        ecotypes(**fields)


@pytest.mark.parametrize("field", ["n_types", "n_ecotypes"])
@pytest.mark.parametrize("value", ["5", None, [1]])
def test_numbers_that_are_none_are_refused_by_name(field, value) -> None:
    with pytest.raises(TypeError, match=f"{field} must be a whole number of at least 1, got"):
        ecotypes(**{field: value})
