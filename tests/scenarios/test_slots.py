"""Every slot of the contract, with its dtype."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import spsim as sps


@pytest.fixture(scope="module")
def mdata():
    return sps.datasets.multiomics(n_side=12)


def test_top_level(mdata) -> None:
    assert list(mdata.obs) == ["domain", "x", "y", "spsim_index"]
    assert list(mdata.mod) == ["rna", "protein"]
    assert mdata.obsm["spatial"].dtype == np.float64 and mdata.obsm["spatial_factors"].dtype == np.float32
    assert np.array_equal(mdata.obs[["x", "y"]], mdata.obsm["spatial"])
    assert mdata.obs_names[0] == "spot_0" and mdata.obs["spsim_index"].dtype == np.int64
    assert isinstance(mdata.obs["domain"].dtype, pd.CategoricalDtype)
    assert set(mdata.obsm) == {"spatial", "spatial_factors", "rna", "protein"}


@pytest.mark.parametrize(("name", "n_features"), [("rna", 1000), ("protein", 100)])
def test_modalities(mdata, name, n_features) -> None:
    adata = mdata[name]
    assert adata.shape == (144, n_features) and adata.X.dtype == np.float32 and adata.X.flags.c_contiguous
    assert {key: (value.shape, value.dtype) for key, value in adata.obsm.items()} == {
        "spatial": ((144, 2), np.float64),
        "spatial_factors": ((144, 4), np.float32),
        "nonspatial_factors": ((144, 3), np.float32),
    }
    assert {key: (value.shape, value.dtype) for key, value in adata.varm.items()} == {
        "spatial_loadings": ((n_features, 4), np.float32),
        "nonspatial_loadings": ((n_features, 3), np.float32),
    }
    assert list(adata.var) == ["kind", "spatial_factor", "nonspatial_factor", "spsim_index"]
    assert list(adata.var["kind"].cat.categories) == ["spatial", "mixed", "nonspatial"]
    assert list(adata.layers) == ["counts"] and adata.var_names[1] == f"{name}_1"
    assert (adata.obs_names == mdata.obs_names).all()
    assert np.array_equal(adata.obsm["spatial"], mdata.obsm["spatial"])


def test_main_factors_are_missing_where_there_is_none() -> None:
    var = sps.datasets.quilt(n_side=12, n_spatial=30, n_mixed=30, n_nonspatial=30)["rna"].var
    missing = var.isna().groupby(var["kind"], observed=True).all()
    assert missing.loc["spatial", ["spatial_factor", "nonspatial_factor"]].tolist() == [False, True]
    assert missing.loc["nonspatial", ["spatial_factor", "nonspatial_factor"]].tolist() == [True, False]
    assert not missing.loc["mixed"].any()


def test_no_nonspatial_factor_keeps_an_empty_array() -> None:
    adata = sps.datasets.quilt(n_side=12, n_spatial=40, n_nonspatial_factors=0)["rna"]
    assert adata.obsm["nonspatial_factors"].shape == (144, 0) and adata.varm["nonspatial_loadings"].shape == (40, 0)


def test_uns_is_text_and_one_table(mdata) -> None:
    for part in (mdata, mdata["rna"], mdata["protein"]):
        record = dict(part.uns["spsim"])
        activity = record.pop("activity")
        assert all(isinstance(value, str) for value in record.values())
        assert activity.dtypes.eq(bool).all() and activity.loc["protein"].tolist() == [False, True, False, False]
        params = json.loads(record["params"])
        assert params["seeds"] == {name: {"entropy": "0", "spawn_key": []} for name in ("truth", "counts")}
    assert "spatial" not in mdata["rna"].uns  # it would flip squidpy's neighbours into grid mode


def test_y_runs_downwards(mdata) -> None:
    # ggblocks: block_1 is the cross in the upper left of the paper's figure, block_3 the stair in the lower left.
    centre = mdata.obs.groupby("domain", observed=True)[["x", "y"]].mean()
    assert centre.loc["block_1", "y"] < centre.loc["block_3", "y"]
    assert centre.loc["block_1", "x"] < centre.loc["block_2", "x"]
