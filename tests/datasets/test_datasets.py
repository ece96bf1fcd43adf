"""quilt, ggblocks, multiomics."""

from __future__ import annotations

import json

import numpy as np
import pytest

import spsim as sps


@pytest.mark.parametrize("name", ["quilt", "ggblocks"])
def test_defaults_are_the_papers(name) -> None:
    mdata = getattr(sps.datasets, name)()
    assert mdata.shape == (1296, 500) and list(mdata.mod) == ["rna"]
    assert (mdata["rna"].var["kind"] == "mixed").all()
    assert np.allclose(np.unique(sps.get.mean(mdata["rna"])), [0.2, 9.2, 11.2, 20.2])
    assert mdata.uns["spsim"]["scenario"] == name


def test_multiomics_sees_what_the_issue_says() -> None:
    mdata = sps.datasets.multiomics()
    assert {name: adata.n_vars for name, adata in mdata.mod.items()} == {"rna": 1000, "protein": 100}
    assert sps.get.activity(mdata).to_numpy().tolist() == [[True, False, True, True], [False, True, False, False]]
    # Where a factor is on a zero is all but impossible (1.5e-3 at mean 9.2), so zeros there are dropout.
    zeros = {name: (adata.X[sps.get.mean(adata) > 9] == 0).mean() for name, adata in mdata.mod.items()}
    assert zeros == pytest.approx({"rna": 0.5, "protein": 0.0}, abs=0.005)


def test_fields_are_flat() -> None:
    mdata = sps.datasets.quilt(12, n_spatial=40, name="atac", expr_mean=3, rng=5)
    scenario = sps.Scenario.from_mdata(mdata)
    assert scenario == sps.Scenario(
        id="quilt", pattern="quilt", n_side=12, modalities=[{"name": "atac", "n_spatial": 40, "expression_mean": 3}]
    )


def test_a_configuration_file_of_modalities(tmp_path) -> None:
    """The format of the published configuration, with its own names."""
    config = [
        {
            "name": "RNA",
            "params": {"Jsp": 20, "Jmix": 30, "Jns": 10, "expr_mean": 20.0, "nb_shape": 10.0, "dropout_rate": 0.5},
            "active_factors": [0, 1],
        },
        {"name": "ADT", "params": {"Jsp": 5}, "active_factors": None},
    ]
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    from_file = sps.datasets.multiomics(path, pattern="quilt", n_side=12)
    assert np.array_equal(from_file["RNA"].X, sps.datasets.multiomics(config, pattern="quilt", n_side=12)["RNA"].X)
    assert from_file["RNA"].n_vars == 60
    assert sps.get.activity(from_file).loc["RNA"].tolist() == [True, True, False, False]


def test_a_configuration_file_of_a_scenario(tmp_path) -> None:
    scenario = sps.Scenario(id="mine", pattern="both", n_side=12, modalities=[{"name": "rna", "n_spatial": 90}])
    path = tmp_path / "scenario.json"
    path.write_text(scenario.to_json())
    mdata = sps.datasets.multiomics(str(path))
    assert sps.Scenario.from_mdata(mdata) == scenario
    for more in ({"pattern": "quilt"}, {"n_side": 5}, {"layout": sps.patterns.Grid(n_rows=3)}):
        with pytest.raises(ValueError, match="a whole scenario has its own pattern and size"):
            sps.datasets.multiomics(path, **more)


def test_bad_files_are_refused(tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match="modalities names no file: 'nowhere.json'"):
        sps.datasets.multiomics("nowhere.json")
    path = tmp_path / "notes.txt"
    path.write_text("quilt, please")
    with pytest.raises(ValueError, match=r"notes.txt' is not JSON"):
        sps.datasets.multiomics(path)
    path.write_text('"quilt"')
    with pytest.raises(TypeError, match="modalities must be a list"):
        sps.datasets.multiomics(path)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sps.datasets.quilt(0), "n_side must be a whole number of at least 1, got 0"),
        (lambda: sps.datasets.quilt(2.5), "n_side must be a whole number of at least 1, got 2.5"),
        (lambda: sps.datasets.quilt(nspatial=3), "did you mean 'n_spatial'"),
        (lambda: sps.datasets.quilt(layout="hex"), "layout name must be one of .*'Hexagonal'.*got 'hex'"),
        (lambda: sps.datasets.quilt(20, layout=sps.patterns.Grid(n_rows=3)), "either n_side or layout"),
        (lambda: sps.datasets.multiomics([]), "modalities must hold at least one modality"),
        (lambda: sps.datasets.multiomics(pattern="mosaic"), "pattern must be one of"),
        (lambda: sps.datasets.multiomics(5), "modalities must be a list of modalities, got 5"),
        (lambda: sps.datasets.quilt(rng=-1), "rng must not be negative, got -1"),
    ],
)
def test_bad_input_is_refused_by_name(call, message) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_no_seed_draws_one_and_records_it() -> None:
    mdata = sps.datasets.quilt(12, rng=None)
    assert not np.array_equal(mdata["rna"].X, sps.datasets.quilt(12, rng=None)["rna"].X)
    assert np.array_equal(sps.datasets.replay(mdata)["rna"].X, mdata["rna"].X)
