"""tl scores masks as metrics does, aligned by name."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps

MIXTURE = sps.likelihoods.NegativeBinomialMixture(foreground_probability=0.3)
RNG = np.random.default_rng(0)


@pytest.fixture
def mdata():
    modalities = [
        {"name": "rna", "n_mixed": 60, "dropout_rate": 0.4},
        {"name": "protein", "n_mixed": 30, "likelihood": MIXTURE},
    ]
    mdata = sps.datasets.multiomics(modalities, n_side=12)
    for adata in mdata.mod.values():
        adata.layers["p"] = RNG.random(adata.shape)
    return mdata


def test_tl_is_the_metric(mdata) -> None:
    rna, protein = mdata["rna"], mdata["protein"]
    dropout = sps.tl.dropout_detection(mdata, "rna:p")
    mask = sps.get.dropout_mask(rna).to_numpy()
    assert dropout["score"].to_dict() == pytest.approx(
        sps.metrics.dropout_detection(rna.layers["p"], mask, counts=rna.layers["counts"])
    )
    foreground = sps.tl.foreground_detection(mdata, "protein:p")
    member = sps.get.foreground_mask(protein).to_numpy()
    assert foreground["score"].to_dict() == pytest.approx(sps.metrics.foreground_detection(protein.layers["p"], member))
    assert mdata.uns["rna:p_dropout_detection"].equals(dropout) and "protein:p_foreground_detection" in mdata.uns


def test_a_filtered_and_shuffled_blind_copy_is_aligned_by_name(mdata) -> None:
    blind = sps.get.without_truth(mdata["rna"])[RNG.permutation(144)[:80], RNG.permutation(60)[:25]].copy()
    part = mdata["rna"][blind.obs_names]
    # What the copy lost counts as not found.
    probability = np.where(part.var_names.isin(blind.var_names), part.layers["p"], 0)
    expected = sps.metrics.dropout_detection(
        probability, sps.get.dropout_mask(part.copy()).to_numpy(), counts=part.layers["counts"]
    )
    table = sps.tl.dropout_detection(blind, "p", truth=mdata["rna"], copy=True)
    assert table["score"].to_dict() == pytest.approx(expected)
    assert list(blind.uns) == ["spsim_fingerprint"]


def test_foreground_of_a_part_is_aligned_by_name(mdata) -> None:
    rows, columns = RNG.permutation(144)[:80], RNG.permutation(30)[:12]
    protein = mdata["protein"]
    blind = sps.get.without_truth(protein)[rows, columns].copy()
    probability = np.zeros((80, 30))
    probability[:, columns] = protein.layers["p"][np.ix_(rows, columns)]
    expected = sps.metrics.foreground_detection(probability, sps.get.foreground_mask(protein).to_numpy()[rows])
    table = sps.tl.foreground_detection(blind, "p", truth=protein, copy=True)
    assert table["score"].to_dict() == pytest.approx(expected) and table.loc["n", "score"] == 80 * 30


def test_what_has_no_mask_is_refused(mdata) -> None:
    with pytest.raises(TypeError, match="must be a NegativeBinomialMixture"):
        sps.tl.foreground_detection(mdata, "rna:p")
    with pytest.raises(ValueError, match="the truth of 'protein:p' must have dropout to detect, got none in 144 spots"):
        sps.tl.dropout_detection(mdata, "protein:p")
    with pytest.raises(KeyError, match="no 'q'"):
        sps.tl.dropout_detection(mdata, "rna:q")
