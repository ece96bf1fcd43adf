"""Every function of tl gives the numbers of metrics, and tables that files keep."""

from __future__ import annotations

import json

import anndata
import mudata
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from spsim import metrics, tl
from spsim.slots import without_pulling

N = 144
RNG = np.random.default_rng(0)


CALLS = {
    "factor_recovery": lambda m, **k: tl.factor_recovery(m, "X_guess", n_chance=5, **k),
    "variance_recovered": lambda m, **k: tl.variance_recovered(m, "X_guess", n_chance=5, **k),
    "subspace_angles": lambda m, **k: tl.subspace_angles(m, "X_guess", n_chance=5, **k),
    "amari_error": lambda m, **k: tl.amari_error(m, "X_guess", n_chance=5, **k),
    "pairwise_distance_correlation": lambda m, **k: tl.pairwise_distance_correlation(m, "X_guess", n_chance=5, **k),
    "neighborhood_purity": lambda m, **k: tl.neighborhood_purity(m, "X_guess", n_neighbors=7, n_chance=5, **k),
    "factor_kind": lambda m, **k: tl.factor_kind(m, "X_guess", kinds=["shared", "private_rna"] * 2, n_chance=5, **k),
    "domain_agreement": lambda m, **k: tl.domain_agreement(m, "guess", n_chance=5, **k),
    "domain_continuity": lambda m, **k: tl.domain_continuity(m, "guess", **k),
    "loading_recovery": lambda m, **k: tl.loading_recovery(m, "rna:X_own", loadings_key="W_own", **k),
    "loadings_clustering": lambda m, **k: tl.loadings_clustering(m, "rna:W_own", **k),
    "factor_leakage": lambda m, **k: tl.factor_leakage(m, "rna:X_own", shared_key="X_guess", **k),
    "spatial_importance": lambda m, **k: tl.spatial_importance(
        m,
        "rna:X_own",
        loadings_key="W_own",
        nonspatial_key="X_rest",
        nonspatial_loadings_key="W_rest",
        **k,
    ),
    "reconstruction": lambda m, **k: tl.reconstruction(m, "rna:denoised", shape=10, **k),
    "svg_detection": lambda m, **k: tl.svg_detection(m, "rna:moranI", **k),
    "evaluate": lambda m, **k: tl.evaluate(m, ["X_guess", "rna:own", "rna:moranI"], n_chance=5, **k),
}
WITHOUT_TRUTH = {
    "neighborhood_jaccard": lambda m, **k: tl.neighborhood_jaccard(
        m, "X_guess", reference_key="X_pca", n_neighbors=7, **k
    ),
    "energy_kinds": lambda m, **k: tl.energy_kinds(
        m, "spatial_factors", loadings_key="spatial_loadings", threshold=0, **k
    ),
}


def test_every_score_is_called_here() -> None:
    helpers = {"factors_to_obs", "split"}
    of_masks = {"dropout_detection", "foreground_detection"}  # need likelihoods of their own: test_mask_detection.py
    # Need several slices, cells of types or programs: test_slices.py, test_proportion_recovery.py, test_ecotype_recovery.py,
    # test_network_recovery.py.
    of_slices = {"abundance_recovery", "correspondence_accuracy", "registration_error", "slice_mixing"}
    of_others = {"ecotype_recovery", "proportion_recovery", "network_recovery", "response_recovery"}
    assert {*CALLS, *WITHOUT_TRUTH} == {*tl.__all__} - helpers - of_masks - of_slices - of_others


@pytest.mark.parametrize("name", [*CALLS, *WITHOUT_TRUTH])
def test_tables_are_stored_unless_copied(mdata, name) -> None:
    call = (CALLS | WITHOUT_TRUTH)[name]
    before = dict(mdata.uns)
    table = call(mdata, copy=True)
    assert dict(mdata.uns) == before
    assert_frame_equal(call(mdata), table)
    assert [key for key in mdata.uns if key.endswith(name)] and set(sps.get.without_truth(mdata).uns) == {
        "spsim_fingerprint"
    }
    call(mdata, key_added="mine")
    assert_frame_equal(mdata.uns["mine"], table)


