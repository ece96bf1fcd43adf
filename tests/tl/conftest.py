"""A small object with results of every kind in it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import spsim as sps

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
