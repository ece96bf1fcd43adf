"""Batch effects: their size, their absence, their parts."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim.factors import Batch


def made(*effects, rng=0, n_features=400, n_slices=3, **fields):
    modality = {"name": "rna", "n_mixed": n_features, "effects": list(effects)} | fields
    design = sps.designs.Slices(n_slices=n_slices)
    return sps.simulate(sps.Scenario(n_side=6, design=design, modalities=[modality]), rng=rng)


@pytest.mark.parametrize("link", ["identity", "log"])
def test_zero_is_absence_bit_for_bit(link) -> None:
    none = made(link=link)
    for zero in (Batch(by="slice", sd=0), Batch(by="slice", sd=0, within="domain", within_sd=0)):
        mdata = made(zero, link=link)
        assert np.array_equal(mdata["rna"].X, none["rna"].X)
        assert np.array_equal(sps.get.mean(mdata["rna"]), sps.get.mean(none["rna"]))
        assert not mdata["rna"].varm["batch_loadings"].any()


@pytest.mark.parametrize("sd", [0.3, 1.0])
def test_sd_is_that_of_the_log_ratio_of_means(sd) -> None:
    """3 seeds × 1,200 deviates: their standard deviation has a relative standard error of 0.012; 5 of them allowed."""
    ratios = []
    for seed in range(3):
        with_, without = made(Batch(by="slice", sd=sd), rng=seed), made(rng=seed)
        ratio = np.log(sps.get.mean(with_["rna"]).to_numpy() / sps.get.mean(without["rna"]).to_numpy())
        slices = with_.obs["slice"].cat.codes.to_numpy()
        for code in range(3):
            own = ratio[slices == code]
            assert np.ptp(own, axis=0).max() < 1e-6  # one number per slice and feature
            ratios.append(own[0])
    values = np.concatenate(ratios)
    assert abs(values.std() / sd - 1) < 5 * 0.012
    assert abs((2 * values).std() / sd - 1) > 5 * 0.012  # a wrong variant: twice the effect
    assert abs(values.mean()) < 5 * sd / np.sqrt(len(values))


def test_the_part_within_regions_is_of_low_rank_and_of_its_size() -> None:
    """Products of 2 × 5 × 3 and 2 × 2,000 deviates: relative standard error of the size about 0.15 per seed."""
    sizes = []
    for seed in range(5):
        effect = Batch(by="slice", sd=0, within="domain", within_sd=0.5, within_rank=2)
        adata = made(effect, rng=seed, n_features=2000)["rna"]
        loadings = adata.varm["batch_within_loadings"].astype(float)
        assert loadings.shape == (2000, 15) and np.linalg.matrix_rank(loadings, tol=1e-3) == 2
        assert np.array_equal(adata.obsm["batch_within_factors"].sum(axis=1), np.ones(adata.n_obs))
        sizes.append(loadings.std())
    assert 0.35 < np.mean(sizes) < 0.65


def test_slices_and_features_are_a_prefix() -> None:
    effect = Batch(by="slice", sd=0.5)
    few, many = made(effect, n_features=50, n_slices=2)["rna"], made(effect, n_features=80, n_slices=4)["rna"]
    assert np.array_equal(few.varm["batch_loadings"], many.varm["batch_loadings"][:50, :2])


def test_an_effect_touches_no_other_array() -> None:
    with_, without = made(Batch(by="slice", sd=0.8)), made()
    for slot in ("obsm", "varm"):
        for key, values in getattr(without["rna"], slot).items():
            assert np.array_equal(values, getattr(with_["rna"], slot)[key])


def test_two_batches_need_two_names() -> None:
    both = made(Batch(by="slice", sd=0.5), Batch(by="domain", sd=0.2, key="site"))["rna"]
    assert {"batch_loadings", "site_loadings"} <= set(both.varm)
    assert not np.array_equal(both.varm["batch_loadings"][:, 0] / 0.5, both.varm["site_loadings"][:, 0] / 0.2)
    with pytest.raises(ValueError, match="the name 'batch' is taken already"):
        made(Batch(by="slice"), Batch(by="domain"))


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"sd": -0.1}, ValueError, "sd must be a finite number of at least 0"),
        ({"sd": "1"}, TypeError, "sd must be a finite number"),
        ({"within_sd": 0.2}, ValueError, "within must name the label of the regions"),
        ({"within": 3}, TypeError, "within must be a text"),
        ({"within_rank": 0, "within": "domain"}, ValueError, "within_rank must be a whole number of at least 1"),
        ({"by": ""}, (TypeError, ValueError), "by must"),
    ],
)
def test_bad_batches_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Batch(**({"by": "slice"} | fields))


def test_unknown_labels_are_refused_with_what_there_is() -> None:
    with pytest.raises(
        ValueError, match="Batch of modality 'rna': no label 'slide'.*'slice'.*there are 'slice', 'domain'"
    ):
        made(Batch(by="slide"))


def test_the_numbers_stay_as_they_are() -> None:
    """They are part of data that users publish: one run of words per batch, none used twice."""
    loadings = made(Batch(by="slice", sd=0.5, within="domain", within_sd=0.5), n_features=5)["rna"].varm
    assert loadings["batch_loadings"][:2] == pytest.approx(
        np.array([[0.5183694, -0.5259604, -0.31496775], [-0.23820534, -0.37659386, 0.33681133]]), rel=1e-5
    )
    assert loadings["batch_within_loadings"][0, :4] == pytest.approx(
        np.array([-0.15675433, -0.57915884, -0.32335246, -0.42602158]), rel=1e-5
    )
