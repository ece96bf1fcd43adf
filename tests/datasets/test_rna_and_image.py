"""``rna_and_image()``: what it holds, what it gives back, and which domains each modality shows."""

from __future__ import annotations

import json
import warnings

import mudata
import numpy as np
import pytest

import spsim as sps
from spsim.datasets import rna_and_image
from spsim.slots import without_pulling

WORLDS = {
    "default": lambda rng=2: rna_and_image(20, n_side=12, rng=rng),
    "quilt": lambda rng=2: rna_and_image(
        20, n_side=12, pattern="quilt", confuse={"image": [("squares", "corners")]}, rng=rng
    ),
    "hexagons": lambda rng=2: rna_and_image(20, layout=sps.patterns.Hexagonal(n_rows=12, n_columns=12), rng=rng),
}


@pytest.fixture(scope="module", params=WORLDS)
def world(request):
    return WORLDS[request.param]()


def same(first, second) -> None:
    assert first.obs_names.equals(second.obs_names)
    for name, adata in first.mod.items():
        assert np.array_equal(adata.X, second[name].X)
        assert np.array_equal(sps.get.mean(adata), sps.get.mean(second[name]))


def test_the_image_is_signed_real_valued_and_the_mean_what_it_says(world) -> None:
    image = world["image"]
    assert image.X.dtype == np.float32 and "raw" in image.layers and "counts" not in image.layers
    blocks = [
        image.obsm[f"{b}_factors"].astype(float) @ image.varm[f"{b}_loadings"].astype(float).T
        for b in ("spatial", "nuisance")
    ]
    mean = sps.get.mean(image).to_numpy()
    assert np.allclose(mean, sum(blocks), atol=1e-6) and not np.allclose(mean, blocks[0], atol=0.01)
    assert 0.3 < (mean[mean != 0] < 0).mean() < 0.7
    assert (image.X - mean).std() == pytest.approx(1.6, rel=0.07)
    assert (world["rna"].X >= 0).all() and np.array_equal(world["rna"].X, np.round(world["rna"].X))


@pytest.mark.parametrize("noise", [0.5, 2.0])
def test_noise_is_as_large_as_said(noise) -> None:
    """144 × 40 values: standard error 0.9 %."""
    image = rna_and_image(40, n_side=12, noise=noise)["image"]
    found = (image.X - sps.get.mean(image).to_numpy()).std()
    assert found == pytest.approx(noise, rel=0.05) and found != pytest.approx(1.2 * noise, rel=0.05)


def test_without_nuisance_the_image_is_as_if_there_were_none() -> None:
    zero, mdata = (rna_and_image(20, n_side=12, nuisance_sd=sd) for sd in (0.0, 0.4))
    scenario = sps.Scenario.from_mdata(mdata)
    image = scenario.modalities[1]
    alone = image.model_copy(update={"loadings": {"spatial": image.loadings["spatial"]}})
    without = sps.simulate(scenario.model_copy(update={"modalities": (scenario.modalities[0], alone)}))
    assert np.array_equal(zero["image"].X, without["image"].X) and np.array_equal(zero["rna"].X, mdata["rna"].X)
    assert not np.array_equal(zero["image"].X, mdata["image"].X)
    # Smooth, not independent: neighbours are alike.
    field = mdata.obsm["nuisance_factors"].reshape(12, 12, -1)
    assert min(np.corrcoef(field[:-1, :, k].ravel(), field[1:, :, k].ravel())[0, 1] for k in range(3)) > 0.6


def test_each_modality_confuses_a_pair_and_its_ceiling_says_so() -> None:
    mdata = WORLDS["default"]()
    truth = mdata.obs["domain"].astype(str)
    for name, pair in (("rna", {"block_1": "block_2"}), ("image", {"block_3": "block_4"})):
        mdata[name].obs["all"], mdata[name].obs["fewer"] = truth, truth.replace(pair)
        rows = {key: sps.tl.domain_agreement(mdata, f"{name}:{key}").loc["ari"] for key in ("all", "fewer")}
        assert rows["fewer"]["score"] == rows["fewer"]["ceiling"] == rows["all"]["ceiling"] < 1 == rows["all"]["score"]
        loadings = mdata[name].varm["spatial_loadings"]
        pairs = [(a, b) for b in range(4) for a in range(b) if np.array_equal(loadings[:, a], loadings[:, b])]
        assert pairs == [(0, 1) if name == "rna" else (2, 3)]
    mdata.obs["all"] = truth
    assert sps.tl.domain_agreement(mdata, "all").loc["ari", "ceiling"] == 1


def test_domains_that_overlap_are_told_apart_by_what_their_factors_add_up_to() -> None:
    mdata = WORLDS["quilt"]()
    image, truth = mdata["image"], mdata.obs["domain"].astype(str)
    image.obs["all"] = truth
    # Places of one mean without nuisance are one: an oracle by hand.
    loadings = image.varm["spatial_loadings"].astype(float)
    on = np.array(
        [[name in domain.split("+") for name in ("squares", "corners", "scotland", "checkers")] for domain in truth]
    )
    image.obs["fewer"] = [str(np.round(row, 5).tolist()) for row in on @ loadings.T]
    rows = {key: sps.tl.domain_agreement(mdata, f"image:{key}").loc["ari"] for key in ("all", "fewer")}
    assert rows["all"]["ceiling"] == rows["fewer"]["score"] == rows["fewer"]["ceiling"] < 1


@pytest.mark.parametrize("kind", ["h5mu", "zarr"])
def test_files_bring_it_back(world, kind, tmp_path) -> None:
    path = tmp_path / f"image.{kind}"
    with without_pulling():
        made = world.copy()
    made.write_zarr(path) if kind == "zarr" else made.write(path)
    read = mudata.read_zarr(path) if kind == "zarr" else mudata.read_h5mu(path)
    same(world, read)
    same(world, sps.datasets.replay(read))


def test_replay_resample_and_parts(world) -> None:
    again = sps.datasets.resample(world, rng=9)
    assert not np.array_equal(again["image"].X, world["image"].X)
    same(world, sps.datasets.resample(again, rng=2))
    keep = np.random.default_rng(0).permutation(world.n_obs)[:40]
    part = sps.datasets.resample(world[keep].copy(), rng=9)
    for name, adata in part.mod.items():
        assert np.array_equal(adata.X, again[name][adata.obs_names].X)


def test_blind_copies_hold_no_truth(world) -> None:
    blind = sps.get.without_truth(world)
    for part, own in ((world, blind), *((world[name], blind[name]) for name in world.mod)):
        for entry in json.loads(part.uns["spsim"]["truth"]):
            assert (entry["key"] in getattr(own, entry["slot"], {})) == bool(entry["known"]), entry


def test_a_workflow_takes_it(world) -> None:
    import scanpy as sc
    import squidpy as sq

    blind = sps.get.without_truth(world)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sc.pp.pca(blind["image"], n_comps=5)
        sq.gr.spatial_neighbors(blind["image"])
    assert blind["image"].obsm["X_pca"].shape == (world.n_obs, 5)


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"n_features": 0}, ValueError, "n_features must be"),
        ({"noise": -1}, ValueError, "noise must be"),
        ({"nuisance_sd": -1}, ValueError, "sd must be"),
        ({"confuse": {"protein": []}}, ValueError, "a modality in confuse must be one of 'rna', 'image'"),
        ({"confuse": {"rna": [("block_1", "block_9")]}}, ValueError, "name in confuse must be one of"),
    ],
)
def test_bad_values_are_refused(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        rna_and_image(**({"n_side": 6} | fields))
