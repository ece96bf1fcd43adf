"""Truth as tables."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps


@pytest.fixture
def mdata():
    return sps.datasets.multiomics(n_side=12)


def test_tables_are_labelled_and_leave_the_object_alone(mdata) -> None:
    factors = sps.get.factors(mdata)
    assert list(factors) == ["block_1", "block_2", "block_3", "block_4"] and list(factors.index) == list(
        mdata.obs_names
    )
    factors.iloc[:] = -1
    assert mdata.obsm["spatial_factors"].min() == 0
    assert np.array_equal(sps.get.factors(mdata["rna"]), mdata.obsm["spatial_factors"])


def test_loadings_of_all_or_one(mdata) -> None:
    whole, part = sps.get.loadings(mdata), sps.get.loadings(mdata["protein"])
    assert list(whole.index) == list(mdata.var_names)
    assert whole.loc[part.index].equals(part)


def test_domains_follow_the_factors(mdata) -> None:
    domains, factors = sps.get.domains(mdata), sps.get.factors(mdata)
    assert list(factors) == ["block_1", "block_2", "block_3", "block_4"] and factors.to_numpy().any(axis=0).all()
    for name in factors:
        assert ((domains == name) == (factors[name] > 0)).all()


def test_mean_of_a_filtered_and_shuffled_modality(mdata) -> None:
    rng = np.random.default_rng(0)
    adata = mdata["rna"]
    part = adata[rng.permutation(144)[:50], rng.permutation(1000)[:70]].copy()
    assert np.allclose(sps.get.mean(part), sps.get.mean(adata).loc[part.obs_names, part.var_names], rtol=1e-15)


def test_mean_is_of_one_modality(mdata) -> None:
    with pytest.raises(TypeError, match="expected one modality, got all of them: take one of 'rna', 'protein'"):
        sps.get.mean(mdata)


@pytest.mark.parametrize("pick", [lambda m: m, lambda m: m["rna"]])
def test_a_blind_copy_holds_no_truth(mdata, pick) -> None:
    sps.tl.factors_to_obs(mdata)
    mdata["rna"].layers["mean"] = sps.get.mean(mdata["rna"]).to_numpy()
    sps.tl.factor_recovery(mdata, "spatial_factors")
    mdata.uns["domain_colors"] = mdata["rna"].uns["block_1_colors"] = ["#000000"]
    mdata["rna"].uns["log1p"] = {"base": 2.0}
    obs, names = set(pick(mdata).obs), list(mdata.obs_names)
    blind = sps.get.without_truth(pick(mdata))
    for part in [blind, *getattr(blind, "mod", {}).values()]:
        assert set(part.uns) <= {"log1p", "spsim_fingerprint"} and set(part.obs) <= {"x", "y"}
        assert not {"spatial_factors", "nonspatial_factors"} & set(part.obsm)
        assert not list(part.var) and not [key for key in part.varm if "loadings" in key]
    for part in getattr(blind, "mod", {"": blind}).values():
        assert set(part.layers) - {None} == {"counts"}  # anndata 0.13 lists X as None
    assert "spatial" in blind.obsm and list(blind.obs_names) == names
    assert "spsim" in pick(mdata).uns and set(pick(mdata).obs) == obs


def test_truth_goes_from_raw_and_all_else_stays(mdata) -> None:
    rna = mdata["rna"]
    rna.var["gene_length"], rna.var["block_1"] = 5, sps.get.loadings(rna)["block_1"]
    rna.varm["PCs"] = np.ones((1000, 2))
    raw = rna.copy()
    rna.raw = raw
    mdata.mod["rna"] = rna[:, 10:30].copy()  # raw has more features than the rest
    mdata.update()
    for blind in (sps.get.without_truth(mdata)["rna"], sps.get.without_truth(mdata["rna"])):
        assert list(blind.raw.var) == list(blind.var) == ["gene_length"]
        assert list(blind.raw.varm) == list(blind.varm) == ["PCs"]
        assert blind.raw.shape == (144, 1000) and np.array_equal(blind.raw.X, raw.X)
        assert list(blind.raw.var_names) == list(raw.var_names) and blind.raw.var["gene_length"].eq(5).all()
    assert {"kind", "block_1"} < set(mdata["rna"].raw.var) and "spatial_loadings" in mdata["rna"].raw.varm


@pytest.mark.parametrize("name", ["factors", "loadings", "domains", "activity", "mean"])
def test_objects_without_truth_are_refused(mdata, name) -> None:
    with pytest.raises(KeyError, match="was not simulated by spsim, or its truth was taken out"):
        getattr(sps.get, name)(sps.get.without_truth(mdata["rna"]))
