"""Every function of tl gives the numbers of metrics, and tables that files keep."""

from __future__ import annotations

import anndata
import mudata
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from spsim import metrics, tl
from spsim._mudata import without_pulling

RNG = np.random.default_rng(0)
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


def truth_of(mdata):
    return mdata.obsm["spatial_factors"], mdata.obs["domain"].to_numpy(), mdata.obsm["spatial"]


def test_every_score_is_called_here() -> None:
    helpers = {"factors_to_obs", "split"}
    assert {*CALLS, *WITHOUT_TRUTH} == {*tl.__all__} - helpers


@pytest.mark.parametrize("name", [*CALLS, *WITHOUT_TRUTH])
def test_tables_are_stored_unless_copied(mdata, name) -> None:
    call = (CALLS | WITHOUT_TRUTH)[name]
    before = dict(mdata.uns)
    table = call(mdata, copy=True)
    assert dict(mdata.uns) == before
    assert_frame_equal(call(mdata), table)
    assert [key for key in mdata.uns if key.endswith(name)] and set(sps.get.without_truth(mdata).uns) == set()
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
            for key in set(mdata.uns) - before:
                assert_frame_equal(again.uns[key], mdata.uns[key], check_names=False, check_dtype=False)
    assert len(set(mdata.uns) - before) == len(CALLS) + len(WITHOUT_TRUTH) + 3


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


def test_numbers_of_the_embedding(mdata) -> None:
    estimate, (truth, domains, places) = mdata.obsm["X_guess"], truth_of(mdata)
    options = {"n_chance": 9, "rng": 4}
    table = tl.factor_recovery(mdata, "X_guess", **options)
    chance = metrics.factor_chance(estimate, truth, places, n_draws=9, rng=4)
    assert np.allclose(table["chance"], chance.mean) and np.allclose(table["chance_p95"], chance.p95)
    assert np.allclose(table["variance_recovered"], metrics.variance_recovered(estimate, truth))
    assert (table["ceiling"] == 1).all() and (table["n"] == N).all()
    stored = mdata.uns["X_guess_factor_recovery_correlation"]
    assert np.allclose(stored, metrics.factor_recovery(estimate, truth).correlation)
    assert list(stored.columns) == ["0", "1", "2", "3"] and list(stored.index) == list(table.index)

    table = tl.variance_recovered(mdata, "X_guess", **options)
    nulls = list(metrics.smooth_null(estimate, places, n_draws=9, rng=4))
    chance = metrics.chance_level(lambda null: metrics.variance_recovered(null, truth), nulls)
    assert np.allclose(table["score"], metrics.variance_recovered(estimate, truth))
    assert np.allclose(table["chance"], chance.mean) and np.allclose(table["chance_p95"], chance.p95)

    table = tl.subspace_angles(mdata, "X_guess", **options)
    assert np.allclose(table["score"], metrics.subspace_angles(estimate, truth))
    assert np.allclose(table["chance"], np.mean([metrics.subspace_angles(null, truth) for null in nulls], axis=0))
    assert (table["ceiling"] == 0).all()

    table = tl.amari_error(mdata, "X_guess", **options)
    assert table.loc["amari_error", "score"] == metrics.amari_error(estimate, truth)
    assert table.loc["amari_error", "chance"] == pytest.approx(np.mean([metrics.amari_error(e, truth) for e in nulls]))

    table = tl.pairwise_distance_correlation(mdata, "X_guess", n_sampled=50, n_chance=0)
    assert table["score"].iloc[0] == metrics.pairwise_distance_correlation(estimate, truth, n_sampled=50)
    assert list(table) == ["score", "n"] and table["n"].iloc[0] == 50

    table = tl.neighborhood_purity(mdata, "X_guess", n_neighbors=9)
    foreground = domains != "background"
    assert table.loc["all", "score"] == metrics.neighborhood_purity(estimate, domains, n_neighbors=9)
    expected = metrics.neighborhood_purity(estimate, domains, n_neighbors=9, foreground=foreground)
    assert table.loc["foreground", "score"] == expected and table["n"].tolist() == [N, foreground.sum()]


