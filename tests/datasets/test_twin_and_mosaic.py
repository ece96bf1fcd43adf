"""Twins share what the change does not touch; a mosaic keeps what it hides."""

from __future__ import annotations

import mudata
import numpy as np
import pytest

import spsim as sps


@pytest.fixture
def mdata():
    return sps.datasets.multiomics(
        [{"name": "rna", "n_mixed": 80}, {"name": "protein", "n_mixed": 40}], n_side=12, rng=2
    )


@pytest.mark.parametrize(
    ("change", "smaller"),
    [({"dropout_rate": 0.4}, True), ({"expression_mean": 10}, True), ({"background_mean": 2.0}, False)],
)
def test_twins_are_comonotone(mdata, change, smaller) -> None:
    other = sps.datasets.twin(mdata, **change)
    for name, adata in mdata.mod.items():
        assert np.array_equal(adata.obsm["nonspatial_factors"], other[name].obsm["nonspatial_factors"])
        assert ((adata.varm["spatial_loadings"] > 0) == (other[name].varm["spatial_loadings"] > 0)).all()
        less, more = (other[name].X, adata.X) if smaller else (adata.X, other[name].X)
        assert (less <= more).all() and (less < more).any()
    # The wrong variant: a replicate with another seed is not comonotone.
    replicate = sps.datasets.resample(other, rng=99)
    assert not (replicate["rna"].X <= mdata["rna"].X).all() and not (replicate["rna"].X >= mdata["rna"].X).all()


def test_a_twin_of_one_modality_leaves_the_other_alone(mdata) -> None:
    other = sps.datasets.twin(mdata, modality="rna", shape=2.0)
    assert np.array_equal(other["protein"].X, mdata["protein"].X) and not np.array_equal(other["rna"].X, mdata["rna"].X)
    assert sps.Scenario.from_mdata(other).modalities[0].likelihood == sps.likelihoods.NegativeBinomial(shape=2)


def test_a_shorthand_keeps_the_other(mdata) -> None:
    other = sps.datasets.twin(sps.datasets.twin(mdata, shape=3.0), dropout_rate=0.2)
    assert sps.Scenario.from_mdata(other).modalities[0].likelihood == sps.likelihoods.ZeroInflatedNegativeBinomial(
        shape=3, dropout_rate=0.2
    )


def test_twins_of_the_scenario_and_of_other_seeds(mdata) -> None:
    assert sps.datasets.twin(mdata, n_side=10).n_obs == 100
    quilt = sps.datasets.twin(mdata, pattern="quilt")
    assert np.array_equal(quilt["rna"].obsm["nonspatial_factors"], mdata["rna"].obsm["nonspatial_factors"])
    assert np.array_equal(sps.datasets.twin(quilt, pattern="ggblocks")["rna"].X, mdata["rna"].X)
    again = sps.datasets.resample(mdata, rng=5)
    assert np.array_equal(sps.datasets.twin(again, expression_mean=20)["rna"].X, again["rna"].X)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: sps.datasets.twin(m), "twin needs a change"),
        (lambda m: sps.datasets.twin(m, expresion_mean=2), "did you mean 'expression_mean'"),
        (lambda m: sps.datasets.twin(m, modality="rna", n_side=3), "'n_side' cannot be changed for one modality"),
        (lambda m: sps.datasets.twin(m, modality="rnaa", shape=3), "did you mean 'rna'"),
        (lambda m: sps.datasets.twin(sps.datasets.published("nsf_quilt"), shape=3), "is a published data set"),
        (lambda m: sps.datasets.drop_modality(m, "adt"), "name: no 'adt'; there are 'rna', 'protein'"),
        (lambda m: sps.datasets.drop_modality(m, "rna", fraction=1.5), "fraction must be a probability"),
        (lambda m: sps.datasets.drop_modality(m, "rna", fraction=1.0), "fraction must leave at least one of 144 spots"),
        (lambda m: sps.get.dropped(m["rna"]), "no counts were dropped from this modality"),
    ],
)
def test_bad_input_is_refused_by_name(mdata, call, message) -> None:
    with pytest.raises((KeyError, ValueError), match=message):
        call(mdata)


@pytest.mark.parametrize("name", ["rna", "protein"])
def test_a_mosaic_hides_and_keeps_a_block(mdata, name, tmp_path) -> None:
    mosaic = sps.datasets.drop_modality(mdata, name, fraction=0.25, rng=1)
    hidden = sps.get.dropped(mosaic[name])
    assert mosaic[name].n_obs == 108 and hidden.shape == (36, mdata[name].n_vars)
    assert not set(hidden.index) & set(mosaic[name].obs_names)
    assert np.array_equal(hidden, mdata[name][hidden.index].X)
    assert list(mosaic.obs_names) == list(mdata.obs_names) and mosaic.obs["domain"].equals(mdata.obs["domain"])
    assert np.array_equal(mosaic.obsm["spatial_factors"], mdata.obsm["spatial_factors"])
    other = "protein" if name == "rna" else "rna"
    assert np.array_equal(mosaic[other].X, mdata[other].X) and mdata[name].n_obs == 144
    mosaic.write(tmp_path / "a.h5mu")
    assert sps.get.dropped(mudata.read(tmp_path / "a.h5mu")[name]).equals(hidden)
    blind = sps.get.without_truth(mosaic)[name]
    with pytest.raises(KeyError, match="was not simulated by spsim, or its truth was taken out"):
        sps.get.dropped(blind)
    again = sps.datasets.resample(mosaic, rng=3)
    assert np.array_equal(again[name].X, sps.datasets.resample(mdata, rng=3)[name][again[name].obs_names].X)
    with pytest.raises(KeyError, match="since it was last measured"):
        sps.get.dropped(again[name])


def test_which_spots_are_hidden_depends_on_the_seed_and_is_spread(mdata) -> None:
    held = [sps.get.dropped(sps.datasets.drop_modality(mdata, "rna", rng=rng)["rna"]).index for rng in (1, 1, 2)]
    assert list(held[0]) == list(held[1]) != list(held[2])
    rows = mdata.obs.loc[held[0], "y"]
    assert abs(rows.mean() - 5.5) < 4.5 * np.sqrt(144 / 12 / 72)  # uniform over 12 rows, 4.5 standard errors
    assert sps.get.dropped(sps.datasets.drop_modality(mdata, "rna", fraction=0)["rna"]).shape == (0, 80)
