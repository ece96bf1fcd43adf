"""Scenarios: JSON in and out, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

import spsim as sps

RNA = {"name": "rna", "n_spatial": 20}
LINE = np.column_stack([np.arange(5.0), np.zeros(5)])


@pytest.mark.parametrize(
    "pattern",
    [
        "both",
        sps.patterns.Motifs(pixels=np.eye(4).reshape(4, 2, 2), names=list("abcd")),
        sps.patterns.FactorMatrix(factors=np.ones((5, 2)), coordinates=LINE, unit="mm"),
    ],
)
def test_json_goes_out_and_comes_back_equal(pattern) -> None:
    scenario = sps.Scenario(id="mine", pattern=pattern, modalities=[RNA, {"name": "p", "n_mixed": 4, "shape": 2.5}])
    text = scenario.to_json()
    assert sps.Scenario.from_json(text) == scenario
    assert json.loads(text)["id"] == "mine"


def test_an_array_is_a_stack_of_motifs() -> None:
    scenario = sps.Scenario(pattern=np.eye(2)[None], modalities=[RNA])
    assert scenario.factor_names == ("factor_1",)


def test_a_list_is_modalities_and_a_mapping_is_a_scenario() -> None:
    assert sps.Scenario.from_config([RNA]).pattern == "ggblocks"
    assert sps.Scenario.from_config({"pattern": "quilt", "n_side": 7, "modalities": [RNA]}).n_spots == 49


def test_active_factors_by_name_or_position() -> None:
    by_name = sps.simulate(sps.Scenario(modalities=[RNA | {"active_factors": ["block_2", "block_1"]}]))
    by_position = sps.simulate(sps.Scenario(modalities=[RNA | {"active_factors": [0, 1]}]))
    assert np.array_equal(by_name["rna"].X, by_position["rna"].X)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"pattern": "qilt"}, r"pattern must be one of .* got 'qilt' \(did you mean 'quilt'\?\)"),
        ({"pattern": 3}, "pattern must be one of"),
        ({"pattern": {"name": "Motif", "pixels": [[[1]]]}}, "did you mean 'Motifs'"),
        ({"n_side": 0}, "n_side must be a whole number of at least 1, got 0"),
        ({"n_side": 3.5}, "n_side must be a whole number of at least 1, got 3.5"),
        ({"n_side": "36"}, "n_side must be a whole number of at least 1, got '36'"),
        ({"n_side": 3, "layout": sps.patterns.Grid(n_rows=3)}, "give either n_side or layout, not both"),
        ({"layout": 3}, "layout must be a layout of spsim.patterns, its name or its dict"),
        ({"layout": {"name": "Grit"}}, "did you mean 'Grid'"),
        ({"layout": {"name": "Grid", "rows": 3}}, "Grid has no parameter 'rows': write n_rows="),
        ({"modalities": []}, "modalities must hold at least one modality, got none"),
        ({"modalities": RNA}, "modalities must be a list"),
        ({"modalities": [3]}, r"modalities\[0\] must be a Modality or a mapping of its fields, got 3"),
        ({"modalities": [RNA, RNA]}, "names of modalities must be unique, got 'rna' more than once"),
        ({"modalities": [RNA | {"n_spatial": -1}]}, "modality 'rna': n_spatial must be a whole number"),
        ({"modalities": [RNA | {"active_factors": [4]}]}, "positions 0 to 3 of 'block_1', .* got 4"),
        ({"modalities": [RNA | {"active_factors": [-1]}]}, "got -1"),
        ({"modalities": [RNA | {"active_factors": ["block1"]}]}, r"got 'block1' \(did you mean 'block_1'\?\)"),
        ({"modalities": [RNA | {"active_factors": [0, "block_1"]}]}, "must be unique, got 'block_1'"),
        ({"modalities": [RNA | {"active_factors": []}]}, "active_factors of modality 'rna' is empty"),
        ({"modalities": [RNA | {"active_factors": [0, 1, 2, 3, 4]}]}, "positions 0 to 3"),
        ({"shared_nonspatial": 1}, "shared_nonspatial must be True or False, got 1"),
        ({"id": ""}, "id must be a text"),
        ({"patern": "quilt"}, r"a scenario has no field 'patern' \(did you mean 'pattern'\?\)"),
        (
            {"shared_nonspatial": True, "modalities": [RNA, {"name": "p", "nonspatial_probability": 0.3}]},
            "shared_nonspatial needs one n_nonspatial_factors and nonspatial_probability",
        ),
    ],
)
def test_bad_scenarios_are_refused_by_name(fields, message) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        sps.Scenario(**({"modalities": [RNA]} | fields))


def test_a_scenario_needs_modalities() -> None:
    with pytest.raises(ValueError, match="modalities: field required"):
        sps.Scenario()