def test_numbers_of_neighbours_in_each_modality(mdata) -> None:
    table = tl.neighborhood_jaccard(mdata, "X_guess", reference_key="X_pca", n_neighbors=9, n_sampled=70)
    for name, adata in mdata.mod.items():
        expected = metrics.neighborhood_jaccard(mdata.obsm["X_guess"], adata.obsm["X_pca"], n_neighbors=9, n_sampled=70)
        assert table.loc[name, "score"] == expected and table.loc[name, "n"] == 70
    one = tl.neighborhood_jaccard(mdata, "X_guess", reference_key="rna:X_pca", n_neighbors=9, n_sampled=70)
    assert_frame_equal(one, table.loc[["rna"]])
    with pytest.raises(KeyError, match="reference_key in obsm: no 'X_pc'; there are 'X_guess', 'rna:X_own'"):
        tl.neighborhood_jaccard(mdata, "X_guess", reference_key="X_pc")
    with pytest.raises(KeyError, match="must be a key of the modalities"):
        tl.neighborhood_jaccard(mdata, "X_guess", reference_key="X_guess")


def test_numbers_of_labels(mdata) -> None:
    labels, (_, domains, places) = mdata.obs["guess"], truth_of(mdata)
    table = tl.domain_agreement(mdata, "guess", visible=["block_1", "block_3"], n_chance=7, rng=2)
    foreground = domains != "background"
    ceiling = metrics.domain_ceiling(domains, {"block_1", "block_3"}, background="background")
    assert table["ceiling"].to_dict() == pytest.approx(ceiling)
    inside = metrics.domain_ceiling(domains, {"block_1", "block_3"}, background="background", foreground=foreground)
    assert table["foreground_ceiling"].to_dict() == pytest.approx(inside)
    chance = metrics.domain_chance(labels, domains, places, n_draws=7, rng=2)
    assert table["chance"].to_dict() == pytest.approx(chance)

    table = tl.domain_continuity(mdata, "guess")
    expected = metrics.domain_continuity(labels, domains, places)
    for name in ("chaos", "pas", "moran", "geary"):
        assert table.loc[name].tolist() == pytest.approx([expected[name], expected[f"{name}_truth"], N])


def test_renamed_clusters_score_the_same(mdata) -> None:
    before = tl.domain_agreement(mdata, "guess", copy=True)
    mdata.obs["guess"] = mdata.obs["guess"].astype("category").cat.codes[::1].map(lambda code: (7 * code) % 13)
    assert_frame_equal(tl.domain_agreement(mdata, "guess", copy=True), before)


def test_numbers_of_loadings(mdata) -> None:
    rna, truth = mdata["rna"], mdata["rna"].varm["spatial_loadings"]
    factors = metrics.factor_recovery(rna.obsm["X_own"], mdata.obsm["spatial_factors"])
    scaled = rna.varm["W_own"] * rna.obsm["X_own"].sum(axis=0)
    expected = metrics.loading_recovery(scaled, truth, match=factors.match, sign=factors.sign)
    table = tl.loading_recovery(mdata, "rna:X_own", loadings_key="W_own")
    for name in ("auroc", "average_precision", "precision_at_support", "support_size", "scored"):
        assert np.array_equal(table[name], getattr(expected, name)), name
    assert table["assignment_accuracy"].iloc[0] == expected.assignment_accuracy
    assert (table["support_share"] == table["support_size"] / 60).all() and (table["match"] == factors.match).all()

    expected = metrics.loadings_clustering(rna.varm["W_own"], truth)
    table = tl.loadings_clustering(mdata, "rna:W_own")
    assert table["score"].to_dict() == {name: expected[name] for name in ("ari", "ari_main_factor")}


def test_numbers_of_blocks(mdata) -> None:
    truth = mdata.obsm["spatial_factors"]
    blocks = mdata.obsm["X_guess"], mdata["rna"].obsm["X_own"], truth[:, [1]], truth[:, [0, 3]]
    expected = metrics.factor_leakage(*blocks, n_folds=4, rng=2)
    table = tl.factor_leakage(mdata, "rna:X_own", shared_key="X_guess", n_folds=4, rng=2)
    assert list(table.index) == ["block_2", "block_1", "block_4"]
    private, shared = (table[table["kind"] == kind] for kind in ("private", "shared"))
    assert private["leak"].mean() == pytest.approx(expected.into_shared) and private["leak"].mean() > 0.3
    assert shared["leak"].mean() == pytest.approx(expected.into_private)
    assert np.array_equal(private["in_private"], expected.private_in_private)
    assert np.array_equal(private["floor"], expected.private_floor)
    with pytest.raises(ValueError, match="must lie in one modality, as in 'modality:X_guess'.* 'rna', 'protein'"):
        tl.factor_leakage(mdata, "X_guess", shared_key="X_guess")


