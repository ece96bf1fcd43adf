"""What is shared and what is private is told in one way: a kind for each component, or the shared block's key."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import spsim as sps
from spsim.slots import without_pulling

KINDS = ["private_protein", "private_rna", "private_rna", "shared"]  # of mdata.obsm["X_guess"], see conftest.py


@pytest.fixture
def blocks(mdata):
    """The same components as blocks: the shared one at the top, the others in their modality."""
    guess = np.asarray(mdata.obsm["X_guess"])
    with without_pulling():
        mdata.obsm["X_shared"] = guess[:, [3]]
        mdata["rna"].obsm["X_private"] = guess[:, [1, 2]]
        mdata["rna"].obsm["X_both"] = guess[:, [3, 1, 2]]
        mdata["protein"].obsm["X_private"] = guess[:, [0]]
    return mdata


def test_both_ways_give_the_same_leakage(blocks) -> None:
    by_key = sps.tl.factor_leakage(blocks, "rna:X_private", shared_key="X_shared", copy=True)
    kinds = ["shared", "private_rna", "private_rna"]
    pd.testing.assert_frame_equal(sps.tl.factor_leakage(blocks, "rna:X_both", kinds=kinds, copy=True), by_key)
    assert by_key["kind"].tolist() == ["shared", "private", "private"]
    assert by_key["leak"].max() < 0.1


def test_an_estimate_at_the_top_has_rows_for_each_modality(blocks) -> None:
    table = sps.tl.factor_leakage(blocks, "X_guess", kinds=KINDS)
    assert table.index.tolist() == ["rna:block_2", "rna:block_1", "rna:block_4", "protein:block_2", "protein:block_3"]
    rna = sps.tl.factor_leakage(blocks, "rna:X_private", shared_key="X_shared", copy=True)
    protein = sps.tl.factor_leakage(blocks, "protein:X_private", shared_key="X_shared", copy=True)
    assert np.allclose(table.iloc[:3, 1:], rna.iloc[:, 1:]) and np.allclose(table.iloc[3:, 1:], protein.iloc[:, 1:])
    assert blocks.uns["X_guess_factor_leakage"].equals(table)


def test_what_is_called_wrong_leaks(blocks) -> None:
    right = sps.tl.factor_leakage(blocks, "X_guess", kinds=KINDS, copy=True)
    wrong = sps.tl.factor_leakage(blocks, "X_guess", kinds=["shared"] * 4, copy=True)
    private = right.index[right["kind"] == "private"]
    assert right.loc[private, "leak"].max() < 0.1 and wrong.loc[private, "leak"].min() > 0.4
    left_out = sps.tl.factor_leakage(blocks, "X_guess", kinds=["background", "nonspatial", *KINDS[2:]], copy=True)
    assert left_out.loc["rna:block_1", "in_private"] < 0.2 < right.loc["rna:block_1", "in_private"]


def test_kinds_from_energies_go_into_both_scores(blocks) -> None:
    with without_pulling():
        for name, own in (("rna", [0, 1, 1, 1]), ("protein", [1, 0, 0, 1])):
            blocks[name].varm["W"] = np.ones((blocks[name].n_vars, 4)) * own
    kinds = sps.tl.energy_kinds(blocks, "X_guess", loadings_key="W", copy=True)["kind"]
    assert kinds.tolist() == KINDS
    assert sps.tl.factor_kind(blocks, "X_guess", kinds=kinds, copy=True)["accuracy"].iloc[0] == 1
    sps.tl.factor_leakage(blocks, "X_guess", kinds=kinds, copy=True)


def test_both_ways_give_the_same_kinds(blocks) -> None:
    by_key = sps.tl.factor_kind(blocks, "rna:X_private", shared_key="X_shared", copy=True)
    kinds = ["shared", "private_rna", "private_rna"]
    pd.testing.assert_frame_equal(sps.tl.factor_kind(blocks, "rna:X_both", kinds=kinds, copy=True), by_key)
    assert by_key["match"].to_dict() == {"block_1": 1, "block_2": 0, "block_3": -1, "block_4": 2}
    assert by_key["status"].to_dict() == {k: "lost" if k == "block_3" else "matched" for k in by_key.index}


def test_blocks_are_aligned_by_name(blocks) -> None:
    rows = np.random.default_rng(0).permutation(144)[:100]
    blind = sps.get.without_truth(blocks)["rna"][rows].copy()
    blind.obsm["X_shared"] = np.asarray(blocks.obsm["X_shared"])[rows]
    with without_pulling():
        part = blocks[np.sort(rows)].copy()
    expected = sps.tl.factor_leakage(part, "rna:X_private", shared_key="X_shared", copy=True)
    found = sps.tl.factor_leakage(blind, "X_private", shared_key="X_shared", truth=blocks, copy=True)
    pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize("name", ["factor_kind", "factor_leakage"])
def test_exactly_one_way_is_given(blocks, name) -> None:
    score = getattr(sps.tl, name)
    with pytest.raises(ValueError, match=r"kinds .* or shared_key .* exactly one of them, got none"):
        score(blocks, "rna:X_both")
    with pytest.raises(ValueError, match=r"kinds .* or shared_key .* exactly one of them, got both"):
        score(blocks, "rna:X_both", kinds=["shared"] * 3, shared_key="X_shared")
    with pytest.raises(ValueError, match=r"kinds must be one per component of 'X_both' \(3\), got 2"):
        score(blocks, "rna:X_both", kinds=["shared"] * 2)
    with pytest.raises(ValueError, match="key must lie in one modality, as in 'modality:X_guess'"):
        score(blocks, "X_guess", shared_key="X_shared")
    with pytest.raises(KeyError, match="obsm: no 'X_share'; there are .*did you mean 'X_shared'"):
        score(blocks, "rna:X_private", shared_key="X_share")


def test_kinds_of_leakage_are_known_words(blocks) -> None:
    message = "kinds must be one of .*'private_rna', 'private_protein', 'shared', got 'private_rn' .did you mean 'private_rna'"
    with pytest.raises(ValueError, match=message):
        sps.tl.factor_leakage(blocks, "X_guess", kinds=["private_rn", *KINDS[1:]])


def test_three_modalities_share_in_pairs() -> None:
    modalities = [
        {"name": "a_b", "n_spatial": 20, "active_factors": [0, 1, 2]},
        {"name": "c", "n_spatial": 20, "active_factors": [1, 2]},
        {"name": "d", "n_spatial": 20, "active_factors": [2, 3]},
    ]
    mdata = sps.datasets.multiomics(modalities, n_side=10)
    mdata.obsm["X"] = np.asarray(mdata.obsm["spatial_factors"])
    kinds = ["private_a_b", "shared_a_b_c", "shared", "private_d"]
    assert sps.tl.factor_kind(mdata, "X", kinds=kinds, copy=True)["accuracy"].iloc[0] == 1
    table = sps.tl.factor_leakage(mdata, "X", kinds=kinds, copy=True)
    assert table["leak"].max() == pytest.approx(0, abs=0.01)
    assert table.loc[["a_b:block_2", "c:block_2", "d:block_3", "a_b:block_3"], "kind"].tolist() == ["shared"] * 4
    assert table.loc[["a_b:block_1", "d:block_4"], "in_private"].tolist() == pytest.approx([1, 1], abs=0.01)
    assert "d:block_2" not in table.index


def test_loadings_at_the_top_are_those_of_the_modalities(blocks) -> None:
    """muon writes varm["LFs"] of all features at the top."""
    rng = np.random.default_rng(0)
    loadings = {name: rng.random((part.n_vars, 4)) * (rng.random(4) < 0.6) for name, part in blocks.mod.items()}
    blocks.varm["LFs"] = np.concatenate([loadings[name] for name in blocks.mod])
    expected = sps.metrics.energy_kinds(np.asarray(blocks.obsm["X_guess"]), loadings)
    assert len(set(expected)) > 1
    table = sps.tl.energy_kinds(blocks, "X_guess", loadings_key="LFs")
    assert table["kind"].tolist() == expected
    rows = np.arange(0, 144, 2)
    on_view = sps.tl.energy_kinds(blocks[rows], "X_guess", loadings_key="LFs", copy=True)["kind"].tolist()
    assert on_view == sps.metrics.energy_kinds(np.asarray(blocks.obsm["X_guess"])[rows], loadings)
    assert sps.tl.loading_recovery(blocks, "X_guess", loadings_key="LFs", copy=True)["n"].iloc[0] == blocks.n_vars
    with without_pulling():
        for name, part in blocks.mod.items():
            part.varm["LFs"] = loadings[name][:, ::-1]  # a modality's own come first
    own = {name: values[:, ::-1] for name, values in loadings.items()}
    assert sps.tl.energy_kinds(blocks, "X_guess", loadings_key="LFs", copy=True)["kind"].tolist() == (
        sps.metrics.energy_kinds(np.asarray(blocks.obsm["X_guess"]), own)
    )


@pytest.mark.parametrize("name", ["loading_recovery", "factor_recovery"])
def test_loadings_that_do_not_fit_are_refused_by_name(blocks, name) -> None:
    from scipy.sparse import csr_matrix

    rna = blocks["rna"]
    rna.varm["wide"], rna.varm["sparse"] = np.ones((60, 7)), csr_matrix(np.ones((60, 3)))
    with pytest.raises(ValueError, match=r"loadings.* column.*7"):
        getattr(sps.tl, name)(rna, "X_own", loadings_key="wide")
    with pytest.raises(TypeError, match=r"loadings.* must be a dense array, got a sparse .*call its \.toarray"):
        getattr(sps.tl, name)(rna, "X_own", loadings_key="sparse")


def test_tables_of_features_that_do_not_fit_are_refused_by_name(mdata) -> None:
    rna = mdata["rna"]
    scores = pd.DataFrame({"I": np.arange(60.0)}, index=rna.var_names)
    rna.uns["twice"] = pd.concat([scores, scores.iloc[:2]])
    with pytest.raises(
        ValueError, match="features of the table must be unique to be aligned, got 'rna_0', 'rna_1' more"
    ):
        sps.tl.svg_detection(rna, "twice")
    rna.uns["texts"] = scores.astype(str)
    with pytest.raises(TypeError, match="column 'I' must hold real numbers"):
        sps.tl.svg_detection(rna, "texts")
    rna.uns["moranI"] = scores.where(scores > 4)
    expected = sps.tl.svg_detection(rna, "moranI", copy=True)
    assert expected.loc["n_untested", "score"] == 5
    rna.uns["nullable"] = scores.astype("Float64").where(scores > 4)
    pd.testing.assert_frame_equal(sps.tl.svg_detection(rna, "nullable", copy=True), expected)
