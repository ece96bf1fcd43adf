"""A small object with results of every kind in it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import spsim as sps
from spsim.slots import without_pulling
from worlds import made as made_world

N = 144


@pytest.fixture(scope="module")
def made():
    """rna sees block_1, block_2 and block_4, protein block_2 and block_3: two private to rna, one shared."""
    modalities = [
        {"name": "rna", "n_spatial": 40, "n_nonspatial": 20, "active_factors": [0, 1, 3]},
        {"name": "protein", "n_spatial": 20, "n_mixed": 10, "active_factors": [1, 2]},
    ]
    mdata = sps.datasets.multiomics(modalities, n_side=12)
    rng = np.random.default_rng(1)
    factors = mdata.obsm["spatial_factors"]
    mdata.obsm["X_guess"] = factors[:, [2, 0, 3, 1]] * [1, -2, 3, 4] + rng.normal(0, 0.3, (N, 4))
    mdata.obs["guess"] = np.where(rng.random(N) < 0.2, "z", mdata.obs["domain"].astype(str))
    rna = mdata["rna"]
    rna.obsm["X_own"], rna.varm["W_own"] = rng.random((N, 3)), rng.random((60, 3))
    rna.obsm["X_rest"], rna.varm["W_rest"] = rng.random((N, 2)), rng.random((60, 2))
    rna.obs["own"] = rng.choice(list("abc"), N)
    rna.layers["denoised"] = sps.get.mean(rna).to_numpy() * rng.uniform(0.5, 2, (N, 60))
    rna.var["score"] = rng.random(60)
    rna.uns["moranI"] = pd.DataFrame(
        {"I": rng.random(60), "pval_norm": rng.random(60), "pval_norm_fdr_bh": 1.0}, index=rna.var_names[::-1]
    )
    for adata in mdata.mod.values():
        adata.obsm["X_pca"] = np.log1p(adata.X)[:, :5]
    return mdata


@pytest.fixture
def mdata(made):
    return made.copy()


@pytest.fixture(scope="module")
def made_of_types():
    """Three slices with cell types and batches: only rna loads on cell types; results of the cell types, with noise."""
    mdata = made_world("everything")
    rng = np.random.default_rng(0)
    rna, protein = mdata["rna"], mdata["protein"]
    with without_pulling():
        rna.obsm["E"] = rna.obsm["cell_type_factors"][:, [2, 0, 1]] * [1, -2, 3] + rng.normal(0, 0.2, (rna.n_obs, 3))
        rna.obsm["E4"] = rna.obsm["spatial_factors"] + rng.normal(0, 0.2, (rna.n_obs, 4))
        rna.varm["W"] = rna.varm["cell_type_loadings"][:, [2, 0, 1]] + rng.random((rna.n_vars, 3))
        rna.obs["guess"] = np.where(rng.random(rna.n_obs) < 0.2, "z", rna.obs["cell_type"].astype(str))
        protein.obsm["E"] = rna.obsm["E"].copy()
    return mdata


@pytest.fixture
def cells(made_of_types):
    with without_pulling():
        return made_of_types.copy()


@pytest.fixture(scope="module")
def whole():
    """40 spatial and 40 other features, estimates of everything in the modality."""
    mixture = sps.likelihoods.NegativeBinomialMixture(foreground_probability=0.3)
    features = {"name": "rna", "n_spatial": 40, "n_nonspatial": 40, "likelihood": mixture}
    mdata = sps.datasets.multiomics([features], n_side=12)
    rna = mdata["rna"]
    rna.obsm["X_spatial"], rna.varm["W_spatial"] = rna.obsm["spatial_factors"], rna.varm["spatial_loadings"]
    rna.obsm["X_other"], rna.varm["W_other"] = rna.obsm["nonspatial_factors"], rna.varm["nonspatial_loadings"]
    rna.layers["denoised"] = sps.get.mean(rna).to_numpy()
    rna.layers["p"] = sps.get.foreground_mask(rna).to_numpy(float)
    rna.var["score"] = np.linspace(1, 0, 80)
    return mdata
