"""Means of citeseq against plain loops over its slots, and what is the same whatever else is asked for."""

from __future__ import annotations

from json import loads

import numpy as np
import pytest
from numpy.testing import assert_allclose

import spsim as sps
from oracles import citeseq as oracle
from spsim.factors import CellTypes
from spsim.likelihoods import Bernoulli
from spsim.patterns import Grid

ALL = ("rna", "protein", "atac")
SEEDS = range(3)
WORLDS = {
    "default": {},
    "three batches": {"n_batches": 3, "batch_sd": 0.6},
    "one batch": {"n_batches": 1},
    "no batch effect": {"batch_sd": 0.0},
    "held out": {"held_out": 0.3},
    "mosaic": {"n_batches": 3, "observed": {"protein": ["batch_1", "batch_3"], "rna": ["batch_1", "batch_2"]}},
    "sparse": {"sparse": True},
    "confused": {"confuse": {"rna": [("A", "C"), ("C", "E")], "protein": [("B", "F")], "atac": [("G", "H")]}},
    "own types": {"cell_types": CellTypes(5, composition=[[1, 2, 3, 4, 5]])},
    "slices": {"layout": Grid(9, 7), "n_batches": 3},
    "mosaic of slices": {"layout": Grid(9, 7), "observed": {"atac": ["batch_2"]}},
}


def made(rng=0, **arguments):
    if "layout" not in arguments:
        arguments.setdefault("n_cells", 60)
    return sps.datasets.citeseq(modalities=ALL, rng=rng, **arguments)


def expected(adata, kind, mask=None):
    """The mean by loops, from slots of one modality."""
    names = list(sps.get.loadings(adata, block="ambient" if kind == "protein" else "batch_effect"))
    types = [] if kind == "protein" else list(sps.get.loadings(adata, block="cell_type"))
    rows = []
    for i in range(adata.n_obs):
        batch = names.index(adata.obs["batch"].iloc[i])
        size = float(adata.obs["library_size"].iloc[i])
        baseline = [float(b) for b in adata.var["baseline"]]
        if kind == "protein":
            rows.append(
                oracle.antibodies(
                    background=baseline,
                    ambient=adata.varm["ambient_loadings"][:, batch].tolist(),
                    folds=[float(fold) for fold in adata.var["foreground_fold"]],
                    on=mask[i].tolist(),
                    size=size,
                )
            )
        else:
            rows.append(
                oracle.shares(
                    baseline=baseline,
                    loadings=adata.varm["cell_type_loadings"][:, types.index(adata.obs["cell_type"].iloc[i])].tolist(),
                    batch=adata.varm["batch_effect_loadings"][:, batch].tolist(),
                    size=size,
                )
            )
    return np.array(rows)


def assert_means(mdata) -> None:
    for name in ALL:
        adata = mdata[name]
        mask = sps.get.foreground_mask(adata).to_numpy() if name == "protein" else None
        assert_allclose(sps.get.mean(adata), expected(adata, name, mask), rtol=2e-5, err_msg=name)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("world", WORLDS)
def test_means(world, seed) -> None:
    assert_means(made(seed, **WORLDS[world]))