def test_numbers_of_kinds(mdata) -> None:
    mdata.obsm["X_five"] = np.column_stack([mdata.obsm["spatial_factors"][:, [1, 0, 2, 3]], RNG.random((N, 2))])
    kinds = ["shared", "private_rna", "private_rna", "shared", "shared", "background"]
    table = tl.factor_kind(mdata, "X_five", kinds=kinds)
    true_kinds = ["private_rna", "shared", "private_protein", "private_rna"]
    expected = metrics.factor_kind(kinds, true_kinds, match=[1, 0, 2, 3])
    assert table["kind"].tolist() == [*true_kinds, "", ""]
    assert table["estimated_kind"].tolist() == [
        "private_rna",
        "shared",
        "private_rna",
        "shared",
        "shared",
        "background",
    ]
    assert table["status"].tolist() == ["matched"] * 4 + ["spurious", "unused"]
    assert table["accuracy"].iloc[0] == expected["accuracy"] == 0.5
    assert table["macro_f1"].iloc[0] == expected["macro_f1"] and (table["n"] == 4).all()
    mdata.obsm["X_noise"] = RNG.random((N, 4))
    assert "lost" in set(tl.factor_kind(mdata, "X_noise", kinds=["shared"] * 4)["status"])
    energies = WITHOUT_TRUTH["energy_kinds"](mdata, copy=True)
    assert energies["kind"].tolist() == true_kinds
    with pytest.raises(ValueError, match=r"kinds must be one per component of 'X_five' \(6\), got 2"):
        tl.factor_kind(mdata, "X_five", kinds=["shared"] * 2)


def test_numbers_of_features(mdata) -> None:
    rna = mdata["rna"]
    estimate = [rna.obsm["X_own"], rna.varm["W_own"], rna.obsm["X_rest"], rna.varm["W_rest"]]
    truth = [
        rna.obsm["spatial_factors"],
        rna.varm["spatial_loadings"],
        rna.obsm["nonspatial_factors"],
        rna.varm["nonspatial_loadings"],
    ]
    shares = metrics.spatial_importance(*estimate), metrics.spatial_importance(*truth)
    table = CALLS["spatial_importance"](mdata)
    assert np.allclose(table["score"], shares[0]) and np.allclose(table["truth"], shares[1])
    assert table["difference"].sum() == pytest.approx(metrics.spatial_importance_distance(*shares))

    table = CALLS["reconstruction"](mdata)
    expected = metrics.reconstruction(rna.layers["denoised"], sps.get.mean(rna), shape=10)
    assert table["score"].to_dict() == expected.overall and table["n_features"].iloc[0] == 60
    features = mdata.uns["rna:denoised_reconstruction_features"]
    assert np.array_equal(features["d2_nb"], expected.per_feature["d2_nb"])
    assert np.array_equal(features["constant"], expected.constant)
    assert table.loc["rmse", "median"] == np.median(expected.per_feature["rmse"][~expected.constant])


def test_numbers_of_squidpys_table(mdata) -> None:
    rna = mdata["rna"]
    spatial = rna.var["kind"].to_numpy() != "nonspatial"
    scores = rna.uns["moranI"].loc[rna.var_names]
    expected = metrics.svg_detection(scores["I"], spatial, p_values=scores["pval_norm"])
    table = tl.svg_detection(mdata, "rna:moranI")
    n = expected.pop("n")
    assert table["score"].drop("n_untested").to_dict() == pytest.approx(expected) and (table["n"] == n).all()
    assert table.loc[["auroc", "average_precision"], "chance"].tolist() == pytest.approx([0.5, 40 / 60])
    curve = mdata.uns["rna:moranI_svg_detection_curve"]
    assert np.allclose(curve, pd.DataFrame(metrics.precision_recall_curve(scores["I"], spatial)))
    assert (
        tl.svg_detection(rna, "score").loc["auroc", "score"]
        == metrics.svg_detection(rna.var["score"], spatial)["auroc"]
    )


def test_a_method_that_sees_one_modality_has_its_ceiling(mdata) -> None:
    table = tl.factor_recovery(mdata, "rna:X_own")
    assert table["ceiling"].tolist() == [1, 1, table.loc["block_3", "chance"], 1]
    angles = tl.subspace_angles(mdata, "rna:X_own")
    assert (angles["ceiling"] == 0).all()  # three components, three visible factors
    explained = tl.variance_recovered(mdata, "rna:X_own")["ceiling"]
    assert explained.tolist()[:2] == [1, 1] and explained["block_3"] < 1
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
