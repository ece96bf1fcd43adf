"""Values that may be negative: what describe and the catalogue say of them, done."""

from __future__ import annotations

import numpy as np
import pytest
import scanpy as sc

import spsim as sps

ADVICE = 'take layers["counts"]'
PUBLISHED = sps.datasets.list_published().index


@pytest.mark.parametrize("name", PUBLISHED)
def test_counts_of_published_data_can_be_normalised(name) -> None:
    """And where X itself cannot, the data set says what to do."""
    mdata = sps.datasets.published(name)
    is_negative = any((part.X < 0).sum() > 0 for part in mdata.mod.values())
    assert (ADVICE in sps.datasets.describe(mdata).paragraph) is is_negative is (name.startswith("spatialglue"))
    assert (ADVICE in sps.datasets.list_published().loc[name, "deviations"]) is is_negative
    for rna in mdata.mod.values():
        rna.X = rna.layers["counts"].copy()
        sc.pp.normalize_total(rna, target_sum=1e4)
        sc.pp.log1p(rna)
        assert np.isfinite(rna.X).all() and rna.X.max() > 0


def test_x_of_spatialglue_cannot() -> None:
    rna = sps.datasets.published("spatialglue_1")["rna"]
    with np.errstate(invalid="ignore"):
        sc.pp.normalize_total(rna, target_sum=1e4)
        sc.pp.log1p(rna)
    assert np.isnan(rna.X).any()


@pytest.mark.parametrize(
    ("modality", "words"),
    [
        ({"noise_sd": 0.5}, ADVICE),
        ({"noise_mean": -1.0}, ADVICE),
        ({"noise_mean": 1.0}, None),
        ({}, None),
        ({"likelihood": "Gaussian"}, "there are no counts to normalise"),
        ({"likelihood": "LogNormal"}, None),
        ({"likelihood": "LogNormal", "noise_sd": 1.0}, "there are no counts to normalise"),
    ],
)
def test_every_modality_says_whether_it_may_be_negative(modality, words) -> None:
    if "likelihood" in modality:
        modality = modality | {"likelihood": {"name": modality["likelihood"]}}
    mdata = sps.simulate(sps.Scenario(n_side=6, modalities=[{"name": "rna", "n_mixed": 9} | modality]))
    text = sps.datasets.describe(mdata).paragraph
    assert words in text if words else "may be negative" not in text
    assert words or (mdata["rna"].X >= 0).all()
