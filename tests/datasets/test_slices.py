"""``slices()``: what it holds, what it gives back, and that every step of a workflow takes it as it is."""

from __future__ import annotations

import json

import mudata
import numpy as np
import pytest

import spsim as sps
from slice_worlds import same
from spsim.datasets import slices
from spsim.factors import Batch
from spsim.slots import without_pulling

CONDITIONS = ["control", "control", "treated", "treated"]
GROUPED = {"name": "Slices", "groups": {"condition": ["a", "b"]}}
WORLDS = {
    "default": lambda rng=2: slices(n_side=10, rng=rng),
    "mosaic": lambda rng=2: sps.datasets.twin(
        slices(n_side=10, modalities=["rna", "protein"], rng=rng),
        modality="protein",
        observed={"slice": ["slice_2", "slice_4"]},
    ),
    "conditions": lambda rng=2: slices(n_side=10, conditions=CONDITIONS, confounding=0.5, rng=rng),
}


@pytest.fixture(scope="module", params=WORLDS)
def world(request):
    return WORLDS[request.param]()


def test_what_it_holds(world) -> None:
    assert world.obs["slice"].cat.categories.tolist() == ["slice_1", "slice_2", "slice_3", "slice_4"]
    for part in (world, world["rna"]):
        assert {"spatial", "spatial_true", "spatial_factors", "nuisance_factors"} <= set(part.obsm)
        assert part.obsp["partners"].nnz
    assert sps.get.table(world, "transforms").shape == (4, 3)
    assert {"batch_factors", "batch_within_factors"} <= set(world["rna"].obsm)
    assert world["rna"].n_vars == 400


def test_default_effects_are_the_one_batch() -> None:
    """``twin(m, effects=[])`` is the world without it, as is one of size zero."""
    for rng in range(3):
        mdata = slices(n_side=8, rng=rng)
        (effect,) = sps.Scenario.from_mdata(mdata).modalities[0].effects
        assert effect == Batch(by="slice", sd=0.3, within="domain", within_sd=0.15)
        without, zero = sps.datasets.twin(mdata, effects=[]), slices(n_side=8, batch_sd=0.0, rng=rng)
        same(zero, without)
        assert not np.array_equal(mdata["rna"].X, without["rna"].X)
        assert np.array_equal(*(sps.get.mean(m["rna"]).to_numpy() for m in (zero, without)))


@pytest.mark.parametrize("batch_sd", [0.3, 1.0])
def test_the_batch_is_as_large_as_said(batch_sd) -> None:
    """3 × 4 × 400 deviates: standard error 1 % of the sd; within domains half of it, of rank 2, so a tenth; five allowed."""
    drawn, within = [], []
    for rng in range(3):
        loadings = slices(n_side=6, batch_sd=batch_sd, rng=rng)["rna"].varm
        drawn.append(loadings["batch_loadings"])
        within.append(loadings["batch_within_loadings"])
    assert np.std(drawn) == pytest.approx(batch_sd, rel=0.052)
    assert np.std(drawn) != pytest.approx(1.2 * batch_sd, rel=0.052)
    assert np.std(within) == pytest.approx(batch_sd / 2, rel=0.5)
    assert np.linalg.matrix_rank(within[0]) == 2


@pytest.mark.parametrize("kind", ["h5mu", "zarr"])
def test_files_bring_it_back(world, kind, tmp_path) -> None:
    path = tmp_path / f"slices.{kind}"
    with without_pulling():
        made = world.copy()
    if kind == "zarr":
        made.write_zarr(path)
        read = mudata.read_zarr(path)
    else:
        made.write(path)
        read = mudata.read_h5mu(path)
    same(world, read)
    same(world, sps.datasets.replay(read))
    assert sps.get.table(read, "transforms").equals(sps.get.table(world, "transforms"))


def test_replay_twin_and_resample(world) -> None:
    same(world, sps.datasets.replay(world))
    again = sps.datasets.resample(world, rng=9)
    assert not np.array_equal(again["rna"].X, world["rna"].X)
    same(world, sps.datasets.resample(again, rng=2))
    twin = sps.datasets.twin(world, expression_mean=0.0)
    assert (twin["rna"].X != world["rna"].X).any() and np.array_equal(twin.obsm["spatial"], world.obsm["spatial"])


