"""What stands where a command writes: replaced if spsim wrote all of it, else refused and left as it was."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import shutil
from pathlib import Path

import anndata
import h5py
import matplotlib.pyplot as plt
import mudata
import numpy as np
import pandas as pd
import pytest
import zarr
from click.testing import CliRunner, Result

import spsim as sps
from spsim._cli import main

OUTPUTS = ("d.h5mu", "d.zarr", "d")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def simulate(output: Path, *options: object, force: bool = True) -> Result:
    return run("simulate", "quilt", "--n-side", 4, "-o", output, *options, *(["--force"] if force else []))


def state(folder: Path) -> dict[str, tuple[int, str]]:
    """Everything below a folder: type, permissions, content."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mode,
            os.readlink(path)
            if path.is_symlink()
            else hashlib.sha256(path.read_bytes()).hexdigest()
            if path.is_file()
            else "",
        )
        for path in sorted(folder.rglob("*"))
    }


def refused(output: Path, message: str, *options: object, force: bool = True) -> None:
    before = state(output.parent)
    result = simulate(output, *options, force=force)
    assert result.exit_code == 1 and isinstance(result.exception, SystemExit)
    assert message in result.output and len(result.output.strip().splitlines()) == 1
    assert state(output.parent) == before


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of each kind, as the command writes it."""
    folder = tmp_path_factory.mktemp("made")
    for name in OUTPUTS:
        assert simulate(folder / name, force=False).exit_code == 0
    return folder


@pytest.fixture(params=OUTPUTS)
def ours(request: pytest.FixtureRequest, made: Path, tmp_path: Path) -> Path:
    source = made / request.param
    (shutil.copytree if source.is_dir() else shutil.copy2)(source, tmp_path / source.name)
    return tmp_path / source.name


def test_ours_is_replaced(ours: Path) -> None:
    before = state(ours.parent)
    assert simulate(ours, "--seed", 1).exit_code == 0
    assert state(ours.parent) != before and state(ours.parent).keys() == before.keys()
    refused(ours, "exists; give --force to overwrite it", force=False)


def test_notes_in_a_folder_of_the_same_name(tmp_path: Path) -> None:
    """As in `mkdir results; echo x > results/notes.txt; spsim simulate quilt -o results --force`."""
    for name in ("results", "results.zarr"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / "notes.txt").write_text("x")
        refused(tmp_path / name, "is not replaced, because")


@pytest.mark.parametrize("where", ["notes.txt", "rna/notes.txt", "uns/.hidden", "mod/0", "new/notes.csv", "rna/0.0"])
@pytest.mark.parametrize("name", OUTPUTS[1:])
def test_a_strange_file_among_ours(made: Path, tmp_path: Path, name: str, where: str) -> None:
    shutil.copytree(made / name, tmp_path / name)
    (tmp_path / name / where).parent.mkdir(exist_ok=True, parents=True)
    (tmp_path / name / where).write_text("x")
    refused(tmp_path / name, "which spsim did not write")


@pytest.mark.parametrize("name", OUTPUTS[1:])
def test_a_link_among_ours(made: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(made / name, tmp_path / name)
    file = max(path for path in (tmp_path / name).rglob("*") if path.is_file())
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    refused(tmp_path / name, "which spsim did not write")


def test_a_store_with_an_array_of_the_users(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "d.zarr", tmp_path / "d.zarr")
    zarr.open_group(str(tmp_path / "d.zarr"), mode="r+")["mine"] = np.ones(3)
    refused(tmp_path / "d.zarr", "it holds 'mine")


def test_a_file_with_an_array_of_the_users(made: Path, tmp_path: Path) -> None:
    shutil.copy2(made / "d.h5mu", tmp_path / "d.h5mu")
    with h5py.File(tmp_path / "d.h5mu", "r+") as file:
        file["mod/rna/obsm/X_mine"] = np.ones((16, 2))
    refused(tmp_path / "d.h5mu", "it is not as spsim wrote it")


def test_what_0_1_0_wrote_is_known(tmp_path: Path) -> None:
    """It left neither a seal nor a list of files: the record in uns is what it goes by."""
    mdata = sps.datasets.quilt(4)
    mdata.write(tmp_path / "d.h5mu")
    mdata.write_zarr(tmp_path / "d.zarr")
    for name in OUTPUTS[:2]:
        refused(tmp_path / name, "exists; give --force to overwrite it", force=False)
        assert simulate(tmp_path / name).exit_code == 0
    mdata.write_zarr(tmp_path / "e.zarr")
    (tmp_path / "e.zarr" / "obsm" / "spatial" / "notes.txt").write_text("x")
    refused(tmp_path / "e.zarr", "it holds 'obsm/spatial/notes.txt'")


def test_data_of_others_in_the_same_formats(tmp_path: Path) -> None:
    adata = anndata.AnnData(np.ones((3, 2), np.float32), obs=pd.DataFrame(index=list("abc")))
    mdata = mudata.MuData({"rna": adata})
    mdata.write(tmp_path / "d.h5mu")
    mdata.write_zarr(tmp_path / "d.zarr")
    (tmp_path / "d" / "rna").mkdir(parents=True)
    (tmp_path / "d" / "spots.csv").write_text("spot\n")
    for parameters in (
        "[]",
        "{",
        "[" * 10**5,
        '{"scenario": {"modalities": [{"name": "rna"}]}}',
        "\xff",
        '{"seeds": 1}',
    ):
        (tmp_path / "d" / "parameters.json").write_text(parameters, encoding="latin-1")
        for name in OUTPUTS:
            refused(tmp_path / name, "is not replaced, because")


@pytest.mark.parametrize("content", [b"mine", b"\x89HDF\r\n\x1a\n", b"\x89HDF\r\n\x1a\n" + bytes(2000)])
def test_an_h5mu_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "d.h5mu").write_bytes(content)
    refused(tmp_path / "d.h5mu", "is not replaced, because")


def test_a_damaged_one_is_kept(made: Path, tmp_path: Path) -> None:
    whole = (made / "d.h5mu").read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:300] + b"x" + whole[301:], whole[:-100] + bytes(100)):
        (tmp_path / "d.h5mu").write_bytes(damaged)
        refused(tmp_path / "d.h5mu", "is not replaced, because")


def test_a_folder_where_a_file_goes_and_a_file_where_a_folder_goes(tmp_path: Path) -> None:
    (tmp_path / "d.h5mu").mkdir()
    refused(tmp_path / "d.h5mu", "is a folder, where an .h5mu file would be written")
    for name in OUTPUTS[1:]:
        (tmp_path / name).write_text("x")
        refused(tmp_path / name, "is a file, where a")


def test_relative_names_of_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "a" / "here"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    for given in (".", "..", "../here", "../../a"):
        result = simulate(Path(given))
        assert result.exit_code == 1 and "is the folder you are in, or holds it" in result.output
    assert state(tmp_path).keys() == {"a", "a/here"}


def test_a_link_stays(ours: Path) -> None:
    link = ours.parent / f"link{ours.suffix}"
    link.symlink_to(ours.name)
    before = state(ours.parent)
    assert simulate(link, "--seed", 1).exit_code == 0
    after = state(ours.parent)
    assert after.keys() == before.keys() and after != before and after[link.name] == before[link.name]


def test_permissions_are_kept(ours: Path) -> None:
    ours.chmod(0o700 if ours.is_dir() else 0o600)
    before = state(ours.parent)
    assert simulate(ours, "--seed", 1).exit_code == 0
    after = state(ours.parent)
    assert {name: mode for name, (mode, _) in after.items()} == {name: mode for name, (mode, _) in before.items()}


@pytest.mark.parametrize("suffix", [".png", ".pdf", ".svg"])
def test_pictures(tmp_path: Path, suffix: str) -> None:
    output, plot = tmp_path / "d", tmp_path / f"p{suffix}"
    plot.write_text("my notes on the <svg> format")
    refused(output, f"is not replaced, because it is no {suffix} picture", "--plot", plot)
    plt.figure().savefig(plot)
    refused(output, "exists; give --force", "--plot", plot, force=False)
    plot.chmod(0o600)
    before = plot.read_bytes()
    link = tmp_path / f"link{suffix}"
    link.symlink_to(plot.name)
    assert simulate(output, "--plot", link).exit_code == 0
    assert plot.read_bytes() != before and link.is_symlink() and plot.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["d", link.name, plot.name])


def test_a_picture_inside_the_output(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "d", tmp_path / "d")
    refused(tmp_path / "d", "--plot must lie outside --output", "--plot", tmp_path / "d" / "p.png")


def test_all_is_refused_before_anything_is_simulated(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sps.datasets, "quilt", lambda **_: pytest.fail("it was simulated"))
    shutil.copy2(made / "d.h5mu", tmp_path / "d.h5mu")
    (tmp_path / "p.png").write_text("x")
    refused(tmp_path / "d.h5mu", "exists", force=False)
    refused(tmp_path / "d", "because it is no .png picture", "--plot", tmp_path / "p.png")


def test_what_appears_during_the_simulation_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quilt = sps.datasets.quilt

    @functools.wraps(quilt)
    def slow(**options: object) -> object:
        (tmp_path / "d.h5mu").write_text("theirs")
        return quilt(**options)

    monkeypatch.setattr(sps.datasets, "quilt", slow)
    for force in (False, True):
        (tmp_path / "d.h5mu").unlink(missing_ok=True)
        result = simulate(tmp_path / "d.h5mu", force=force)
        assert result.exit_code == 1 and "is not replaced" in result.output
        assert state(tmp_path).keys() == {"d.h5mu"} and (tmp_path / "d.h5mu").read_text() == "theirs"


def test_tables_of_scores(tmp_path: Path) -> None:
    mdata = sps.datasets.quilt(12)
    mdata.write(tmp_path / "t.h5mu")
    pd.DataFrame(mdata.obsm["spatial_factors"], index=mdata.obs_names).to_csv(tmp_path / "e.csv")
    command = ("score", tmp_path / "t.h5mu", tmp_path / "e.csv", "-o", tmp_path / "s.csv", "--force")
    for theirs in ("a,b\n1,2\n", "\xff\xfe", "key,score,target,value,ceiling,chance,direction,n\nmine\n", '"'):
        (tmp_path / "s.csv").write_text(theirs, encoding="latin-1")
        result = run(*command)
        assert result.exit_code == 1 and "is not replaced, because it is no table of scores" in result.output
        assert (tmp_path / "s.csv").read_text(encoding="latin-1") == theirs
    result = run(*command[:-2], tmp_path / "e.csv", "--force")
    assert result.exit_code == 1 and "is no table of scores" in result.output
    (tmp_path / "s.csv").unlink()
    assert run(*command).exit_code == 0
    first = (tmp_path / "s.csv").read_bytes()
    assert run(*command).exit_code == 0 and (tmp_path / "s.csv").read_bytes() == first
    assert state(tmp_path).keys() == {"t.h5mu", "e.csv", "s.csv"}


def test_a_file_that_was_sealed_reads_as_before(made: Path) -> None:
    for name, read in (("d.h5mu", mudata.read_h5mu), ("d.zarr", mudata.read_zarr)):
        assert np.array_equal(read(made / name)["rna"].X, sps.datasets.quilt(4)["rna"].X)
    assert json.loads((made / "d" / "parameters.json").read_text())["scenario"]["id"] == "quilt"
