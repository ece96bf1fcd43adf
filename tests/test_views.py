"""A view of an object, which holds arrays of a class of anndata's own, scores as its copy does."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csc_matrix, csr_array, csr_matrix

import spsim as sps
from scores_of_worlds import OF_WORLDS
from spsim.slots import without_pulling
from spsim.testing import assert_agrees, assert_recovers, fingerprint

ROWS = np.random.default_rng(3).permutation(144)[:90]
KINDS = ["private_rna", "shared", "private_protein", "private_rna"]


@cache
def world():
    mixture = sps.likelihoods.NegativeBinomialMixture(foreground_probability=0.3)
    rna = {"n_mixed": 50, "n_spatial": 20, "n_nonspatial": 20, "dropout_rate": 0.3, "active_factors": [0, 1, 3]}
    protein = {"n_mixed": 30, "likelihood": mixture, "active_factors": [1, 2]}
    mdata = sps.datasets.multiomics([{"name": "rna"} | rna, {"name": "protein"} | protein], n_side=12)
    rng = np.random.default_rng(1)
    truth, n_obs = np.asarray(mdata.obsm["spatial_factors"]), mdata.n_obs
    with without_pulling():
        for holder in (mdata, *mdata.mod.values()):
            holder.obsm["guess"] = truth + rng.normal(0, 0.3, truth.shape)
            frame = pd.DataFrame(holder.obsm["guess"], holder.obs_names, list("abcd"))
            holder.obsm["frame"], holder.obsm["nullable"] = frame, frame.astype("Float64")
            holder.obsm["private"], holder.obsm["pca"] = rng.random((n_obs, 2)), rng.random((n_obs, 8))
            holder.obsm["sparse"] = csr_matrix(truth)
            clusters = rng.integers(0, 3, n_obs)
            holder.obs["cluster"] = pd.Categorical(clusters.astype(str), categories=list("0129"))
            holder.obs["number"] = pd.array(clusters, dtype="Int64")
            holder.obs["string"] = pd.array(clusters.astype(str), dtype="string")
        for part in mdata.mod.values():
            part.varm["guess"] = np.asarray(part.varm["spatial_loadings"]) + rng.random((part.n_vars, 4))
            part.varm["other"] = rng.random((part.n_vars, 2))
            part.layers["guess"] = sps.get.mean(part).to_numpy() + 0.1
            part.layers["share"] = rng.random(part.shape)
            for name, kind in (("csr", csr_matrix), ("csc", csc_matrix)):
                part.layers[name] = kind(part.layers["share"] * (part.layers["share"] > 0.5))
            part.var["score"] = rng.random(part.n_vars)
            tested = {"I": rng.random(part.n_vars), "pval_norm": rng.random(part.n_vars)}
            part.uns["moranI"] = pd.DataFrame(tested, index=part.var_names)
            part.obsp["near"] = csr_matrix(rng.random((n_obs, n_obs)) > 0.9, dtype=float)
        mdata.varm["LFs"] = rng.random((mdata.n_vars, 4))
    return mdata


def frame_of(part, layer):
    """A layer as a table, its rows and columns in another order."""
    table = pd.DataFrame(np.asarray(part.layers[layer]), part.obs_names, part.var_names)
    return table.iloc[::-1, ::-1]


EMBEDDINGS = {
    "factor_recovery": {},
    "variance_recovered": {},
    "amari_error": {},
    "subspace_angles": {},
    "neighborhood_purity": {"n_neighbors": 9},
    "pairwise_distance_correlation": {},
    "neighborhood_jaccard": {"reference_key": "pca", "n_neighbors": 9},
    "factor_kind": {"kinds": KINDS},
}
SCORES = {
    **{
        f"{name} of {key}": lambda part, name=name, key=key, more=more: getattr(sps.tl, name)(
            part, key, **more, copy=True
        )
        for name, more in EMBEDDINGS.items()
        for key in ("guess", "frame", "nullable")
    },
    **{
        f"{name} of {key}": lambda part, name=name, key=key: getattr(sps.tl, name)(part, key, copy=True)
        for name in ("domain_agreement", "domain_continuity")
        for key in ("cluster", "number", "string")
    },
}
OF_ALL = {
    "energy_kinds": lambda m: sps.tl.energy_kinds(m, "guess", loadings_key="guess", copy=True),
    "energy_kinds of muon": lambda m: sps.tl.energy_kinds(m, "guess", loadings_key="LFs", copy=True),
    "loading_recovery of muon": lambda m: sps.tl.loading_recovery(m, "guess", loadings_key="LFs", copy=True),
    "factor_kind of blocks": lambda m: sps.tl.factor_kind(m, "rna:private", shared_key="guess", copy=True),
    "factor_leakage": lambda m: sps.tl.factor_leakage(m, "guess", kinds=KINDS, copy=True),
    "factor_leakage of blocks": lambda m: sps.tl.factor_leakage(m, "rna:private", shared_key="guess", copy=True),
    "evaluate": lambda m: sps.tl.evaluate(m, ["guess", "rna:frame", "cluster", "rna:moranI"], copy=True),
    "reconstruction of a table": lambda m: sps.tl.reconstruction(m, estimate=frame_of(m["rna"], "guess"), copy=True),
}
OF_A_MODALITY = {
    "factor_recovery with loadings": lambda p: sps.tl.factor_recovery(p, "guess", loadings_key="guess", copy=True),
    "loading_recovery": lambda p: sps.tl.loading_recovery(p, "guess", loadings_key="guess", copy=True),
    "loadings_clustering": lambda p: sps.tl.loadings_clustering(p, "guess", copy=True),
    "spatial_importance": lambda p: sps.tl.spatial_importance(
        p,
        "private",
        loadings_key="other",
        nonspatial_key="private",
        nonspatial_loadings_key="other",
        copy=True,
    ),
    "svg_detection of a column": lambda p: sps.tl.svg_detection(p, "score", copy=True),
    "svg_detection of a table": lambda p: sps.tl.svg_detection(p, "moranI", copy=True),
    "domain_continuity on a graph": lambda p: sps.tl.domain_continuity(p, "cluster", graph_key="near", copy=True),
    "evaluate": lambda p: sps.tl.evaluate(p, ["guess", "cluster", "moranI"], copy=True),
    **{
        f"{name} of {layer}": lambda p, name=name, layer=layer: getattr(sps.tl, name)(p, layer, copy=True)
        for name in ("reconstruction", "dropout_detection")
        for layer in ("share", "csr", "csc")
    },
    "reconstruction of a table": lambda p: sps.tl.reconstruction(p, estimate=frame_of(p, "guess"), copy=True),
    "dropout_detection of a table": lambda p: sps.tl.dropout_detection(p, estimate=frame_of(p, "share"), copy=True),
}


def assert_same(score, view) -> None:
    assert view.is_view
    pd.testing.assert_frame_equal(score(view), score(view.copy()))
    assert view.is_view  # and still is one: nothing was written


def test_every_score_of_tl_is_tried() -> None:
    tried = {name.partition(" ")[0] for group in (SCORES, OF_ALL, OF_A_MODALITY) for name in group}
    assert {*sps.tl.__all__} - tried - OF_WORLDS == {"factors_to_obs", "foreground_detection", "split"}


@pytest.mark.parametrize("name", [*SCORES, *OF_ALL])
def test_a_view_scores_as_its_copy(name: str) -> None:
    assert_same((SCORES | OF_ALL)[name], world()[ROWS])


@pytest.mark.parametrize("name", [*SCORES, *OF_A_MODALITY])
def test_a_view_of_a_modality_scores_as_its_copy(name: str) -> None:
    # scipy 1.17 cannot index a sparse layer by an array and a slice with a step at once.
    rna = world()["rna"]
    for view in (rna[ROWS], rna[ROWS][:, np.arange(0, rna.n_vars, 2)], world()[ROWS]["rna"], rna[20:, 5:]):
        assert_same((SCORES | OF_A_MODALITY)[name], view)


@pytest.mark.parametrize("layer", ["share", "csr", "csc"])
def test_a_foreground_of_a_view_scores_as_its_copy(layer: str) -> None:
    for view in (world()["protein"][ROWS], world()[ROWS]["protein"][:, 3:20]):
        assert_same(lambda part: sps.tl.foreground_detection(part, layer, copy=True), view)
        assert_same(lambda p: sps.tl.foreground_detection(p, estimate=frame_of(p, "share"), copy=True), view)


def test_evaluate_takes_views_and_modalities_of_views() -> None:
    view, keys = world()[ROWS], ["guess", "rna:guess", "cluster"]
    expected = sps.tl.evaluate(world()[ROWS].copy(), keys, copy=True)
    pd.testing.assert_frame_equal(sps.tl.evaluate(view, keys, copy=True), expected)


def test_a_truth_that_is_a_view_scores_as_its_copy() -> None:
    blind, truth = sps.get.without_truth(world())[ROWS], world()[ROWS]
    for score in (
        lambda source: sps.tl.evaluate(blind, ["guess", "cluster", "rna:moranI"], truth=source, copy=True),
        lambda source: sps.tl.reconstruction(blind, "rna:csr", truth=source, copy=True),
        lambda source: sps.tl.factor_leakage(blind, "guess", kinds=KINDS, truth=source, copy=True),
    ):
        pd.testing.assert_frame_equal(score(truth), score(truth.copy()))


def test_assertions_and_hashes_take_views() -> None:
    for view in (world()[ROWS], world()["rna"][ROWS]):
        assert_recovers(view, "guess", at_least=0.3)
        assert_agrees(view, "cluster", score="mi", at_least=1e-9)
        with pytest.raises(AssertionError, match="is missed by block_1"):
            assert_recovers(view, "guess", at_least=1.1)
    assert fingerprint(world()[ROWS]) == fingerprint(world()[ROWS].copy())


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


@pytest.mark.parametrize("name", EMBEDDINGS)
def test_sparse_results_of_objects_and_views_are_refused_by_name(name: str) -> None:
    for part in (world()["rna"], world()["rna"][ROWS]):
        with pytest.raises(TypeError, match=r"must be a dense array, got a sparse .*call its \.toarray"):
            getattr(sps.tl, name)(part, "sparse", **EMBEDDINGS[name], copy=True)
    with pytest.raises(TypeError, match=r"reference must be a dense array, got a sparse"):
        sps.tl.neighborhood_jaccard(world()["rna"][ROWS], "guess", reference_key="sparse", n_neighbors=9)