def test_filtered_and_shuffled_parts_resample_to_a_part_of_the_whole(world) -> None:
    rng = np.random.default_rng(0)
    whole = sps.datasets.resample(world, rng=7)
    keep = rng.permutation(world.n_obs)[: world.n_obs // 3]
    part = world[keep].copy()
    again = sps.datasets.resample(part, rng=7)
    for name, adata in again.mod.items():
        assert np.array_equal(adata.X, whole[name][adata.obs_names].X)
        mean = sps.get.mean(world[name]).loc[adata.obs_names].to_numpy()
        assert np.array_equal(sps.get.mean(adata).to_numpy(), mean)
    features = rng.permutation(world["rna"].n_vars)[:50]
    narrow = world.copy()
    narrow.mod["rna"] = narrow["rna"][:, features].copy()
    narrow.update()
    assert np.array_equal(sps.datasets.resample(narrow, rng=7)["rna"].X, whole["rna"][:, features].X)


def test_a_modality_without_observations_resamples_empty() -> None:
    mosaic = WORLDS["mosaic"]()
    first = mosaic[(mosaic.obs["slice"] == "slice_1").to_numpy()].copy()
    assert first["protein"].n_obs == 0 < first["rna"].n_obs
    again = sps.datasets.resample(first, rng=2)
    assert again["protein"].shape == (0, 50)
    assert np.array_equal(again["rna"].X, first["rna"].X)


def test_a_mosaic_is_a_part_of_the_whole() -> None:
    mosaic, both = WORLDS["mosaic"](), slices(n_side=10, modalities=["rna", "protein"], rng=2)
    assert set(mosaic["protein"].obs["slice"]) == {"slice_2", "slice_4"}
    assert np.array_equal(mosaic["rna"].X, both["rna"].X)
    assert np.array_equal(mosaic["protein"].X, both["protein"][mosaic["protein"].obs_names].X)
    assert np.array_equal(both["rna"].X, slices(n_side=10, rng=2)["rna"].X)
    own = [{"name": "rna", "n_spatial": 20}, {"name": "atac", "n_spatial": 30, "observed": {"slice": ["slice_1"]}}]
    made = slices(n_side=10, modalities=own)
    assert set(made["atac"].obs["slice"]) == {"slice_1"} and "batch_factors" in made["atac"].obsm


def test_blind_copies_know_the_slice_and_nothing_else(world) -> None:
    blind = sps.get.without_truth(world)
    known = {"slice", "x", "y"} | ({"condition"} if "condition" in world.obs else set())
    assert set(blind.obs) == known
    for part in (blind, *blind.mod.values()):
        assert set(part.obs) <= known and "slice" in part.obs
        assert set(part.obsm) - set(blind.mod) == {"spatial"}
        assert not part.obsp.keys() and "spsim" not in part.uns
    for part in blind.mod.values():
        assert not list(part.var) and not list(part.varm)
        assert set(part.layers) - {None} == {"counts"}


def test_every_recorded_secret_is_gone_from_blind_copies(world) -> None:
    world = world.copy()
    for adata in world.mod.values():
        adata.raw = adata
    blind = sps.get.without_truth(world)
    for name, part in {"": world, **world.mod}.items():
        own = blind[name] if name else blind
        for entry in json.loads(part.uns["spsim"]["truth"]):
            if not entry["known"]:
                assert entry["key"] not in getattr(own, entry["slot"])
                if name and entry["slot"] in ("var", "varm"):
                    assert entry["key"] not in getattr(own.raw, entry["slot"])


def test_perfect_estimates_score_at_their_ceiling_and_random_ones_at_chance() -> None:
    mdata = slices(n_side=12)
    mdata.obsm["aligned"] = mdata.obsm["spatial_true"] @ [[0, 1], [-1, 0]] + [7, 3]
    assert (sps.tl.registration_error(mdata, "aligned")["score"] < 1e-9).all()
    measured = sps.tl.registration_error(mdata, "spatial")
    assert np.allclose(measured["score"], measured["chance"])
    found = sps.tl.correspondence_accuracy(mdata, "partners")
    assert np.allclose(found["score"], found["ceiling"])
    shuffled = np.random.default_rng(0).random((mdata.n_obs, 5))
    mdata.obsm["noise"] = shuffled
    assert sps.tl.correspondence_accuracy(mdata, "noise")["score"].mean() < 0.05
    mdata.obsm["domains"] = mdata.obs[["domain"]].apply(lambda column: column.cat.codes).to_numpy(float)
    mixing = sps.tl.slice_mixing(mdata, "domains").loc["shared"]
    assert mixing["score"] == pytest.approx(mixing["ceiling"], abs=0.02)
    assert mixing["chance"] < 0.5 * mixing["ceiling"]
    mdata.obs["copy"] = mdata.obs["domain"].astype(str)
    assert sps.tl.domain_agreement(mdata, "copy").loc["ari", "score"] == 1


def test_scanpy_squidpy_and_muon_style_tools_take_it_as_it_is() -> None:
    import scanpy as sc
    import squidpy as sq

    mdata = slices(n_side=10, rng=1)
    adata = mdata["rna"]
    sc.pp.normalize_total(adata)
    sc.pp.log1p(adata)
    sc.pp.highly_variable_genes(adata, n_top_genes=50)
    sc.pp.pca(adata, n_comps=5)
    sc.pp.neighbors(adata)
    sc.tl.leiden(adata, flavor="igraph", n_iterations=2)
    sc.tl.rank_genes_groups(adata, "slice")
    sc.pp.combat(adata.copy(), key="slice")
    sq.gr.spatial_neighbors(adata, library_key="slice", coord_type="generic", n_neighs=4)
    rows, columns = adata.obsp["spatial_connectivities"].nonzero()
    own = adata.obs["slice"].to_numpy()
    assert (own[rows] == own[columns]).all()
    sq.gr.spatial_autocorr(adata, mode="moran", genes=list(adata.var_names[:5]))
    mdata.update()
    sc.pl.embedding(adata, "spatial", color=["slice", "domain"], show=False)
    assert sps.tl.domain_agreement(mdata, "rna:leiden").loc["ari", "score"] < 1


def test_muon_takes_two_omics() -> None:
    muon = pytest.importorskip("muon")
    mdata = slices(n_side=8, modalities=["rna", "protein"], rng=1)
    for adata in mdata.mod.values():
        adata.X = np.log1p(adata.X)
    muon.pp.intersect_obs(mdata)
    assert mdata.n_obs == mdata["rna"].n_obs == mdata["protein"].n_obs


@pytest.mark.parametrize("options", [{"sparse": True}, {"keep_mean": True}])
def test_any_way_of_holding_it_is_the_same_data(options) -> None:
    plain, other = slices(n_side=8), slices(n_side=8, **options)
    counts = other["rna"].X.toarray() if options.get("sparse") else other["rna"].X
    assert np.array_equal(plain["rna"].X, counts)
    if "keep_mean" in options:
        assert np.array_equal(other["rna"].layers["mean"], sps.get.mean(other["rna"]).to_numpy())


def test_totals_carry_no_signal() -> None:
    """Rows add up to their depth, whatever their domain, nuisance and batch."""
    for rng in range(3):
        mdata = slices(rng=rng, n_side=10)
        flat = sps.datasets.twin(mdata, expression_mean=0.0, loadings={}, effects=[])
        totals, plain = (sps.get.mean(made["rna"]).sum(axis=1) for made in (mdata, flat))
        assert np.allclose(totals, plain, rtol=1e-5) and totals.std() > 10
        assert totals.median() == pytest.approx(85, rel=0.4)
        pooled = sps.datasets.twin(mdata, library_size={"median": 1.0, "sd": 0.4})
        assert not np.allclose(sps.get.mean(pooled["rna"]).sum(axis=1) / totals, 1.0, rtol=0.1)


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"n_slices": 0}, ValueError, "n_slices must be a whole number of at least 1"),
        ({"batch_sd": -1}, ValueError, "sd must be a finite number of at least 0"),
        ({"modalities": "rna"}, TypeError, "modalities must be a list of modalities"),
        ({"modalities": ["dna"]}, ValueError, "modality must be one of 'rna', 'protein', got 'dna'"),
        ({"modalities": []}, ValueError, "modalities must hold at least one"),
        ({"modalities": [3]}, TypeError, r"modalities\[0\] must be a Modality"),
        ({"conditions": "ab"}, TypeError, "conditions must be a list of one condition per slice"),
        ({"conditions": ["a"] * 4}, ValueError, "at least two different ones"),
        ({"conditions": ["a", "b"]}, ValueError, r"one condition per slice \(4\)"),
        ({"confounding": 0.2}, ValueError, "conditions must be given with a confounding above 0"),
        ({"conditions": CONDITIONS, "confounding": 1.5}, ValueError, r"confounding must be a probability in \[0, 1\]"),
        ({"design": "Plain"}, ValueError, "design name must be one of 'Slices'"),
        ({"design": GROUPED, "conditions": ["a", "b"]}, ValueError, "in the groups of the design"),
    ],
)
def test_bad_fields_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        slices(**fields)


def test_another_layout_takes_the_place_of_the_grid() -> None:
    layout = sps.patterns.Hexagonal(n_rows=6, n_columns=6)
    assert slices(2, layout=layout, design={"name": "Slices"}).n_obs == 72
    with pytest.raises(ValueError, match="give either n_side or layout, not both"):
        slices(2, layout=layout, n_side=6)
