"""Signed loadings: normal, of both signs, on the mean, for likelihoods that measure negative values."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from effect_worlds import source
from spsim.factors import Signed
from spsim.likelihoods import Gaussian

IMAGE = {
    "name": "image",
    "n_spatial": 500,
    "expression_mean": 2.0,
    "background_mean": 0.0,
    "likelihood": Gaussian(1.0),
}


def made(rng=0, n_side=8, **fields):
    rule = {name: fields.pop(name) for name in ("sd", "share", "confuse") if name in fields}
    return sps.simulate(
        sps.Scenario(n_side=n_side, modalities=[IMAGE | {"loadings": {"spatial": Signed(**rule)}} | fields]), rng=rng
    )["image"]


@pytest.mark.parametrize("sd", [0.3, 1.0])
def test_they_are_normal_and_as_large_as_said(sd) -> None:
    """3 × 500 × 4 loadings: standard error of the sd 0.9 %, of the share of negative ones 0.6 %; five allowed."""
    values = np.concatenate([made(rng=seed, sd=sd).varm["spatial_loadings"].ravel() for seed in range(3)]) / 2.0
    assert values.std() == pytest.approx(sd, rel=0.046) and values.std() != pytest.approx(1.2 * sd, rel=0.046)
    assert abs((values < 0).mean() - 0.5) < 0.033 and abs(np.mean(values / sd) ** 4) < 0.1
    assert np.mean((values / sd) ** 4) == pytest.approx(3.0, abs=0.7)


def test_a_share_of_them_is_not_zero() -> None:
    values = made(share=0.3).varm["spatial_loadings"]
    assert abs((values != 0).mean() - 0.3) < 5 * np.sqrt(0.21 / values.size) < abs((values != 0).mean() - 0.4)


@pytest.mark.parametrize("share", [0.2, 0.7])
def test_who_responds_is_independent_of_how_and_of_other_factors(share) -> None:
    """3 × 4,000 features × 3 factors, 5 standard errors: false-alarm rate 6e-7 for each of 15 bounds."""
    loadings = np.vstack([Signed(sd=0.7, share=share).loadings(4000, 3, source(seed)) for seed in range(3)])
    n, responds = len(loadings), loadings != 0
    assert not np.signbit(loadings[~responds]).any()
    for k in range(3):
        own = loadings[responds[:, k], k].astype(float)
        assert abs(len(own) / n - share) < 5 * np.sqrt(share * (1 - share) / n)
        assert abs(own.mean()) < 5 * 0.7 / np.sqrt(len(own)) and abs(own.std() / 0.7 - 1) < 5 / np.sqrt(2 * len(own))
        assert abs(np.mean((own / 0.7) ** 4) - 3) < 5 * np.sqrt(96 / len(own))
        for other in range(k):
            both = (responds[:, k] & responds[:, other]).mean()
            assert abs(both - share**2) < 5 * np.sqrt(share**2 * (1 - share**2) / n)
            assert abs(np.corrcoef(loadings[:, k], loadings[:, other])[0, 1]) < 5 / np.sqrt(n)


@pytest.mark.filterwarnings("ignore:no feature of modality")
@pytest.mark.parametrize("rule", [{"share": 0}, {"sd": 0}])
def test_what_makes_no_negative_means_goes_with_counts(rule) -> None:
    adata = made(likelihood="Poisson", background_mean=3.0, **rule)
    assert not adata.varm["spatial_loadings"].any() and adata.X.mean() > 1


def test_the_mean_is_factors_times_loadings_and_may_be_negative() -> None:
    adata = made()
    mean = sps.get.mean(adata).to_numpy()
    expected = adata.obsm["spatial_factors"].astype(float) @ adata.varm["spatial_loadings"].astype(float).T
    assert np.allclose(mean, expected) and (mean < 0).any() and (mean > 0).any() and (adata.X < 0).any()
    # Noise of sd 1 around it: 32,000 values, standard error 0.4 %.
    assert (adata.X - mean).std() == pytest.approx(1.0, rel=0.02)


def test_confused_factors_are_alike() -> None:
    loadings = made(confuse=[("block_1", "block_3")]).varm["spatial_loadings"]
    assert np.array_equal(loadings[:, 0], loadings[:, 2]) and not np.array_equal(loadings[:, 0], loadings[:, 1])


@pytest.mark.parametrize("likelihood", ["NegativeBinomial", "Poisson", "LogNormal"])
def test_likelihoods_without_negative_means_are_refused(likelihood) -> None:
    with pytest.raises(ValueError, match=f"Signed under 'spatial' makes negative means, which {likelihood} does not"):
        made(likelihood=likelihood)


@pytest.mark.parametrize(
    ("fields", "message"), [({"sd": -1}, "sd must be"), ({"share": 2}, "share must be a probability")]
)
def test_bad_values_are_refused(fields, message) -> None:
    with pytest.raises(ValueError, match=message):
        Signed(**fields)
