"""squidpy takes the objects as they are, and its Moran's I sees which features are spatial."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import squidpy as sq
from matplotlib import pyplot as plt
from sklearn.metrics import roc_auc_score

import spsim as sps
from workflows.checks import dense, grid_neighbours

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData


def _moran(adata: AnnData, **kwargs: object) -> np.ndarray:
    if "spatial_connectivities" not in adata.obsp:
        grid_neighbours(adata)
    table = sq.gr.spatial_autocorr(adata, mode="moran", copy=True, **kwargs)
    return table.sort_index()["I"].to_numpy() if kwargs else table.loc[adata.var_names, "I"].to_numpy()


def _neighbour_weights(adata: AnnData) -> np.ndarray:
    """Row-normalised weights of the (up to four) spots at distance 1, as squidpy weighs them."""
    difference = adata.obsm["spatial"][:, None] - adata.obsm["spatial"]
    near = np.abs(difference).sum(axis=2) == 1
    return near / near.sum(axis=1, keepdims=True)


def _plain_moran(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Moran (1950), with weights that sum to the number of spots."""
    centred = values - values.mean(axis=0)
    return np.einsum("ij,ik,jk->k", weights, centred, centred) / (centred**2).sum(axis=0)


def test_grid_neighbours_are_the_four_around_each_spot(small: MuData) -> None:
    for adata in small.mod.values():
        grid_neighbours(adata)
        degree = np.asarray(adata.obsp["spatial_connectivities"].sum(axis=1)).ravel()
        n_borders = np.isin(adata.obsm["spatial"], [0, 11]).sum(axis=1)
        assert np.array_equal(degree, 4 - n_borders)


def test_moran_of_features(small: MuData) -> None:
    for adata in small.mod.values():
        expected = _plain_moran(dense(adata.X).astype(float), _neighbour_weights(adata))
        assert np.allclose(_moran(adata), expected, atol=1e-5)
        sq.gr.spatial_autocorr(adata, mode="moran")
        assert set(adata.uns["moranI"].index) == set(adata.var_names)


@pytest.mark.parametrize("layer", ["spatial_factors", "nonspatial_factors"])
def test_moran_of_factors_in_obsm(small: MuData, layer: str) -> None:
    for adata in small.mod.values():
        expected = _plain_moran(adata.obsm[layer].astype(float), _neighbour_weights(adata))
        assert np.allclose(_moran(adata, attr="obsm", layer=layer), expected, atol=1e-5)


def _auroc(adata: AnnData, kind: np.ndarray) -> float:
    return float(roc_auc_score(kind != "nonspatial", _moran(adata)))


@pytest.mark.parametrize("counts", [{"n_spatial": 250}, {"n_mixed": 250}], ids=["spatial", "mixed"])
def test_moran_separates_the_kinds(counts: dict[str, int], sparse: bool) -> None:
    """Shuffled labels of 250 against 250 have AUROC 0.5 with standard deviation 0.026; 0.1 off has p = 1e-4."""
    adata = sps.datasets.quilt(n_nonspatial=250, sparse=sparse, **counts)["rna"]
    kind = adata.var["kind"].astype(str).to_numpy()
    assert _auroc(adata, kind) > 0.999
    assert abs(_auroc(adata, np.random.default_rng(0).permutation(kind)) - 0.5) < 0.1


def test_moran_is_high_only_while_spots_are_in_their_places() -> None:
    """Without spatial signal it has standard deviation (2 × 1296)^-1/2 = 0.02: 0.1 is five of them, p = 3e-7 each."""
    adata = sps.datasets.quilt(n_spatial=250)["rna"]
    assert _moran(adata).min() > 0.4
    adata.obsm["spatial"] = np.random.default_rng(0).permutation(adata.obsm["spatial"])
    grid_neighbours(adata)
    assert _moran(adata).max() < 0.1


def test_spatial_scatter_takes_domains_factors_and_features(small: MuData) -> None:
    sps.tl.factors_to_obs(small)
    factor = sps.get.factors(small).columns[0]
    for adata in small.mod.values():
        axes = sq.pl.spatial_scatter(adata, shape=None, color=["domain", factor, adata.var_names[0]], return_ax=True)
        assert len(axes) == 3
        assert np.array_equal(axes[1].collections[0].get_array(), adata.obsm["spatial_factors"][:, 0])
        assert np.array_equal(axes[1].collections[0].get_offsets(), adata.obsm["spatial"])
    sq.pl.spatial_scatter(small, shape=None, color=["domain", factor])
    plt.gcf().canvas.draw()


def test_spatial_scatter_draws_the_motif_as_printed(small: MuData) -> None:
    """y downwards, and so do our own pictures."""
    adata = next(iter(small.mod.values()))
    assert sq.pl.spatial_scatter(adata, shape=None, return_ax=True).yaxis_inverted()
    assert sps.pl.domains(adata).axes[0].yaxis_inverted()
