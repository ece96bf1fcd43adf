"""rna_and_image against plain loops: means, noise, smooth nuisance, loadings and depth.

False alarms: each check of a right simulator with a fresh seed fails with at most 1e-4; a test makes up to a dozen.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import binomtest, gamma, kstest

import spsim as sps
from oracles import noise
from oracles import rna_and_image as oracle
from oracles.metrics_factors import pearson
from spsim.patterns import Hexagonal, Uniform

SEEDS = range(3)
WORLDS = {
    "default": {"n_side": 9},
    "no nuisance": {"n_side": 9, "nuisance_sd": 0.0},
    "much nuisance": {"n_side": 9, "nuisance_sd": 1.5, "n_features": 40},
    "quilt": {"n_side": 12, "pattern": "quilt", "confuse": {"rna": [("squares", "corners"), ("corners", "scotland")]}},
    "hexagonal": {"layout": Hexagonal(9, 8)},
    "uniform": {"layout": Uniform(60), "confuse": {}},
    "kept": {"n_side": 6, "keep_mean": True},
}


def expected(adata):
    f, u = (adata.obsm[key].tolist() for key in ("spatial_factors", "nuisance_factors"))
    q, v = (adata.varm[key].tolist() for key in ("spatial_loadings", "nuisance_loadings"))
    terms = {"factors": f, "loadings": q, "nuisance": u, "nuisance_loadings": v}
    if "baseline" not in adata.var:
        return oracle.image(**terms)
    baseline, sizes = adata.var["baseline"].astype(float).tolist(), adata.obs["library_size"].astype(float).tolist()
    return oracle.transcripts(baseline=baseline, sizes=sizes, **terms)


def assert_means(adata) -> None:
    assert_allclose(sps.get.mean(adata), expected(adata), rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("world", WORLDS)
def test_means(world, seed) -> None:
    mdata = sps.datasets.rna_and_image(rng=seed, **WORLDS[world])
    rng = np.random.default_rng(seed)
    for adata in mdata.mod.values():
        assert_means(adata)
        spots, features = (rng.permutation(n)[: n // 2] for n in adata.shape)
        assert_means(adata[spots, features].copy())
        if world == "kept":
            assert_allclose(adata.layers["mean"], sps.get.mean(adata), rtol=1e-6, atol=1e-6)
    assert np.array_equal(mdata["rna"].obsm["nuisance_factors"], mdata["image"].obsm["nuisance_factors"])
    wrong = mdata["image"].copy()
    wrong.varm["spatial_loadings"] = wrong.varm["spatial_loadings"][:, ::-1]
    assert not np.allclose(sps.get.mean(mdata["image"]), expected(wrong), atol=1e-3)


@pytest.mark.parametrize("seed", SEEDS)
def test_noise(seed) -> None:
    mdata = sps.datasets.rna_and_image(n_side=15, rng=seed)
    image = mdata["image"]
    assert np.array_equal(image.X, image.layers["raw"])
    residual = (image.X - sps.get.mean(image).to_numpy()) / 1.6
    assert noise.is_normal(residual) > 1e-4
    for wrong in (residual * 1.1, residual**3 / np.sqrt(15)):
        assert noise.is_normal(wrong) < 1e-4
    assert abs(noise.dependence(residual[:, :60])) < 5
    assert abs(noise.dependence(residual.T[:, :60])) < 5
    copied = residual[:, :30].copy()
    copied[:, 1:5] = copied[:, :1]
    assert abs(noise.dependence(copied)) > 5

    rna = mdata["rna"][:, 20:60]
    z = noise.scores(
        rna.X,
        sps.get.mean(rna).to_numpy(),
        lambda k, mean: noise.negative_binomial(k, mean, 5.0),
        np.random.default_rng(seed),
    )
    assert noise.is_normal(z) > 1e-4
    assert abs(noise.dependence(z)) < 5
    assert abs(noise.together(z, residual[:, 20:60])) < 5


def test_no_noise_is_the_mean() -> None:
    mdata = sps.datasets.rna_and_image(n_side=6, noise=0.0)
    assert_allclose(mdata["image"].X, sps.get.mean(mdata["image"]), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_nuisance_is_none(seed) -> None:
    """Bit for bit, in the image only: transcripts keep theirs."""
    one, other = (sps.datasets.rna_and_image(n_side=8, nuisance_sd=sd, rng=seed) for sd in (0.0, 0.7))
    loadings = {"spatial": sps.factors.Signed(0.25, confuse=[("block_3", "block_4")])}
    without = sps.datasets.twin(one, modality="image", loadings=loadings)
    assert np.array_equal(one["image"].X, without["image"].X)
    assert np.array_equal(one["rna"].X, other["rna"].X)
    assert not np.array_equal(one["image"].X, other["image"].X)


def test_smooth_nuisance() -> None:
    """Mean 0 and variance 1 are known, so semivariances have 1 - correlation as their mean; fields are independent."""
    fields = []
    for seed in range(8):
        mdata = sps.datasets.rna_and_image(n_side=48, n_features=1, rng=seed)
        fields += mdata.obsm["nuisance_factors"].T.reshape(3, 48, 48).astype(float).tolist()
    assert np.mean(oracle.products(fields, 0)) == pytest.approx(1, abs=0.25)
    for lag in (1, 2, 4, 8):
        found = oracle.semivariances(fields, lag)
        error = np.std(found, ddof=1) / np.sqrt(len(found))
        assert abs(np.mean(found) - (1 - oracle.matern(lag, 4.0))) < 5 * error  # Student's t of 23: below 1e-4
        if lag < 8:
            for wrong in (np.exp(-lag / 4), oracle.matern(lag, 3.0), oracle.matern(lag, 5.5)):
                assert abs(np.mean(found) - (1 - wrong)) > 5 * error


@pytest.mark.parametrize("seed", SEEDS)
def test_loadings_of_the_image(seed) -> None:
    image = sps.datasets.rna_and_image(n_features=4000, n_side=6, nuisance_sd=0.2, rng=seed)["image"]
    q, v = (image.varm[f"{block}_loadings"].astype(float) for block in ("spatial", "nuisance"))
    columns = [*q[:, :2].T / 0.25, *v.T / 0.2]
    for column in columns:
        assert kstest(column, "norm").pvalue > 1e-4
        assert kstest(column * 1.2, "norm").pvalue < 1e-4
    for a, b in combinations([*columns, q[:, 2]], 2):
        assert abs(pearson(a.tolist(), b.tolist())) * np.sqrt(4000) < 4.5


@pytest.mark.parametrize("seed", SEEDS)
def test_confused_loadings_of_the_image(seed) -> None:
    """Up or down as those of any other factor are; else the brightness of an image tells where the factor is."""
    image = sps.datasets.rna_and_image(n_features=4000, n_side=6, rng=seed)["image"]
    column = image.varm["spatial_loadings"][:, 2].astype(float)
    assert binomtest(int((column > 0).sum()), 4000).pvalue > 1e-4
    assert kstest(column / 0.25, "norm").pvalue > 1e-4


@pytest.mark.parametrize("seed", SEEDS)
def test_loadings_of_transcripts(seed) -> None:
    mdata = sps.datasets.rna_and_image(n_features=1, n_side=6, rng=seed)
    rna = sps.datasets.twin(mdata, modality="rna", n_spatial=4000, n_flat=0)["rna"]
    w = rna.varm["spatial_loadings"].astype(float)
    for k, pair in ((0, True), (2, False), (3, False)):
        on = w[:, k][w[:, k] > 0]
        responds = 2 / 4 + 0.2 * 2 / 4 * 2 / 3 if pair else 1.2 / 4
        assert binomtest(len(on), 4000, responds).pvalue > 1e-4
        if not pair:
            assert kstest(on, gamma(2, scale=0.2).cdf).pvalue > 1e-4
            assert kstest(on, gamma(3, scale=0.4 / 3).cdf).pvalue < 1e-4
    assert kstest(rna.varm["nuisance_loadings"].ravel().astype(float) / 0.05, "norm").pvalue > 1e-4


@pytest.mark.parametrize("seed", SEEDS)
def test_depth_of_transcripts(seed) -> None:
    """Totals are depth, of variance 0.16 on the logarithm, half of it smooth over five spots; nothing of the domains."""
    logs, domains = [], []
    for k in range(6):
        mdata = sps.datasets.rna_and_image(n_side=36, n_features=1, rng=10 * seed + k)
        logs.append(np.log(sps.get.mean(mdata["rna"]).sum(axis=1).to_numpy() / 38).reshape(36, 36))
        domains.append(mdata.obs["domain"].to_numpy() != "background")
    for lag, covariance in ((0, 0.16), (1, 0.08 * oracle.matern(1, 5.0)), (4, 0.08 * oracle.matern(4, 5.0))):
        found = np.array(oracle.products(logs, lag))
        assert abs(found.mean() - covariance) < 14 * found.std(ddof=1) / np.sqrt(6)  # Student's t of 5: 3e-5
    assert 0.02 < np.array(oracle.products(logs, 1)).mean() < 0.12
    gaps = [field.ravel()[on].mean() - field.ravel()[~on].mean() for field, on in zip(logs, domains, strict=True)]
    assert abs(np.mean(gaps)) < 14 * np.std(gaps, ddof=1) / np.sqrt(6)


@pytest.mark.parametrize("seed", SEEDS)
def test_more_features_keep_the_first(seed) -> None:
    few, many = (sps.datasets.rna_and_image(n, n_side=6, rng=seed) for n in (20, 50))
    assert np.array_equal(few["image"].X, many["image"][:, :20].X)
    assert np.array_equal(few["rna"].X, many["rna"].X)
    assert pd.Index(few["image"].var_names).isin(many["image"].var_names).all()
