"""`spsim simulate`: whole files or none, errors in one line."""

from __future__ import annotations

import csv
import json

import mudata
import numpy as np
import pytest
import scipy.io
from click.testing import CliRunner

import spsim as sps
from spsim._cli import main


def run(*arguments: object):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_what_is_written_is_what_python_makes(tmp_path) -> None:
    result = run("simulate", "quilt", "-o", tmp_path / "q.h5mu", "--seed", 5, "--n-side", 12)
    assert result.exit_code == 0, result.output
    assert "144 spots, 500 features" in result.output and "sps.get.factors(mdata, block=" in result.output
    assert np.array_equal(mudata.read(tmp_path / "q.h5mu")["rna"].X, sps.datasets.quilt(12, rng=5)["rna"].X)
    assert [path.name for path in tmp_path.iterdir()] == ["q.h5mu"]


def test_slices_and_mixtures_are_written_by_name(tmp_path) -> None:
    out, config = tmp_path / "s.h5mu", tmp_path / "s.json"
    result = run("simulate", "slices", "-o", out, "--seed", 3, "--n-side", 8)
    assert result.exit_code == 0, result.output
    expected = sps.datasets.slices(n_side=8, rng=3)
    assert np.array_equal(mudata.read(out)["rna"].X, expected["rna"].X)
    config.write_text(sps.Scenario.from_mdata(expected).to_json())
    result = run("simulate", config, "-o", tmp_path / "again.zarr", "--seed", 3)
    assert result.exit_code == 0, result.output
    assert np.array_equal(mudata.read_zarr(tmp_path / "again.zarr")["rna"].X, expected["rna"].X)
    result = run("simulate", "cells_and_spots", "-o", tmp_path / "c.h5mu", "--n-side", 8)
    assert "--n-side does not go with 'cells_and_spots', got 8" in result.output


@pytest.mark.parametrize("world", ["perturbseq", "citeseq", "rna_and_image", "ecotypes"])
def test_worlds_are_written_by_name(world, tmp_path) -> None:
    result = run("simulate", world, "-o", tmp_path / "w.h5mu", "--seed", 3)
    assert result.exit_code == 0 and "Columns: []" not in result.output, result.output
    first = "image" if world == "rna_and_image" else "rna"
    expected = getattr(sps.datasets, world)(rng=3)[first]
    assert np.array_equal(mudata.read(tmp_path / "w.h5mu")[first].X, expected.X)


def test_cells_without_places_have_a_picture_too(tmp_path) -> None:
    result = run("simulate", "citeseq", "-o", tmp_path / "c.h5mu", "--plot", tmp_path / "c.png")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG") and (tmp_path / "c.h5mu").exists()
    assert "2000 observations, 433 features" in result.output