@pytest.mark.slow
def test_tables_survive_files(mdata, tmp_path) -> None:
    before = set(mdata.uns)
    for call in (CALLS | WITHOUT_TRUTH).values():
        call(mdata)
    with without_pulling():
        mdata.write(tmp_path / "m.h5mu")
        mdata.write_zarr(tmp_path / "m.zarr")
        for again in (mudata.read(tmp_path / "m.h5mu"), mudata.read_zarr(tmp_path / "m.zarr")):
            noted = set(json.loads(str(again.uns["spsim_scores"])))
            assert noted == set(mdata.uns) - before - {"spsim_scores"}
            for key in noted:
                assert_frame_equal(again.uns[key], mdata.uns[key], check_names=False, check_dtype=False)
            assert set(sps.get.without_truth(again).uns) == {"spsim_fingerprint"}
    assert len(noted) == len(CALLS) + len(WITHOUT_TRUTH) + 3


@pytest.mark.parametrize("name", CALLS)
def test_shuffled_rows_of_another_object_give_the_same(mdata, name) -> None:
    expected = CALLS[name](mdata, copy=True)
    blind = sps.get.without_truth(mdata)
    order = np.random.default_rng(3).permutation(N)
    with without_pulling():
        shuffled = blind[order].copy()
        if name != "loadings_clustering":  # k-means starts from features by position
            shuffled.mod["rna"] = shuffled["rna"][:, np.random.default_rng(4).permutation(60)].copy()
    again = CALLS[name](shuffled, truth=mdata)
    assert_frame_equal(again.loc[expected.index], expected, rtol=1e-6, atol=1e-9)


def test_a_method_that_sees_one_modality_has_its_ceiling(mdata) -> None:
    table = tl.factor_recovery(mdata, "rna:X_own")
    assert table["ceiling"].drop("block_3").tolist() == [1, 1, 1]
    angles = tl.subspace_angles(mdata, "rna:X_own")
    assert (angles["ceiling"] == 0).all()  # three components, three visible factors
    explained = tl.variance_recovered(mdata, "rna:X_own")["ceiling"]
    assert explained.tolist()[:2] == [1, 1] and explained["block_3"] < 1
    # Of an unseen factor the seen ones explain a part, and unrelated columns more: never less than either.
    factors = mdata.obsm["spatial_factors"]
    known = metrics.variance_recovered(factors[:, [0, 1, 3]], factors)[2]
    assert explained["block_3"] > max(known, tl.variance_recovered(mdata, "rna:X_own").loc["block_3", "chance"])
    assert table.loc["block_3", "ceiling"] == np.sqrt(explained["block_3"])
    alone = sps.get.without_truth(mdata)["rna"]
    by_features = tl.factor_recovery(alone, "X_own", truth=mdata)
    assert_frame_equal(by_features, table)


def test_features_that_were_not_tested_rank_last() -> None:
    rna = sps.datasets.quilt(n_side=6, n_spatial=4, n_nonspatial=4)["rna"]
    rna.uns["gearyC"] = pd.DataFrame({"C": [0.2, 0.3, np.nan, 0.9]}, index=[f"rna_{j}" for j in (0, 1, 2, 5)])
    table = tl.svg_detection(rna, "gearyC")
    assert table.loc["n_untested", "score"] == 5
    # Two found, then the tested non-spatial one, then five ties of which two are spatial.
    assert mdata_curve(rna, "gearyC") == [(1, 1), (2, 2), (3, 2), (8, 4)]
    rna.uns["other"] = pd.DataFrame({"q": np.arange(8) / 8}, index=rna.var_names)
    assert tl.svg_detection(rna, "other", p_value_column="q").loc["auroc", "score"] == 1
    with pytest.raises(ValueError, match="score_column must name a column of uns.'other'.*there are 'q'"):
        tl.svg_detection(rna, "other")
    with pytest.raises(KeyError, match="no 'moranI'; there are 'gearyC'"):
        tl.svg_detection(rna, "moranI")


