"""Fields, published names and shorthands of a modality."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim.likelihoods import NegativeBinomial, Poisson, ZeroInflatedNegativeBinomial


def test_defaults_are_the_papers() -> None:
    modality = sps.Modality()
    assert (modality.n_spatial, modality.n_mixed, modality.n_nonspatial) == (0, 500, 0)
    assert (modality.n_nonspatial_factors, modality.nonspatial_probability) == (3, 0.2)
    assert (modality.expression_mean, modality.background_mean, modality.spatial_fraction) == (20, 0.2, 0.55)
    assert modality.likelihood == NegativeBinomial(shape=10)


def test_giving_one_count_zeroes_the_others() -> None:
    assert sps.Modality(n_spatial=7).n_features == 7
    assert sps.Modality(n_nonspatial=3).n_mixed == 0


def test_published_names_are_aliases() -> None:
    ours = sps.Modality(
        n_spatial=2,
        n_mixed=3,
        n_nonspatial=4,
        n_nonspatial_factors=5,
        expression_mean=6,
        background_mean=7,
        spatial_fraction=0.8,
        nonspatial_probability=0.9,
        shape=11,
        dropout_rate=0.12,
    )
    theirs = sps.Modality(
        Jsp=2,
        Jmix=3,
        Jns=4,
        Lns=5,
        expr_mean=6,
        bkg_mean=7,
        mix_frac_spat=0.8,
        nzprob_nsp=0.9,
        nb_shape=11,
        zi_prob=0.12,
    )
    assert ours == theirs
    assert sps.Modality(mix_frac=0.3, nzprob=0.4) == sps.Modality(spatial_fraction=0.3, nonspatial_probability=0.4)


def test_shorthands_build_the_likelihood() -> None:
    assert sps.Modality(shape=3).likelihood == NegativeBinomial(shape=3)
    assert sps.Modality(dropout_rate=0).likelihood == NegativeBinomial(shape=10)
    assert sps.Modality(dropout_rate=0.5).likelihood == ZeroInflatedNegativeBinomial(shape=10, dropout_rate=0.5)
    assert sps.Modality(likelihood={"name": "Poisson"}).likelihood == Poisson()


def test_params_nest() -> None:
    nested = {"name": "RNA", "params": {"Jsp": 200, "Jmix": 200, "dropout_rate": 0.5}, "active_factors": [0, 1]}
    assert sps.Modality(**nested) == sps.Modality(
        name="RNA", n_spatial=200, n_mixed=200, dropout_rate=0.5, active_factors=[0, 1]
    )


def test_numpy_values_are_welcome() -> None:
    modality = sps.Modality(n_spatial=np.int64(3), expression_mean=np.float32(2), active_factors=np.array([1, 0]))
    assert modality.active_factors == (1, 0)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"n_spatial": -1}, "n_spatial must be a whole number of at least 0, got -1"),
        ({"n_mixed": 2.5}, "n_mixed must be a whole number"),
        ({"n_mixed": "500"}, "n_mixed must be a whole number of at least 0, got '500'"),
        ({"n_mixed": 0}, "modality 'rna' has no features: n_spatial, n_mixed, n_nonspatial, n_flat must not all be 0"),
        (
            {"n_nonspatial_factors": 0},
            "n_nonspatial_factors must be at least 1 for mixed or non-spatial features, got 0",
        ),
        ({"expression_mean": -1}, "expression_mean must be a finite number of at least 0, got -1"),
        ({"expression_mean": float("inf")}, "expression_mean must be a finite number"),
        ({"background_mean": float("nan")}, "background_mean must be a finite number"),
        ({"spatial_fraction": 1.5}, r"spatial_fraction must be a probability in \[0, 1\], got 1.5"),
        ({"nonspatial_probability": -0.1}, "nonspatial_probability must be a probability"),
        ({"dropout_rate": 1.5}, r"dropout_rate must be a probability in \[0, 1\], got 1.5"),
        ({"shape": 0}, "shape must be a number above 0 .*got 0"),
        ({"shape": -3}, "shape must be a number above 0 .*got -3"),
        ({"name": "spatial"}, "name of a modality must be none of .*got 'spatial'"),
        ({"name": "a:b"}, "without '/' or"),
        ({"name": 3}, "name of a modality must be a text, got 3"),
        ({"active_factors": "block_1"}, "active_factors must be a list of 0-based positions or names"),
        ({"active_factors": [0.5]}, "active_factors must be a list"),
        ({"active_factors": 1}, "active_factors must be a list"),
        ({"likelihood": "NB"}, "likelihood name must be one of .*NegativeBinomial.*got 'NB'"),
        ({"likelihood": {"name": "NegativBinomial"}}, "did you mean 'NegativeBinomial'"),
        ({"likelihood": Poisson(), "shape": 3}, "give either likelihood or shape, not both"),
        ({"expresion_mean": 3}, r"no field 'expresion_mean' \(did you mean 'expression_mean'\?\)"),
        ({"Jsp": 3, "n_spatial": 3}, "'n_spatial' is given twice|'Jsp' is given twice"),
        ({"params": {"Jsp": 3}, "Jsp": 4}, "'Jsp' is given twice"),
        ({"params": 3}, "params must be a mapping"),
    ],
)
def test_bad_fields_are_refused_by_name(fields, message) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        sps.Modality(**fields)


def test_modalities_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        sps.Modality().n_spatial = 3
