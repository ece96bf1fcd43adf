"""What stands for a recipe or a scenario: its name, its mapping, its file, and for a layout the places themselves."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest

import spsim as sps
from spsim import likelihoods, patterns
from spsim.scenarios import DATA_SETS

XY = np.random.default_rng(0).uniform(0, 100, size=(50, 2))


@pytest.mark.parametrize("name", ["poisson", "Bernoulli", "log_normal", "gaussian", "zero_inflated_poisson"])
def test_likelihoods_by_name(name) -> None:
    assert sps.Modality("rna", likelihood=name).likelihood == likelihoods.from_dict({"name": name})
    assert sps.datasets.quilt(6, n_spatial=8, likelihood=name).shape == (36, 8)


def tissue() -> anndata.AnnData:
    adata = anndata.AnnData(np.ones((50, 2)), obs=pd.DataFrame(index=[f"c{n}" for n in range(50)]))
    adata.obsm["spatial"] = XY
    return adata


@pytest.mark.parametrize("make", [sps.datasets.quilt, sps.datasets.ggblocks, sps.datasets.multiomics, None])
@pytest.mark.parametrize(
    ("layout", "same"),
    [
        (XY, patterns.Coordinates(XY)),
        (XY.tolist(), patterns.Coordinates(XY)),
        (pd.DataFrame(XY), patterns.Coordinates(XY)),
        (tissue(), patterns.Coordinates(XY, obs_names=[f"c{n}" for n in range(50)])),
        (np.eye(8) == 1, patterns.Mask(np.eye(8))),
        ({"name": "Grid", "n_rows": 4}, patterns.Grid(4)),
        ("jittered", patterns.Jittered()),
    ],
    ids=["array", "list", "frame", "AnnData", "mask", "dict", "name"],
)
@pytest.mark.filterwarnings("ignore:no spot has the factor")
def test_a_layout_from_what_one_has(make, layout, same) -> None:
    make = make or (lambda layout: sps.simulate(sps.Scenario([{"n_spatial": 20}], layout=layout)))
    mdata, expected = make(layout=layout), make(layout=same)
    assert mdata.obs_names.equals(expected.obs_names)
    assert np.array_equal(mdata.obsm["spatial"], expected.obsm["spatial"])
    assert sps.testing.fingerprint(mdata) == sps.testing.fingerprint(expected)


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        (5, "layout must be a layout of spsim.patterns, its name or its dict .*, positions n × 2 .*, or an AnnData"),
        (np.ones(4), "layout: coordinates must be a non-empty 2-D array, got shape"),
        (np.ones((4, 5)), "layout: coordinates must be n × 2 or n × 3, got shape"),
        (np.zeros((4, 4), bool), "layout: mask must have a true pixel"),
        (anndata.AnnData(np.ones((3, 2))), "layout: obsm of coordinates, an AnnData: no 'spatial'"),
        ("hexagon", "did you mean 'Hexagonal'"),
    ],
)
def test_what_is_no_layout_is_refused(layout, message) -> None:
    with pytest.raises((KeyError, TypeError, ValueError), match=message):
        sps.datasets.quilt(layout=layout)


@pytest.mark.parametrize("name", ["quilt", "ggblocks", "multiomics"])
def test_a_data_set_by_its_name_is_that_of_its_function(name) -> None:
    mdata, expected = sps.simulate(name, rng=3), getattr(sps.datasets, name)(rng=3)
    assert dict(mdata.uns["spsim"]).keys() == dict(expected.uns["spsim"]).keys()
    assert mdata.uns["spsim"]["params"] == expected.uns["spsim"]["params"]
    assert sps.testing.fingerprint(mdata) == sps.testing.fingerprint(expected)


def test_a_scenario_from_a_mapping_a_list_and_a_file(tmp_path: Path) -> None:
    fields = {"pattern": "quilt", "n_side": 8, "modalities": [{"name": "rna", "n_spatial": 20}]}
    expected = sps.testing.fingerprint(sps.simulate(sps.Scenario(**fields)))
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(fields))
    assert sps.Scenario.read(path) == sps.Scenario.read(str(path)) == sps.Scenario(**fields)
    for given in (fields, path, str(path)):
        assert sps.testing.fingerprint(sps.simulate(given)) == expected
    assert sps.testing.fingerprint(sps.datasets.multiomics(path)) == expected
    path.write_text(sps.Scenario(**fields).to_json())
    assert sps.Scenario.read(path) == sps.Scenario(**fields)
    path.write_text(json.dumps(fields["modalities"]))
    assert sps.Scenario.read(path) == sps.Scenario(fields["modalities"])
    assert sps.simulate(fields["modalities"]).shape == (1296, 20)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (None, FileNotFoundError, "path names no file: '.*s.json'"),
        ("{", ValueError, "s.json' is not JSON"),
        ('{"seed": 3, "modalities": [{}]}', ValueError, "a scenario has no field 'seed': write rng= of spsim.simulate"),
        ("3", TypeError, "a configuration must be a list of modalities or a mapping"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, text, error, message) -> None:
    path = tmp_path / "s.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(error, match=message):
        sps.Scenario.read(path)
    with pytest.raises(error, match=message):
        sps.simulate(str(path))
    with pytest.raises(TypeError, match="path must be the path of a JSON file, got 3"):
        sps.Scenario.read(3)


def test_every_name_of_a_data_set_is_known_or_told_where_it_is() -> None:
    """Of all functions that make data: one table for Python and for the command line."""
    makers = {
        name
        for name in sps.datasets.__all__
        if "keep_mean" in (shown := inspect.signature(getattr(sps.datasets, name)).parameters) and "rng" in shown
    }
    assert set(DATA_SETS) == makers
    for name in DATA_SETS:
        try:
            made = sps.simulate(name)
        except ValueError as error:
            assert f"call spsim.datasets.{name}()" in str(error) and "spsim.Scenario.from_mdata" in str(error)
            small = getattr(sps.datasets, name)()
            again = sps.simulate(sps.Scenario.from_mdata(small))
            assert all(np.array_equal(again[key].X, part.X) for key, part in small.mod.items())
        else:
            assert np.array_equal(made["rna"].X, getattr(sps.datasets, name)()["rna"].X)
    with pytest.raises(ValueError, match=r"got 'citesq' \(did you mean 'citeseq'\?\); .*functions of spsim.datasets"):
        sps.simulate("citesq")
