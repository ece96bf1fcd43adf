"""tl reads keys, calls metrics and stores; the numbers are those of metrics."""

from __future__ import annotations

import anndata
import numpy as np
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps

RNG = np.random.default_rng(0)


@pytest.fixture
def mdata():
    mdata = sps.datasets.multiomics(n_side=12)
    mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"][:, ::-1] + RNG.normal(0, 0.3, (144, 4))
    mdata["rna"].obsm["X_own"] = RNG.normal(size=(144, 3))
    mdata["rna"].varm["own_loadings"] = RNG.normal(size=(1000, 3))
    mdata.obs["guess"] = RNG.choice(list("abc"), 144)
    mdata["rna"].obs["own"] = RNG.choice(list("abc"), 144)
    return mdata


def test_factor_recovery_is_the_metric(mdata) -> None:
    table = sps.tl.factor_recovery(mdata, "X_guess")
    expected = sps.metrics.factor_recovery(mdata.obsm["X_guess"], mdata.obsm["spatial_factors"])
    for column in ("score", "one_sided", "sign", "match", "constant_truth"):
        # Products of matrices may differ by a rounding from one memory layout to another.
        np.testing.assert_allclose(table[column], getattr(expected, column), rtol=1e-12, err_msg=column)
    assert list(table.index) == ["block_1", "block_2", "block_3", "block_4"]
    assert table.equals(mdata.uns["X_guess_factor_recovery"])


def test_domain_agreement_is_the_metric(mdata) -> None:
    table = sps.tl.domain_agreement(mdata, "guess")
    truth = mdata.obs["domain"].to_numpy()
    assert table["score"].to_dict() == pytest.approx(sps.metrics.domain_agreement(mdata.obs["guess"], truth))
    foreground = sps.metrics.domain_agreement(mdata.obs["guess"], truth, foreground=truth != "background")
    assert table["foreground"].to_dict() == pytest.approx(foreground)
    assert table.equals(mdata.uns["guess_domain_agreement"])


def test_keys_of_a_modality(mdata) -> None:
    in_place = sps.tl.factor_recovery(mdata["rna"], "X_own", loadings_key="own_loadings")
    from_top = sps.tl.factor_recovery(mdata, "rna:X_own", loadings_key="own_loadings")
    assert in_place.equals(from_top) and "rna:X_own_factor_recovery" in mdata.uns
    expected = sps.metrics.factor_recovery(
        mdata["rna"].obsm["X_own"],
        mdata.obsm["spatial_factors"],
        loadings=mdata["rna"].varm["own_loadings"],
        true_loadings=mdata["rna"].varm["spatial_loadings"],
    )
    assert np.array_equal(from_top["loading_correlation"], expected.loading_correlation, equal_nan=True)
    assert sps.tl.domain_agreement(mdata, "rna:own").equals(sps.tl.domain_agreement(mdata["rna"], "own"))


def test_truth_of_another_object_is_aligned_by_name(mdata) -> None:
    expected_factors = sps.tl.factor_recovery(mdata, "X_guess", copy=True)
    expected_domains = sps.tl.domain_agreement(mdata, "guess", copy=True)
    blind = sps.get.without_truth(mdata)
    shuffled = blind[RNG.permutation(144)].copy()
    assert_frame_equal(sps.tl.factor_recovery(shuffled, "X_guess", truth=mdata), expected_factors)
    assert_frame_equal(sps.tl.domain_agreement(shuffled, "guess", truth=mdata), expected_domains)


def test_copy_and_key_added(mdata) -> None:
    before = set(mdata.uns)
    sps.tl.factor_recovery(mdata, "X_guess", copy=True)
    sps.tl.domain_agreement(mdata, "guess", copy=True)
    assert set(mdata.uns) == before
    sps.tl.factor_recovery(mdata, "X_guess", key_added="mine")
    assert set(mdata.uns) == before | {"mine", "mine_correlation", "spsim_scores"}
    assert set(sps.get.without_truth(mdata).uns) == before - {"spsim"} | {"spsim_fingerprint"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda m: sps.tl.factor_recovery(m, "X_gues"),
            r"no 'X_gues'; there are 'X_guess', 'rna:X_own' \(did you mean 'X_guess'\?\)",
        ),
        (lambda m: sps.tl.factor_recovery(m, "rna:X_pca"), "obsm of modality 'rna': no 'X_pca'; there are 'X_own'"),
        (lambda m: sps.tl.factor_recovery(m["rna"], "X_own", loadings_key="PCs"), "varm: no 'PCs'"),
        (lambda m: sps.tl.domain_agreement(m, "leiden"), "obs: no 'leiden'"),
        (lambda m: sps.tl.factor_recovery(sps.get.without_truth(m), "X_guess"), "was not simulated by spsim"),
    ],
)
def test_unknown_keys_list_the_known_ones(mdata, call, message) -> None:
    with pytest.raises(KeyError, match=message):
        call(mdata)


def test_names_that_do_not_align_are_refused(mdata) -> None:
    stranger = anndata.AnnData(np.ones((144, 2)), obsm={"X_guess": mdata.obsm["X_guess"]})
    with pytest.raises(ValueError, match="truth has no observation for 144 of 144 names .* alignment is by obs_names"):
        sps.tl.factor_recovery(stranger, "X_guess", truth=mdata)


def test_nan_in_the_estimate_is_refused(mdata) -> None:
    mdata.obsm["X_guess"][3, 1] = np.nan
    with pytest.raises(ValueError, match="estimate must be finite, got 1 NaN"):
        sps.tl.factor_recovery(mdata, "X_guess")
