"""A view of an object, which holds arrays of a class of anndata's own, scores as its copy does."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array, csr_matrix

import spsim as sps

ROWS = np.random.default_rng(3).permutation(196)[:120]


@cache
def world():
    mdata = sps.datasets.multiomics(n_side=14)
    rng = np.random.default_rng(1)
    truth = np.asarray(mdata.obsm["spatial_factors"])
    for holder in (mdata, mdata["rna"]):
        holder.obsm["guess"] = truth + rng.normal(0, 0.3, truth.shape)
        holder.obs["cluster"] = pd.Categorical(rng.integers(0, 3, mdata.n_obs).astype(str))
    rna = mdata["rna"]
    rna.varm["guess"] = np.asarray(rna.varm["spatial_loadings"]) + rng.random((rna.n_vars, truth.shape[1]))
    rna.layers["guess"] = sps.get.mean(rna).to_numpy() + 0.1
    rna.layers["compressed"] = csr_matrix(rna.layers["guess"])
    return mdata


SCORES = {
    "factor_recovery": lambda part, **k: sps.tl.factor_recovery(part, "guess", **k),
    "variance_recovered": lambda part, **k: sps.tl.variance_recovered(part, "guess", **k),
    "amari_error": lambda part, **k: sps.tl.amari_error(part, "guess", **k),
    "subspace_angles": lambda part, **k: sps.tl.subspace_angles(part, "guess", **k),
    "neighborhood_purity": lambda part, **k: sps.tl.neighborhood_purity(part, "guess", n_neighbors=9, **k),
    "pairwise_distance_correlation": lambda part, **k: sps.tl.pairwise_distance_correlation(part, "guess", **k),
    "domain_agreement": lambda part, **k: sps.tl.domain_agreement(part, "cluster", **k),
    "domain_continuity": lambda part, **k: sps.tl.domain_continuity(part, "cluster", **k),
}
OF_ONE_MODALITY = {
    "loading_recovery": lambda part, **k: sps.tl.loading_recovery(part, "guess", loadings_key="guess", **k),
    "reconstruction": lambda part, **k: sps.tl.reconstruction(part, "guess", **k),
    "reconstruction from a sparse layer": lambda part, **k: sps.tl.reconstruction(part, "compressed", **k),
}


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("of", ["object", "modality"])
def test_a_view_scores_as_its_copy(score: str, of: str) -> None:
    whole = world() if of == "object" else world()["rna"]
    view = whole[ROWS]
    assert view.is_view
    expected = SCORES[score](whole[ROWS].copy(), copy=True)
    pd.testing.assert_frame_equal(SCORES[score](view, copy=True), expected)


@pytest.mark.parametrize("score", OF_ONE_MODALITY)
def test_a_view_of_a_modality_scores_as_its_copy(score: str) -> None:
    rna = world()["rna"]
    # scipy 1.17 cannot index a sparse layer by an array and a slice with a step at once.
    view, features = rna[ROWS], rna[ROWS][:, np.arange(0, rna.n_vars, 2)]
    for part in (view, features):
        assert part.is_view
        expected = OF_ONE_MODALITY[score](part.copy(), copy=True)
        pd.testing.assert_frame_equal(OF_ONE_MODALITY[score](part, copy=True), expected)


def test_evaluate_takes_views_and_modalities_of_views() -> None:
    view, keys = world()[ROWS], ["guess", "rna:guess", "cluster"]
    expected = sps.tl.evaluate(world()[ROWS].copy(), keys, copy=True)
    pd.testing.assert_frame_equal(sps.tl.evaluate(view, keys, copy=True), expected)


def test_arrays_of_views_are_arrays() -> None:
    view = world()["rna"][ROWS]
    plain = np.asarray(view.obsm["guess"])
    truth = np.asarray(view.obsm["spatial_factors"])
    of_view = sps.metrics.factor_recovery(view.obsm["guess"], view.obsm["spatial_factors"])
    assert np.array_equal(of_view.correlation, sps.metrics.factor_recovery(plain, truth).correlation)
    assert sps.metrics.neighborhood_jaccard(view.obsm["guess"], truth, n_neighbors=9) == (
        sps.metrics.neighborhood_jaccard(plain, truth, n_neighbors=9)
    )


@pytest.mark.parametrize("kind", [csr_matrix, csr_array])
def test_sparse_embeddings_are_refused_by_name(kind: type) -> None:
    embedding = np.random.default_rng(0).random((60, 3))
    with pytest.raises(TypeError, match=r"embedding must be a dense array.*call its \.toarray"):
        sps.metrics.neighborhood_jaccard(kind(embedding), embedding, n_neighbors=5)
