"""Every likelihood through a scenario: slots, files, replay, new noise and masks, and the workflows of scanpy and squidpy."""

from __future__ import annotations

import mudata
import numpy as np
import pytest

import spsim as sps
from spsim import likelihoods as lk
from workflows.checks import grid_neighbours

COUNTS = {
    "negative_binomial": lk.NegativeBinomial(shape=0.7),
    "per_feature": lk.NegativeBinomial(shape=np.linspace(0.5, 20, 90).tolist()),
    "zero_inflated": lk.ZeroInflatedNegativeBinomial(shape=3, dropout_rate=0.3),
    "poisson": lk.Poisson(),
    "zero_inflated_poisson": lk.ZeroInflatedPoisson(dropout_rate=0.4),
    "mixture": lk.NegativeBinomialMixture(foreground_probability=0.3, background_mean=1.5),
    "bernoulli": lk.Bernoulli(),
}
VALUES = {"gaussian": lk.Gaussian(sd=0.5), "log_normal": lk.LogNormal(sd=0.4)}
ALL = COUNTS | VALUES


def made(name: str, **fields):
    return sps.datasets.quilt(13, n_mixed=90, likelihood=ALL[name], **fields)


@pytest.mark.parametrize("name", ALL)
def test_objects_come_back_replay_and_are_measured_anew(name, tmp_path) -> None:
    mdata = made(name)
    mdata.write(tmp_path / "a.h5mu")
    read = mudata.read(tmp_path / "a.h5mu")
    assert np.array_equal(read["rna"].X, mdata["rna"].X)
    assert np.array_equal(sps.datasets.replay(read)["rna"].X, mdata["rna"].X)
    assert sps.Scenario.from_mdata(read).modalities[0].likelihood == ALL[name]
    again = sps.datasets.resample(read, rng=5)
    part = mdata["rna"][::-2, ::-3].copy()
    whole = mudata.MuData({"rna": part})
    for key in ("spatial", "spatial_factors"):
        whole.obsm[key] = part.obsm[key]
    whole.obs, whole.uns["spsim"] = mdata.obs.loc[part.obs_names], mdata.uns["spsim"]
    expected = again["rna"][part.obs_names, part.var_names].X
    assert np.array_equal(sps.datasets.resample(whole, rng=5)["rna"].X, expected)
    assert repr(ALL[name]) in sps.datasets.describe(mdata).paragraph


@pytest.mark.parametrize("name", ALL)
def test_raw_measurements_are_kept_under_their_own_name(name) -> None:
    adata = made(name)["rna"]
    layer = "counts" if name in COUNTS else "raw"
    assert set(adata.layers) - {None} == {layer} and np.array_equal(adata.layers[layer], adata.X)
    assert not np.shares_memory(adata.layers[layer], adata.X)
    assert np.array_equal(adata.X, adata.X.round()) == (name in COUNTS)
    assert len(sps.pl.overview(made(name)).axes) > 4


@pytest.mark.parametrize("name", COUNTS)
def test_sparse_counts_are_the_same(name) -> None:
    assert np.array_equal(made(name, sparse=True)["rna"].X.toarray(), made(name)["rna"].X)


@pytest.mark.parametrize("name", VALUES)
def test_values_are_never_sparse(name) -> None:
    with pytest.raises(ValueError, match="sparse=True needs counts, but modality 'rna' is measured as"):
        made(name, sparse=True)


@pytest.mark.parametrize("name", ["zero_inflated", "zero_inflated_poisson"])
def test_the_dropout_mask_is_what_was_dropped(name) -> None:
    mdata = made(name)
    mask = sps.get.dropout_mask(mdata["rna"])
    assert (mdata["rna"].X[mask] == 0).all()
    rate = ALL[name].dropout_rate
    assert abs(mask.mean(axis=None) - rate) < 4.5 * np.sqrt(rate * (1 - rate) / mask.size)
    bright = sps.get.mean(mdata["rna"]).to_numpy() > 15
    # At these means an undropped zero has probability under 0.01 (shape 3), so zeros are the mask.
    assert ((mdata["rna"].X == 0) == mask.to_numpy())[bright].mean() > 0.98
    rng = np.random.default_rng(0)
    part = mdata["rna"][rng.permutation(169)[:50], rng.permutation(90)[:30]].copy()
    assert sps.get.dropout_mask(part).equals(mask.loc[part.obs_names, part.var_names])
    assert not np.array_equal(sps.get.dropout_mask(sps.datasets.resample(mdata, rng=1)["rna"]), mask)


def test_without_dropout_nothing_is_masked() -> None:
    assert not sps.get.dropout_mask(made("poisson")["rna"]).any(axis=None)


def test_the_published_mask_of_spamv_is_recomputed() -> None:
    rna = sps.datasets.published("spamv_1")["rna"]
    mask = sps.get.dropout_mask(rna).to_numpy()
    assert np.array_equal(rna.X, np.where(mask, 0, rna.layers["counts_before_dropout"]))


def test_the_foreground_mask_splits_the_mixture() -> None:
    adata = made("mixture", expression_mean=50, n_nonspatial_factors=1)["rna"]
    mask = sps.get.foreground_mask(adata).to_numpy()
    assert abs(mask.mean() - 0.3) < 4.5 * np.sqrt(0.21 / mask.size)
    assert abs(adata.X[~mask].mean() - 1.5) < 4.5 * np.sqrt((1.5 + 0.225) / (~mask).sum())
    mean = sps.get.mean(adata).to_numpy()[mask]
    assert abs((adata.X[mask] - mean).mean()) < 4.5 * np.sqrt((mean + mean**2 / 10).mean() / mask.sum())
    perfect = sps.metrics.foreground_detection(mask.astype(float), mask)
    assert perfect["auroc"] == 1 and perfect["brier"] == 0
    with pytest.raises(TypeError, match="likelihood must be a NegativeBinomialMixture to have a foreground"):
        sps.get.foreground_mask(made("poisson")["rna"])


@pytest.mark.parametrize("name", ALL)
def test_scanpy_and_squidpy_take_it_as_it_is(name) -> None:
    import scanpy as sc
    import squidpy as sq

    adata = made(name)["rna"]
    if name in COUNTS:
        sc.pp.normalize_total(adata)
        sc.pp.log1p(adata)
    sc.pp.pca(adata, n_comps=5)
    grid_neighbours(adata)
    sq.gr.spatial_autocorr(adata, mode="moran", genes=list(adata.var_names[:5]), n_perms=None, show_progress_bar=False)
    assert np.isfinite(adata.obsm["X_pca"]).all() and np.isfinite(adata.uns["moranI"]["I"]).all()


def test_a_shape_per_feature_needs_as_many() -> None:
    with pytest.raises(ValueError, match=r"shape must have one value per feature \(90\), got 2 values"):
        sps.datasets.quilt(13, n_mixed=90, shape=[1.0, 2.0])
