"""Parts of the worlds in calls that are not the default: whatever a filter leaves, it is still the part of the whole."""

from __future__ import annotations

import json
from functools import cache

import mudata
import numpy as np
import pytest

import spsim as sps
from spsim._matrix_market import read_folder, write_folder
from spsim.datasets import citeseq, ecotypes, perturbseq, rna_and_image
from spsim.patterns import GaussianProcess, Gradient, Grid, Uniform
from spsim.slots import read_truth, without_pulling

CELLS = {"cells": Uniform(n_spots=80, width=300, height=300)}
ALL = ["rna", "protein", "atac"]
WORLDS = {
    "perturbed": lambda: perturbseq(3, n_programs=3, n_cells=60, rng=2),
    "nobody is perturbed": lambda: perturbseq(2, n_programs=2, n_cells=40, efficiency=0, effect=0, batch_sd=0, rng=2),
    "reference network, signed": lambda: perturbseq(network="hsc_shape", n_cells=60, signed=True, rng=2),
    "overlapping niches": lambda: perturbseq(n_programs=3, pattern="quilt", layout=Grid(n_rows=12), rng=2),
    "mosaic": lambda: citeseq(
        n_cells=60, modalities=ALL, observed={"protein": ["batch_1"], "atac": ["batch_2"]}, held_out=0.3, rng=2
    ),
    "mosaic of a tissue": lambda: citeseq(layout=Grid(n_rows=8), observed={"protein": ["batch_1"]}, rng=2),
    "one batch, proteins alone": lambda: citeseq(n_cells=40, n_batches=1, modalities=["protein"], rng=2),
    "image of a field": lambda: rna_and_image(6, n_side=8, pattern=GaussianProcess(length_scale=3.0), rng=2),
    "clean image": lambda: rna_and_image(6, n_side=8, noise=0, nuisance_sd=0, rng=2),
    "ecotypes of panels": lambda: ecotypes(**CELLS, n_dissociated=20, panel_share=0.5, rng=2),
    "ecotypes along gradients": lambda: ecotypes(
        **CELLS, n_dissociated=20, pattern=Gradient(angle=[0, 90], names=["right", "down"]), spillover=0, rng=2
    ),
    "one ecotype, one type": lambda: ecotypes(1, n_types=1, **CELLS, shares=[1, 1], n_dissociated=0, outside=0, rng=2),
}
LABELS = ("perturbation", "batch", "sample", "cell_type", "domain")


@cache
def _made(name: str):
    return WORLDS[name]()


@cache
def _measured(name: str):
    return sps.datasets.resample(_made(name), rng=7)


def made(name: str):
    with without_pulling():
        return _made(name).copy()


def first_category(mdata) -> np.ndarray:
    """Rows of one perturbation, batch, sample, type or domain."""
    label = next(key for key in LABELS if key in mdata.obs)
    return (mdata.obs[label] == mdata.obs[label].cat.categories[0]).to_numpy()


def emptied(mdata):
    name = list(mdata.mod)[-1]
    mdata.mod[name] = mdata[name][:0].copy()
    with without_pulling():
        mdata.update()
    return mdata


PARTS = {
    "one category": lambda m: m[first_category(m)].copy(),
    "all but one category": lambda m: m[~first_category(m)].copy(),
    "shuffled": lambda m: m[np.random.default_rng(0).permutation(m.n_obs)].copy(),
    "one observation": lambda m: m[[3]].copy(),
    "no observation": lambda m: m[:0].copy(),
    "few features": lambda m: m[:, list(m.var_names[::17])].copy(),
    "no feature": lambda m: m[:, []].copy(),
    "a modality without observations": emptied,
}


@pytest.mark.parametrize("kind", PARTS)
@pytest.mark.parametrize("name", WORLDS)
def test_a_part_is_measured_as_the_whole_and_goes_blind(name, kind) -> None:
    with without_pulling():
        part = PARTS[kind](made(name))
    again, whole = sps.datasets.resample(part, rng=7), _measured(name)
    for key, adata in again.mod.items():
        assert adata.obs_names.equals(part[key].obs_names) and adata.var_names.equals(part[key].var_names)
        expected = whole[key][adata.obs_names, adata.var_names]
        assert np.array_equal(adata.X, expected.X, equal_nan=True)
        mean = sps.get.mean(whole[key]).loc[adata.obs_names, adata.var_names]
        # A product of one row is added up in another order.
        assert np.allclose(sps.get.mean(part[key]), mean, rtol=1e-12, atol=1e-15, equal_nan=True)
    blind = sps.get.without_truth(part)
    for own, held in ((blind, part), *((blind[key], part[key]) for key in part.mod)):
        for entry in read_truth(held):
            assert (entry["key"] in getattr(own, entry["slot"], {})) == bool(entry["known"]), entry
    assert sps.datasets.describe(part).paragraph


@pytest.mark.parametrize("name", WORLDS)
def test_a_part_has_a_twin(name) -> None:
    part, whole = (sps.datasets.twin(m, effects=[]) for m in (PARTS["one category"](made(name)), made(name)))
    for key, adata in part.mod.items():
        assert np.array_equal(adata.X, whole[key][adata.obs_names, adata.var_names].X, equal_nan=True)


@pytest.mark.parametrize("name", WORLDS)
def test_copies_that_tools_updated_go_through_files(name, tmp_path) -> None:
    """As a user copies, and as muon updates: with whatever mudata copies to the top."""
    mdata, path = _made(name).copy(), tmp_path / "world.h5mu"
    mdata.update()
    mdata.write(path)
    back = sps.datasets.replay(mudata.read_h5mu(path))
    for key, adata in _made(name).mod.items():
        assert np.array_equal(back[key].X, adata.X, equal_nan=True)


@pytest.mark.parametrize("name", WORLDS)
def test_a_scenario_goes_through_a_file_and_data_through_a_folder(name, tmp_path) -> None:
    mdata, path = made(name), tmp_path / "scenario.json"
    path.write_text(sps.Scenario.from_mdata(mdata).to_json())
    again = sps.simulate(path, rng=2)
    for key, adata in mdata.mod.items():
        assert np.array_equal(again[key].X, adata.X, equal_nan=True)
    write_folder(mdata, str(tmp_path / "r"))
    truths = [
        [(e["slot"], e["key"]) for e in json.loads(m.uns["spsim"]["truth"])]
        for m in (mdata, read_folder(tmp_path / "r"))
    ]
    assert truths[0] and set(truths[1]) <= set(truths[0])


@pytest.mark.parametrize("name", ["mosaic", "mosaic of a tissue"])
def test_a_mosaic_has_the_categories_of_features_of_the_whole(name) -> None:
    mosaic = _made(name)
    whole = sps.simulate(_unfiltered(mosaic), rng=2)
    dropped = sps.datasets.drop_modality(whole, "protein")
    for key, adata in whole.mod.items():
        for part in (mosaic[key], dropped[key]):
            for column in adata.var.select_dtypes("category"):
                assert part.var[column].cat.categories.equals(adata.var[column].cat.categories), (key, column)


def _unfiltered(mdata) -> sps.Scenario:
    scenario = sps.Scenario.from_mdata(mdata)
    modalities = tuple(modality.model_copy(update={"observed": None}) for modality in scenario.modalities)
    return scenario.model_copy(update={"modalities": modalities})
