"""`spsim simulate`: whole files or none, errors in one line."""

from __future__ import annotations

import json

import mudata
import numpy as np
import pytest
from click.testing import CliRunner

import spsim as sps
from spsim._cli import main
from spsim._files import write_atomically


def run(*arguments: object):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_what_is_written_is_what_python_makes(tmp_path) -> None:
    result = run("simulate", "quilt", "-o", tmp_path / "q.h5mu", "--seed", 5, "--n-side", 12)
    assert result.exit_code == 0, result.output
    assert "144 spots, 500 features" in result.output and "sps.get.factors(mdata)" in result.output
    assert np.array_equal(mudata.read(tmp_path / "q.h5mu")["rna"].X, sps.datasets.quilt(12, rng=5)["rna"].X)
    assert [path.name for path in tmp_path.iterdir()] == ["q.h5mu"]


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
            r"WHAT must be one of 'quilt', 'ggblocks', 'multiomics' or a file, got 'quit' (did you mean 'quilt'?)",
        ),
        (["quilt", "--n-side", 0], "n_side must be a whole number of at least 1, got 0"),
        (["quilt", "--pattern", "both"], "--pattern goes with multiomics, got 'both' beside 'quilt'"),
        (["multiomics", "--pattern", "qilt"], "pattern must be one of"),
        (["multiomics", "--seed", -1], "rng must not be negative, got -1"),
    ],
)
def test_bad_input_is_one_line_and_leaves_no_file(tmp_path, arguments, message) -> None:
    result = run("simulate", *arguments, "-o", tmp_path / "x.h5mu")
    assert result.exit_code == 1 and message in result.output and "Traceback" not in result.output
    assert not list(tmp_path.iterdir())


def test_files_are_not_overwritten_unless_told(tmp_path) -> None:
    out = tmp_path / "q.h5mu"
    out.write_text("mine")
    result = run("simulate", "quilt", "-o", out, "--n-side", 6)
    assert result.exit_code == 1 and "exists; give --force to overwrite it" in result.output
    assert out.read_text() == "mine"
    assert run("simulate", "quilt", "-o", out, "--n-side", 6, "--force").exit_code == 0
    assert mudata.read(out).n_obs == 36


def test_a_missing_folder_is_named(tmp_path) -> None:
    result = run("simulate", "quilt", "-o", tmp_path / "no" / "q.h5mu")
    assert result.exit_code == 1 and "no such folder" in result.output


def test_an_interrupted_write_leaves_nothing(tmp_path) -> None:
    def interrupted(path: str) -> None:
        with open(path, "w") as file:
            file.write("half")
        raise KeyboardInterrupt

    (tmp_path / "old").write_text("whole")
    for name in ("new", "old"):
        with pytest.raises(KeyboardInterrupt):
            write_atomically(tmp_path / name, interrupted)
    assert [path.name for path in tmp_path.iterdir()] == ["old"] and (tmp_path / "old").read_text() == "whole"


def test_other_suffixes_are_refused(tmp_path) -> None:
    result = run("simulate", "quilt", "-o", tmp_path / "q.csv")
    assert result.exit_code == 1 and "must end in .h5mu" in result.output and not list(tmp_path.iterdir())
