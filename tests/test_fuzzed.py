"""What the sweep of hostile input found, each the smallest of its kind: refused in the package's own words, or right."""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd
import pytest

import spsim as sps
from hostile_values import nested, own_error
from spsim.slots import read_truth, without_pulling

matplotlib.use("Agg")


def world():
    modalities = [{"name": "rna", "n_mixed": 4}, {"name": "protein", "n_mixed": 3}]
    return sps.datasets.multiomics(modalities, n_side=5, layout=None)


def with_twice_one_name(mdata):
    mdata["protein"].obs_names = [*mdata["protein"].obs_names[:-1], mdata["protein"].obs_names[0]]
    return mdata


def without_index(mdata):
    del mdata["rna"].obs["spsim_index"]
    return mdata


def with_record(mdata, key, value, name=None):
    part = mdata if name is None else mdata[name]
    part.uns["spsim"][key] = value
    return mdata


def emptied(mdata):
    mdata.mod.clear()
    return mdata


CASES = {
    "kinds that are numbers": (
        lambda m: sps.metrics.factor_kind(["a"], np.array([2]), match=[0]),
        "each of truth must be a text",
    ),
    "a match nested without end": (lambda m: sps.metrics.factor_kind(["a"], ["a"], match=nested(3000)), "match"),
    "a name that occurs twice": (
        lambda m: sps.datasets.drop_modality(with_twice_one_name(m), "protein"),
        "obs_names of mdata",
    ),
    "no spot to draw": (lambda m: sps.pl.domains(m["rna"][:0].copy()), "at least one spot to be drawn"),
    "params that are no text": (
        lambda m: sps.get.mean(with_record(m, "params", nested(3000), "rna")["rna"]),
        "params in uns",
    ),
    "a truth that is no text": (
        lambda m: sps.get.loadings(with_record(m, "truth", np.uint64(3), "rna")["rna"]),
        "truth in uns",
    ),
    "no index": (lambda m: sps.datasets.resample(without_index(m)), "no 'spsim_index'"),
    "no modality": (lambda m: sps.tl.amari_error(emptied(m), "spatial"), "at least one modality"),
    "a seed without an end": (lambda m: sps.datasets.quilt(4, rng=np.array(np.random.SeedSequence(3))), "rng must be"),
    "nulls without a length": (lambda m: sps.metrics.chance_level(np.mean, np.array("a")), "nulls must be several"),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_in_our_own_words(name) -> None:
    call, message = CASES[name]
    text = own_error(lambda: call(world()))
    assert text is not None and message in text


def test_loadings_of_another_width_are_refused() -> None:
    rna = world()["rna"]
    rna.obsm["X"], rna.varm["W"] = rna.obsm["spatial_factors"], rna.varm["spatial_loadings"][:, :2]
    with pytest.raises(ValueError, match=r"a column for each of the 4 components of 'X', got 'W' of shape \(4, 2\)"):
        sps.tl.loading_recovery(rna, "X", loadings_key="W")


def test_names_that_occur_twice_at_the_top_are_refused() -> None:
    mdata = sps.datasets.quilt(4, n_mixed=3)
    mdata["rna"].obs_names = pd.Index(["a"] * 16)
    with without_pulling():
        mdata.update()
    with pytest.raises(ValueError, match="obs_names of data must be unique"):
        sps.get.without_truth(mdata)


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int64])
def test_a_small_type_holds_a_number_of_neighbours(kind) -> None:
    grid, labels = np.indices((8, 8)).reshape(2, -1).T, np.arange(64) // 16
    assert sps.metrics.pas(labels, grid, n_neighbors=kind(3)) == sps.metrics.pas(labels, grid, n_neighbors=3)


@pytest.mark.parametrize("value", ["a", ["a"], 2.5, None])
def test_something_else_than_a_number_of_neighbours_is_refused(value) -> None:
    grid, labels = np.indices((8, 8)).reshape(2, -1).T, np.arange(64) // 16
    with pytest.raises((TypeError, ValueError), match="n_neighbors must be"):
        sps.metrics.pas(labels, grid, n_neighbors=value)


@pytest.mark.parametrize("text", ["3", "null", "[3]", '"text"', "{}"])
def test_a_truth_that_is_no_list_is_refused(text: str) -> None:
    mdata = world()
    mdata.uns["spsim"]["truth"] = text
    with pytest.raises(ValueError, match="truth in uns"):
        read_truth(mdata)


def test_a_mosaic_without_a_modality_of_its_whole_keeps_the_rest() -> None:
    mdata = world()
    with without_pulling():
        mdata.mod.pop("protein")
        mdata.update()
    mosaic = sps.datasets.drop_modality(mdata, "rna", fraction=0.4)
    assert mosaic.n_obs == mosaic["rna"].n_obs == 15 and list(mosaic.obs_names) == list(mosaic["rna"].obs_names)
    assert np.array_equal(mosaic.obsm["spatial"], mosaic["rna"].obsm["spatial"])
