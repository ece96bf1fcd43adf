"""What an object records by name, and what is left of it where objects were joined."""

from __future__ import annotations

import anndata
import numpy as np
import pytest

import spsim as sps
from spsim.slots import is_torn, label_names, note_score_tables, recorded_groups, score_tables, truth_keys
from worlds import made


def test_labels_in_their_order() -> None:
    mdata = made("everything")
    assert label_names(mdata) == label_names(mdata["rna"]) == ["slice", "domain", "cell_type"]


@pytest.mark.parametrize(("world", "expected"), [("slices", "slice"), ("everything", "slice"), ("types", None)])
def test_groups_are_the_label_that_separates(world, expected) -> None:
    mdata = made(world)
    assert recorded_groups(mdata) == recorded_groups(mdata["rna"]) == expected
    assert recorded_groups(sps.get.without_truth(mdata)) is None


def test_a_record_is_torn_where_objects_were_joined() -> None:
    parts = [sps.datasets.quilt(6, n_spatial=9, rng=rng)["rna"] for rng in (1, 2)]
    assert not any(map(is_torn, parts))
    assert not is_torn(anndata.concat(parts, uns_merge="first"))
    for merge in (None, "same", "unique"):
        joined = anndata.concat(parts, uns_merge=merge)
        assert is_torn(joined) and recorded_groups(joined) is None
        assert truth_keys(joined, "obsm") == {"spatial", "spatial_factors", "nonspatial_factors"}
    assert is_torn(anndata.AnnData(np.ones((2, 2))))


def test_keys_of_truth_are_those_of_the_record() -> None:
    mdata = made("types")
    assert truth_keys(mdata, "obs") == {"domain", "cell_type", "x", "y", "spsim_index"}
    assert "cell_type_loadings" in truth_keys(mdata["rna"], "varm")


def test_tables_are_noted_once() -> None:
    adata = anndata.AnnData(np.ones((2, 2)))
    note_score_tables(adata, ["a", "b"])
    note_score_tables(adata, ["b", "c"])
    assert score_tables(adata) == ["a", "b", "c"]


@pytest.mark.parametrize("noted", ["no JSON", "5", "[1]", "{}", "[" * 100_000])
def test_a_note_that_spsim_did_not_write_is_refused(noted) -> None:
    mdata = sps.datasets.quilt(6, n_spatial=9)
    mdata.uns["spsim_scores"] = noted
    with pytest.raises(ValueError, match=r"uns\['spsim_scores'\] must be the JSON list of keys that spsim wrote, got"):
        sps.get.without_truth(mdata)