def mdata_curve(rna, key):
    curve = rna.uns[f"{key}_svg_detection_curve"]
    return [(n, round(n * p)) for n, p in zip(curve["n_selected"], curve["precision"], strict=True)]


@pytest.mark.parametrize("name", CALLS)
def test_names_that_do_not_match_are_refused(mdata, name) -> None:
    blind = sps.get.without_truth(mdata)
    with without_pulling():
        parts = {m: part.copy() for m, part in blind.mod.items()}
        for part in parts.values():
            part.obs_names = [f"other_{i}" for i in range(N)]
            part.var_names = [f"other_{name}" for name in part.var_names]
        stranger = mudata.MuData(parts)
        stranger.obsm["X_guess"], stranger.obs["guess"] = mdata.obsm["X_guess"], mdata.obs["guess"].to_numpy()
    with pytest.raises(ValueError, match="alignment is by obs_names|is one of var_names|alignment is by var_names"):
        CALLS[name](stranger, truth=mdata)


def test_repeated_names_are_refused(mdata) -> None:
    names = mdata.obs_names.to_numpy(object).copy()
    names[1] = names[0]
    twice = anndata.AnnData(obs=pd.DataFrame(index=names), obsm={"X": mdata.obsm["X_guess"]})
    with pytest.raises(ValueError, match="obs_names of the estimate must be unique to be aligned, got 'spot_0'"):
        tl.factor_recovery(twice, "X", truth=mdata)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: tl.variance_recovered(m, "X_gues"), "obsm: no 'X_gues'; there are 'X_guess', 'rna:X_own'"),
        (lambda m: tl.domain_continuity(m, "rna:leiden"), "obs of modality 'rna': no 'leiden'; there are"),
        (lambda m: tl.loadings_clustering(m, "W"), "varm: no 'W'; there are .*'rna:W_own'"),
        (lambda m: tl.reconstruction(m, "denoised"), "layers: no 'denoised'; there are .*'rna:denoised'"),
        (lambda m: tl.svg_detection(m, "moranI"), "no 'moranI'; there are 'rna:moranI'"),
        (lambda m: tl.evaluate(m, ["X_guess", "own"]), "keys: no 'own'; there are .*'rna:own'"),
        (lambda m: tl.domain_continuity(m, "guess", graph_key="spatial_connectivities"), "obsp: no 'spatial_conn"),
        (lambda m: tl.energy_kinds(m, "X_guess", loadings_key="LFs"), "varm of modality 'rna': no 'LFs'; there are"),
    ],
)
def test_unknown_keys_list_those_there_are(mdata, call, message) -> None:
    with pytest.raises(KeyError, match=message):
        call(mdata)


def test_spots_off_a_lattice_have_no_lattice_graph() -> None:
    mdata = sps.datasets.quilt(layout=sps.patterns.Uniform(n_spots=60), n_spatial=20)
    mdata.obs["guess"] = RNG.choice(list("ab"), 60)
    assert list(tl.domain_continuity(mdata, "guess").index) == ["chaos", "pas"]
    rna = mdata["rna"]
    rna.obs["guess"] = mdata.obs["guess"].to_numpy()
    near = np.linalg.norm(rna.obsm["spatial"][:, None] - rna.obsm["spatial"], axis=2)
    from scipy.sparse import csr_matrix

    rna.obsp["near"] = csr_matrix((near < np.quantile(near, 0.2)) & (near > 0), dtype=float)
    table = tl.domain_continuity(rna, "guess", graph_key="near")
    expected = metrics.label_autocorrelation(rna.obs["guess"], rna.obsp["near"])
    assert table.loc["moran", "score"] == expected["moran"]
    assert (tl.evaluate(mdata, ["guess"], n_chance=3)["value"].notna()).all()