def part(mdata, rng):
    """Some cells and some features of each modality, in another order."""
    parts = {}
    for name in ALL:
        adata = mdata[name]
        cells = rng.permutation(adata.n_obs)[: adata.n_obs // 2]
        features = rng.permutation(adata.n_vars)[: 2 * adata.n_vars // 3]
        parts[name] = adata[cells, features].copy()
    return parts


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("world", ["three batches", "mosaic", "slices"])
def test_means_of_a_part_in_another_order(world, seed) -> None:
    mdata = made(seed, **WORLDS[world])
    parts = part(mdata, np.random.default_rng(seed))
    assert_means(parts)
    mask, whole = (sps.get.foreground_mask(adata) for adata in (parts["protein"], mdata["protein"]))
    assert mask.equals(whole.loc[mask.index, mask.columns])


def test_the_loops_can_disagree() -> None:
    adata = made()["protein"]
    mask = sps.get.foreground_mask(adata).to_numpy()
    mean = sps.get.mean(adata).to_numpy()
    for wrong in (np.roll(mask, 1, axis=0), np.roll(mask, 1, axis=1), np.zeros_like(mask)):
        assert not np.allclose(mean, expected(adata, "protein", wrong), rtol=2e-5)
    adata.varm["ambient_loadings"] = adata.varm["ambient_loadings"][:, ::-1]
    assert not np.allclose(mean, expected(adata, "protein", mask), rtol=2e-5)


@pytest.mark.parametrize("world", ["default", "slices"])
def test_the_kept_mean_is_the_mean(world) -> None:
    mdata = made(keep_mean=True, **WORLDS[world])
    for name in ALL:
        assert_allclose(mdata[name].layers["mean"], sps.get.mean(mdata[name]), rtol=1e-6)


def same(one, other, names=ALL) -> None:
    for name in names:
        common = other[name].obs_names.intersection(one[name].obs_names)
        assert len(common) == min(one[name].n_obs, other[name].n_obs)
        assert np.array_equal(one[name][common].X, other[name][common].X), name


@pytest.mark.parametrize("seed", SEEDS)
def test_what_one_thing_leaves_as_it_is(seed) -> None:
    """Cells held out, missing modalities, cells and modalities beside them change no count."""
    whole = made(seed)
    same(made(seed, held_out=0.4), whole)
    same(made(seed, observed={"protein": ["batch_1"]}), whole)
    same(made(seed, n_cells=25), whole)
    same(sps.datasets.citeseq(n_cells=60, rng=seed), whole, ("rna", "protein"))
    same(sps.datasets.citeseq(modalities=["protein"], n_cells=60, rng=seed), whole, ["protein"])


@pytest.mark.parametrize("seed", SEEDS)
def test_no_batch_effect_is_none(seed) -> None:
    mdata = made(seed, batch_sd=0.0)
    for i, name in enumerate(ALL):
        effects = loads(mdata.uns["spsim"]["params"])["scenario"]["modalities"][i]["effects"]
        bare = [effect for effect in effects if effect["name"] != "Batch"]
        assert len(bare) == len(effects) - 1
        without = sps.datasets.twin(mdata, modality=name, effects=bare)
        assert np.array_equal(without[name].X, mdata[name].X)
        assert not np.array_equal(made(seed, batch_sd=0.3)[name].X, mdata[name].X)


@pytest.mark.parametrize("seed", SEEDS)
def test_open_peaks_are_those_with_fragments(seed) -> None:
    mdata = made(seed)
    binary = sps.datasets.twin(mdata, modality="atac", likelihood=Bernoulli())
    assert np.array_equal(binary["atac"].X, (mdata["atac"].X > 0).astype(np.float32))
    assert binary["atac"].X.max() == 1
    same(binary, mdata, ("rna", "protein"))


def test_a_modality_that_no_batch_has_is_refused() -> None:
    with pytest.raises(ValueError, match=r"observed\['protein'\] must hold at least one batch, got none"):
        made(observed={"protein": []})


@pytest.mark.parametrize("seed", SEEDS)
def test_the_switch_is_truth_not_measurement(seed) -> None:
    """Counts are drawn anew, cells lose the modality, features join: what is foreground stays so, and so do means."""
    mdata = sps.datasets.citeseq(n_cells=60, rng=seed)
    mask, mean = sps.get.foreground_mask(mdata["protein"]), sps.get.mean(mdata["protein"])
    again = sps.datasets.resample(mdata, rng=seed + 1)["protein"]
    assert (again.X != mdata["protein"].X).mean() > 0.8
    assert sps.get.foreground_mask(again).equals(mask)
    assert sps.get.mean(again).equals(mean)
    few = sps.datasets.drop_modality(mdata, "protein", fraction=0.4)["protein"]
    assert sps.get.foreground_mask(few).equals(mask.loc[few.obs_names])
    more = sps.datasets.twin(mdata, modality="protein", n_nonspatial=40)["protein"]
    assert np.array_equal(sps.get.foreground_mask(more).iloc[:, :30], mask.iloc[:, :30])
    other = sps.datasets.citeseq(n_cells=60, rng=seed + 10)["protein"]
    assert (sps.get.foreground_mask(other).to_numpy() != mask.to_numpy()).mean() > 0.1
