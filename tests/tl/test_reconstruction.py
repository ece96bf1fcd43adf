"""Denoised layers on objects: the metric's numbers, shapes of all features, medians, and rows by name."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim import metrics, tl
from spsim.slots import without_pulling

RNG = np.random.default_rng(3)
FEATURES = {"name": "rna", "n_mixed": 20, "n_flat": 7}


@pytest.fixture(scope="module")
def made():
    mdata = sps.datasets.multiomics([FEATURES], n_side=9, rng=2)
    with without_pulling():
        mean = sps.get.mean(mdata["rna"]).to_numpy()
        mdata["rna"].layers["denoised"] = mean * np.exp(RNG.normal(scale=np.linspace(0.1, 2, 27), size=mean.shape))
    return mdata


@pytest.fixture
def mdata(made):
    with without_pulling():
        return made.copy()


def test_the_numbers_are_those_of_the_metric(mdata) -> None:
    rna = mdata["rna"]
    shapes = np.linspace(1, 9, 27)
    for shape in (None, 2.0, shapes):
        table = tl.reconstruction(mdata, "rna:denoised", shape=shape)
        result = metrics.reconstruction(rna.layers["denoised"], sps.get.mean(rna).to_numpy(), shape=shape)
        assert table["score"].to_dict() == pytest.approx(result.overall)
        assert set(table["n"]) == {81} and set(table["n_features"]) == {27} and result.constant.sum() == 7
        for name, values in result.per_feature.items():
            own = values[~result.constant]
            assert table.loc[name, "median"] == pytest.approx(np.median(own)) != pytest.approx(np.mean(own), rel=1e-6)
            assert table.loc[name, "median"] != pytest.approx(np.median(np.nan_to_num(values)), rel=1e-6)
    features = mdata.uns["rna:denoised_reconstruction_features"]
    assert features["constant"].tolist() == result.constant.tolist() and features.index.equals(rna.var_names)
    assert "d2_nb" not in tl.reconstruction(mdata, "rna:denoised", copy=True).index


def test_parts_are_aligned_by_name_and_lost_features_take_no_part(mdata) -> None:
    rna = mdata["rna"]
    rows, columns = RNG.permutation(81)[:50], RNG.permutation(27)[:15]
    part = sps.get.without_truth(rna)[rows, columns].copy()
    shapes = np.linspace(1, 9, 15)
    table = tl.reconstruction(part, "denoised", shape=shapes, truth=mdata["rna"])
    mean = sps.get.mean(rna).to_numpy()[rows]
    whole = np.tile(mean.mean(axis=0), (50, 1))
    whole[:, columns] = rna.layers["denoised"][np.ix_(rows, columns)]
    every = np.full(27, np.median(shapes))
    every[columns] = shapes
    expected = metrics.reconstruction(whole, mean, shape=every)
    assert table["score"].to_dict() == pytest.approx(expected.overall) and set(table["n_features"]) == {27}
