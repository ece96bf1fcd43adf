"""The folder as R reads it, and tables as R writes them, where R and its package Matrix are installed."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest
import scipy.io
from click.testing import CliRunner

import spsim as sps
from spsim._cli import main
from spsim._matrix_market import write_folder

HEADER = ["%%MatrixMarket", "matrix", "coordinate"]
LIKELIHOODS = {"Gaussian": {"sd": 0.5}, "LogNormal": {}}


def has_r() -> bool:
    command = ["Rscript", "-e", "library(Matrix)"]
    return (
        shutil.which("Rscript") is not None
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


NEEDS_R = pytest.mark.skipif(not has_r(), reason="needs Rscript and R's package Matrix")


def real_valued():
    """A modality of each likelihood without counts, one whose noise changes counts, and plain counts."""
    others = [{"name": "noisy", "noise_sd": 0.5}, {"name": "counts"}]
    real = [{"name": name.lower(), "likelihood": {"name": name, **fields}} for name, fields in LIKELIHOODS.items()]
    return sps.simulate(sps.Scenario(n_side=6, modalities=[{"n_mixed": 9, **modality} for modality in real + others]))


def matrices(folder):
    return sorted(folder.glob("*/*.mtx"))


@pytest.mark.parametrize("name", [*sps.datasets.list_published().query("system == 'SpatialGlue'").index, "real"])
def test_matrices_are_in_coordinate_form(tmp_path, name) -> None:
    """R's readMM reads no other."""
    mdata = real_valued() if name == "real" else sps.datasets.published(name)
    write_folder(mdata, str(tmp_path / "f"))
    found = matrices(tmp_path / "f")
    assert sum(path.name == "values.mtx" for path in found) == (3 if name == "real" else len(mdata.mod))
    for path in found:
        with path.open() as file:
            kind = "integer" if path.name == "counts.mtx" else "real"
            assert file.readline().split() == [*HEADER, kind, "general"]
        part = mdata[path.parent.name]
        expected = part.layers["counts"] if path.name == "counts.mtx" else part.X
        assert np.allclose(scipy.io.mmread(path).toarray().T, expected, rtol=1e-6)


@NEEDS_R
def test_r_reads_what_the_page_on_files_shows(tmp_path) -> None:
    """Sums of rows and columns of every matrix, with the names of the tables."""
    mdata = real_valued()
    write_folder(mdata, str(tmp_path / "f"))
    script = """
    library(Matrix)
    folder <- commandArgs(trailingOnly = TRUE)
    spots <- read.csv(file.path(folder, "spots.csv"), row.names = "spot")
    for (path in Sys.glob(file.path(folder, "*", "*.mtx"))) {
        values <- readMM(path)
        features <- read.csv(file.path(dirname(path), "features.csv"), row.names = "feature")
        dimnames(values) <- list(rownames(features), rownames(spots))
        write.csv(as.matrix(values), sub("mtx$", "again", path))
    }
    write.table(data.frame(cluster = spots$domain, row.names = rownames(spots)), file.path(folder, "labels.txt"))
    write.csv2(spots[, 1:4] + 0.25, file.path(folder, "comma.csv"))
    write.csv(spots[, 1:4], file.path(folder, "factors.csv"))
    """
    subprocess.run(["Rscript", "-e", script, str(tmp_path / "f")], check=True, capture_output=True)
    assert len(matrices(tmp_path / "f")) == 5
    for path in matrices(tmp_path / "f"):
        part = mdata[path.parent.name]
        again = pd.read_csv(path.with_suffix(".again"), index_col=0)
        assert list(again.index) == list(part.var_names) and list(again) == list(part.obs_names)
        expected = part.layers["counts"] if path.name == "counts.mtx" else part.X
        assert np.allclose(again.to_numpy().T, expected, rtol=1e-6)
    truth = tmp_path / "truth"
    write_folder(mdata, str(truth))
    for name, wanted in (("labels.txt", "ari"), ("factors.csv", "factor_recovery")):
        result = CliRunner().invoke(
            main, ["score", str(truth), str(tmp_path / "f" / name), "-o", str(tmp_path / "s.csv"), "--force"]
        )
        assert result.exit_code == 0, result.output
        table = pd.read_csv(tmp_path / "s.csv")
        values = table["value"][(table["score"] == wanted) & (table["target"] != "foreground")]
        assert len(values) and np.allclose(values, 1)
    result = CliRunner().invoke(main, ["score", str(truth), str(tmp_path / "f" / "comma.csv")])
    assert result.exit_code == 1 and "numbers need a decimal point" in result.output