def test_a_configuration_and_a_picture(tmp_path) -> None:
    config, out, plot = tmp_path / "c.json", tmp_path / "c.h5mu", tmp_path / "c.png"
    config.write_text(json.dumps([{"name": "a", "n_spatial": 40}, {"name": "b", "n_mixed": 30}]))
    result = run("simulate", config, "-o", out, "--pattern", "quilt", "--n-side", 12, "--plot", plot)
    assert result.exit_code == 0, result.output
    assert list(mudata.read(out).mod) == ["a", "b"] and plot.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["quit"],
            r"got 'quit' (did you mean 'quilt'?)",
        ),
        (["quilt", "--n-side", 0], "n_side must be a whole number of at least 1, got 0"),
        (["citeseq", "--n-side", 6], "--n-side does not go with 'citeseq', got 6"),
        (["citeseq", "--pattern", "quilt"], "pattern needs a layout"),
        (["perturbseq", "--n-side", 6], "--n-side does not go with 'perturbseq', got 6"),
        (["quilt", "--pattern", "both"], "--pattern does not go with 'quilt', got 'both'"),
        (["multiomics", "--pattern", "qilt"], "pattern must be one of"),
        (["multiomics", "--seed", -1], "rng must not be negative, got -1"),
        (["nsf_quit"], "(did you mean 'nsf_quilt'?)"),
        (["nsf_quilt", "--replicate", 6], "replicate of 'nsf_quilt' must be 1 to 5, got 6"),
        (["nsf_quilt", "--n-side", 6], "--n-side does not go with 'nsf_quilt', got 6"),
        (["quilt", "--replicate", 2], "--replicate does not go with 'quilt', got 2"),
        (["quilt", "--plot", "x.gifx"], "--plot must end in .png, .pdf, .svg"),
    ],
)
def test_bad_input_is_one_line_and_leaves_no_file(tmp_path, arguments, message) -> None:
    result = run("simulate", *arguments, "-o", tmp_path / "x.h5mu")
    assert result.exit_code == 1 and message in result.output and isinstance(result.exception, SystemExit)
    assert len(result.output.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_files_are_not_overwritten_unless_told(tmp_path) -> None:
    out = tmp_path / "q.h5mu"
    assert run("simulate", "quilt", "-o", out, "--n-side", 5).exit_code == 0
    result = run("simulate", "quilt", "-o", out, "--n-side", 6)
    assert result.exit_code == 1 and "exists; give --force to overwrite it" in result.output
    assert mudata.read(out).n_obs == 25
    assert run("simulate", "quilt", "-o", out, "--n-side", 6, "--force").exit_code == 0
    assert mudata.read(out).n_obs == 36


def test_a_missing_folder_is_named(tmp_path) -> None:
    result = run("simulate", "quilt", "-o", tmp_path / "no" / "q.h5mu")
    assert result.exit_code == 1 and "no such folder" in result.output


def test_published_data_sets_are_listed_and_written(tmp_path) -> None:
    listed = run("list")
    assert (
        listed.exit_code == 0 and "nsf_quilt_mixed" in listed.output and "quilt, ggblocks, multiomics" in listed.output
    )
    expected = sps.datasets.published("nsf_quilt", replicate=2)
    run("simulate", "nsf_quilt", "--replicate", 2, "-o", tmp_path / "a.h5mu")
    assert np.array_equal(mudata.read(tmp_path / "a.h5mu")["rna"].X, expected["rna"].X)
    run("simulate", "nsf_quilt", "--replicate", 2, "--seed", 3, "-o", tmp_path / "b.h5mu")
    again = sps.datasets.resample(expected, rng=3)
    assert np.array_equal(mudata.read(tmp_path / "b.h5mu")["rna"].X, again["rna"].X)


def test_zarr_and_folder_replace_only_when_told(tmp_path) -> None:
    expected = sps.datasets.multiomics(n_side=6)
    for name in ("a.zarr", "a"):
        arguments = ("simulate", "multiomics", "--n-side", 6, "-o", tmp_path / name)
        assert run(*arguments).exit_code == 0
        assert run(*arguments).exit_code == 1 and run(*arguments, "--force").exit_code == 0
    assert np.array_equal(mudata.read_zarr(tmp_path / "a.zarr")["rna"].X, expected["rna"].X)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "a.zarr"]


def test_the_folder_holds_all_of_the_truth(tmp_path) -> None:
    """Read with csv and scipy alone, as another language would."""
    mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 30, "n_nonspatial": 20, "noise_sd": 1}], n_side=8)
    config = tmp_path / "c.json"
    config.write_text(sps.Scenario.from_mdata(mdata).to_json())
    assert run("simulate", config, "-o", tmp_path / "out").exit_code == 0
    folder = tmp_path / "out" / "rna"
    counts = scipy.io.mmread(folder / "counts.mtx")
    assert counts.shape == (50, 64) and np.array_equal(counts.toarray().T, mdata["rna"].layers["counts"])
    with (folder / "values.mtx").open() as file:  # R's readMM reads no other kind
        assert file.readline().split() == ["%%MatrixMarket", "matrix", "coordinate", "real", "general"]
    assert np.allclose(scipy.io.mmread(folder / "values.mtx").toarray().T, mdata["rna"].X, rtol=1e-6)
    features = list(csv.DictReader((folder / "features.csv").open()))
    assert [row["feature"] for row in features] == list(mdata["rna"].var_names)
    assert [float(row["loading_block_2"]) for row in features] == mdata["rna"].varm["spatial_loadings"][:, 1].tolist()
    assert [row["spatial_factor"] for row in features[30:]] == [""] * 20
    spots = list(csv.DictReader((tmp_path / "out" / "spots.csv").open()))
    assert [row["domain"] for row in spots] == mdata.obs["domain"].tolist()
    assert [float(row["spatial_x"]) for row in spots] == mdata.obs["x"].tolist()
    assert json.loads((tmp_path / "out" / "parameters.json").read_text())["seeds"]["truth"]["entropy"] == "0"


def test_other_suffixes_are_refused(tmp_path) -> None:
    result = run("simulate", "quilt", "-o", tmp_path / "q.csv")
    assert (
        result.exit_code == 1
        and "must end in .h5mu or .zarr, or have no suffix" in result.output
        and not list(tmp_path.iterdir())
    )
