"""A table in place of a layer: aligned by both of its labels, which anndata would drop."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import spsim as sps
from spsim.slots import without_pulling

RNG = np.random.default_rng(0)
SCORES = {
    "reconstruction": ("rna", "mean"),
    "dropout_detection": ("rna", "share"),
    "foreground_detection": ("protein", "share"),
}


@pytest.fixture(scope="module")
def mdata():
    mixture = sps.likelihoods.NegativeBinomialMixture(foreground_probability=0.3)
    modalities = [
        {"name": "rna", "n_mixed": 40, "dropout_rate": 0.4},
        {"name": "protein", "n_mixed": 20, "likelihood": mixture},
    ]
    mdata = sps.datasets.multiomics(modalities, n_side=10)
    with without_pulling():
        for part in mdata.mod.values():
            part.layers["mean"] = sps.get.mean(part).to_numpy() * RNG.uniform(0.5, 2, part.shape)
            part.layers["share"] = RNG.random(part.shape)
    return mdata


def table(part, layer):
    return pd.DataFrame(np.asarray(part.layers[layer]), part.obs_names, part.var_names)


def shuffled(frame):
    return frame.iloc[RNG.permutation(len(frame)), RNG.permutation(frame.shape[1])]


@pytest.mark.parametrize("name", SCORES)
def test_a_table_scores_as_the_layer_whatever_its_order(mdata, name) -> None:
    modality, layer = SCORES[name]
    score, part = getattr(sps.tl, name), mdata[modality]
    frame, blind = shuffled(table(part, layer)), sps.get.without_truth(mdata)
    expected = score(part, layer, copy=True)
    for found in (
        score(part, estimate=frame, copy=True),
        score(mdata, estimate=frame, copy=True),
        score(blind, estimate=frame, truth=mdata, copy=True),
        score(blind[modality], estimate=frame, truth=mdata, copy=True),
        score(blind[modality], estimate=frame, truth=part, copy=True),
        score(part, estimate=frame.astype("Float64"), copy=True),
        score(part, estimate=frame.astype(pd.SparseDtype("float", 0.0)), copy=True),
        score(part, estimate=frame.astype(object), copy=True),
    ):
        pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize("name", SCORES)
def test_a_part_is_scored_with_the_same_part_of_the_data(mdata, name) -> None:
    modality, layer = SCORES[name]
    score, part = getattr(sps.tl, name), mdata[modality]
    frame = shuffled(table(part, layer)).iloc[:60, :12]
    view = part[frame.index, frame.columns]
    blind = sps.get.without_truth(part)[frame.index[::-1], frame.columns]
    expected = score(view, layer, copy=True)
    pd.testing.assert_frame_equal(score(view, estimate=frame, copy=True), expected)
    pd.testing.assert_frame_equal(score(blind, estimate=frame, truth=view, copy=True), expected)
    # Against the whole truth the lost features count, whether the estimate is a table or a layer.
    held = blind.copy()
    held.layers[layer] = frame.loc[held.obs_names, held.var_names].to_numpy()
    whole = score(held, layer, truth=part, copy=True)
    pd.testing.assert_frame_equal(score(blind, estimate=frame, truth=part, copy=True), whole)
    assert not whole.equals(expected)


def test_layers_drop_the_labels_that_a_table_keeps(mdata) -> None:
    """Why there is ``estimate``: the same table as a layer is taken as its rows and columns come."""
    rna = mdata["rna"].copy()
    frame = shuffled(sps.get.mean(rna))
    rna.layers["denoised"] = frame
    assert sps.tl.reconstruction(rna, estimate=frame, copy=True).loc["rmse", "score"] == 0
    assert sps.tl.reconstruction(rna, "denoised", copy=True).loc["pearson", "score"] < 0.9


def test_where_the_scores_of_a_table_are_written(mdata) -> None:
    rna = mdata["rna"].copy()
    sps.tl.reconstruction(rna, estimate=table(rna, "mean"))
    sps.tl.dropout_detection(rna, estimate=table(rna, "share"), key_added="mine")
    assert {"reconstruction", "reconstruction_features", "mine"} <= {*rna.uns}
    assert "estimate" not in rna.layers
    assert not {"reconstruction", "mine"} & {*sps.get.without_truth(rna).uns}


def renamed(frame, axis):
    return frame.rename(**{axis: {getattr(frame, axis)[0]: "nobody"}})


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda f: f.iloc[1:], ValueError, "the index of estimate must be the obs_names of data.*none for 1 of 100"),
        (
            lambda f: f.iloc[:, 2:],
            ValueError,
            r"the columns of estimate must be the var_names of data.*none for 2 of \d0",
        ),
        (lambda f: renamed(f, "index"), ValueError, "the index of .* got 1 that data lacks, among them 'nobody'"),
        (lambda f: renamed(f, "columns"), ValueError, "the columns of .* got 1 that data lacks, among them 'nobody'"),
        (lambda f: f.reset_index(drop=True), ValueError, "the index of .* got 100 that data lacks, among them 0, 1, 2"),
        (lambda f: pd.concat([f, f.iloc[3:4]]), ValueError, "the index of estimate must be unique.*'spot_3' more than"),
        (
            lambda f: pd.concat([f, f.iloc[:, :1]], axis=1),
            ValueError,
            "the columns of estimate must be unique.*_0' more",
        ),
        (lambda f: f.to_numpy(), TypeError, "estimate must be a table, got array"),
        (lambda f: f.iloc[0], TypeError, "estimate must be a table, got"),
        (lambda f: f.astype(object).mask(f > 0.5, None), ValueError, "must be finite"),
        (lambda f: f.astype("Float64").mask(f > 0.5), ValueError, "must be finite"),
        (lambda f: f.astype(str), TypeError, "estimate must hold real numbers"),
        (lambda f: f + 1j, TypeError, "estimate must hold real numbers, got dtype complex128"),
        (lambda f: -f, ValueError, "must not be negative|must lie in"),
    ],
)
def test_tables_that_do_not_fit_are_refused(mdata, name, change, error, message) -> None:
    modality, layer = SCORES[name]
    for data in (mdata[modality], mdata):
        before = {*data.uns}
        with pytest.raises(error, match=message):
            getattr(sps.tl, name)(data, estimate=change(table(mdata[modality], layer)))
        assert {*data.uns} == before


@pytest.mark.parametrize("name", SCORES)
def test_exactly_one_of_key_and_estimate_is_given(mdata, name) -> None:
    modality, layer = SCORES[name]
    part = mdata[modality]
    with pytest.raises(ValueError, match=r"key .* or estimate .* exactly one of them, got none"):
        getattr(sps.tl, name)(part)
    with pytest.raises(ValueError, match=r"key .* or estimate .* exactly one of them, got both"):
        getattr(sps.tl, name)(part, layer, estimate=table(part, layer))


def test_a_table_belongs_to_one_modality(mdata) -> None:
    frame = table(mdata["rna"], "mean")
    both = pd.concat([frame, table(mdata["protein"], "mean")], axis=1)
    with pytest.raises(
        ValueError, match="features of one modality as its columns, got features of 'rna' and 'protein'"
    ):
        sps.tl.reconstruction(mdata, estimate=both)
    with pytest.raises(ValueError, match="got features of none; there are 'rna', 'protein'"):
        sps.tl.reconstruction(mdata, estimate=frame.T)
