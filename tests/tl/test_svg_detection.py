"""Which features vary in space, in truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from spsim import metrics, tl


def ranking_of(rna, seed: int = 0):
    rna.var["score"] = np.random.default_rng(seed).random(rna.n_vars)
    return tl.svg_detection(rna, "score", copy=True)


def test_spatially_variable_is_what_loads_on_a_spatial_block() -> None:
    markers = {"name": "Markers", "share": 0.4}
    features = {"name": "rna", "n_spatial": 10, "n_nonspatial": 40, "n_flat": 10, "loadings": {"cell_type": markers}}
    types = {"cell_type": {"name": "CellTypes", "by": "domain"}}
    rna = sps.simulate(sps.Scenario(n_side=10, factors=types, modalities=[features]), rng=1)["rna"]
    loads = np.array(
        [
            any(value != 0 for key in ("spatial_loadings", "cell_type_loadings") for value in rna.varm[key][j])
            for j in range(rna.n_vars)
        ]
    )
    kinds = rna.var["kind"].to_numpy()
    assert loads[kinds == "spatial"].all() and not loads[kinds == "flat"].any()
    assert 0 < loads[kinds == "nonspatial"].sum() < 40  # some are markers of cell types, which lie in domains
    table = ranking_of(rna)
    expected = metrics.svg_detection(rna.var["score"].to_numpy(), loads)
    assert table["score"].drop("n_untested").to_dict() == pytest.approx({k: v for k, v in expected.items() if k != "n"})


@pytest.mark.parametrize(
    "made_of",
    [
        {"n_spatial": 12, "n_mixed": 9, "n_nonspatial": 20},
        {"n_spatial": 12, "n_nonspatial": 20, "active_factors": [1]},
        {"n_mixed": 12, "n_nonspatial": 20, "expression_mean": 0.5},
        {"n_spatial": 12, "n_mixed": 9, "n_nonspatial": 20, "link": "log", "background_mean": 1.0},
    ],
)
def test_with_two_blocks_it_is_the_kind_that_decides(made_of) -> None:
    rna = sps.datasets.multiomics([{"name": "rna", **made_of}], n_side=8)["rna"]
    by_kind = (rna.var["kind"] != "nonspatial").to_numpy()
    table = ranking_of(rna)
    assert table.loc["auroc", "score"] == metrics.svg_detection(rna.var["score"].to_numpy(), by_kind)["auroc"]
    assert table.loc["n_spatial", "score"] == by_kind.sum()


def test_flat_features_do_not_vary_in_space() -> None:
    rna = sps.datasets.multiomics([{"name": "rna", "n_spatial": 10, "n_flat": 15, "n_nonspatial": 5}], n_side=8)["rna"]
    assert ranking_of(rna).loc["n_spatial", "score"] == 10


def test_what_has_no_loading_does_not_vary_whatever_its_kind() -> None:
    null = sps.datasets.quilt(8, n_spatial=5, n_nonspatial=5, expression_mean=0)["rna"]
    assert set(null.var["kind"]) == {"spatial", "nonspatial"}
    with pytest.raises(ValueError, match="svg_detection needs features of both kinds, .*, got 0 spatial of 10"):
        ranking_of(null)
    none = sps.datasets.quilt(8, n_spatial=5, n_mixed=7, spatial_fraction=0.0)["rna"]
    assert ranking_of(none).loc["n_spatial", "score"] == 5


def test_kinds_decide_where_a_join_lost_the_record() -> None:
    rna = sps.datasets.multiomics([{"name": "rna", "n_spatial": 10, "n_flat": 15}], n_side=8)["rna"]
    expected = ranking_of(rna)
    del rna.uns["spsim"]
    assert_frame_equal(ranking_of(rna), expected)


def test_features_of_several_modalities_are_found_by_name(cells) -> None:
    cells["protein"].var["score"] = np.arange(9.0)
    blind = sps.get.without_truth(cells)
    reason = "got 9 spatial of 9"  # all are mixed
    with pytest.raises(ValueError, match=reason):
        tl.svg_detection(blind, "protein:score", truth=cells)
    rna = blind["rna"]
    rna.uns["t"] = pd.DataFrame({"I": np.arange(38.0)}, index=rna.var_names)
    by_name = tl.svg_detection(rna[:, ::-1].copy(), "t", truth=cells)
    alone = tl.svg_detection(rna, "t", truth=cells["rna"])
    assert_frame_equal(by_name, alone)
