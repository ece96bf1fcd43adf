"""Every kind of file that holds a truth or a result gives the numbers of the object itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from pandas.testing import assert_frame_equal

import spsim as sps
from spsim._cli import main
from spsim._cli._seal import seal
from spsim._matrix_market import read_folder, write_folder
from spsim.slots import without_pulling
from worlds import WORLDS, made


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["score", *map(str, arguments)])


def scores(folder: Path, *arguments: object) -> pd.DataFrame:
    result = run(*arguments, "-o", folder / "scores_of_it.csv", "--force")
    assert result.exit_code == 0, result.output
    return pd.read_csv(folder / "scores_of_it.csv")


def refused(*arguments: object, words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1 and isinstance(result.exception, SystemExit), result.output
    assert len(result.output.strip().splitlines()) == 1 and words in result.output, result.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """One truth and one result in all kinds of files."""
    folder = tmp_path_factory.mktemp("kinds")
    mdata = sps.datasets.multiomics(
        [
            {"name": "rna", "n_mixed": 10, "n_nonspatial": 10, "active_factors": [0, 2, 3]},
            {"name": "protein", "n_mixed": 6},
        ],
        n_side=8,
    )
    write_folder(mdata, str(folder / "truth"))
    with without_pulling():
        mdata.write(folder / "truth.h5mu")
        mdata.write_zarr(folder / "truth.zarr")
    seal(folder / "truth.h5mu")
    mdata["rna"].write_h5ad(folder / "rna.h5ad")
    mdata["rna"].write_zarr(folder / "rna.zarr")
    rng = np.random.default_rng(0)
    result = sps.get.without_truth(mdata)
    result["rna"].obsm["X_f"] = mdata.obsm["spatial_factors"] + rng.random((64, 4))
    result["rna"].obs["leiden"] = pd.Categorical(rng.integers(0, 3, 64).astype(float))
    result["rna"].uns["moranI"] = pd.DataFrame({"I": rng.random(20)}, result["rna"].var_names)
    with without_pulling():
        result.write(folder / "result.h5mu")
        result.write_zarr(folder / "result.zarr")
    result["rna"].write_h5ad(folder / "result_rna.h5ad")
    result["rna"].write_zarr(folder / "result_rna.zarr")
    pd.DataFrame(result["rna"].obsm["X_f"], mdata.obs_names).to_csv(folder / "f.csv")
    return folder


def test_every_kind_of_truth_gives_the_same_scores(folder, tmp_path) -> None:
    expected = scores(tmp_path, folder / "truth.h5mu", folder / "f.csv")
    for name in ("truth", "truth.zarr"):
        assert_frame_equal(scores(tmp_path, folder / name, folder / "f.csv"), expected, check_exact=True)
    assert (expected.query("score == 'factor_recovery'")["value"] > 0.5).all()


def test_one_modality_is_a_truth(folder, tmp_path) -> None:
    """Its ceilings are those of --modality."""
    expected = scores(tmp_path, folder / "truth.h5mu", folder / "f.csv", "--modality", "rna")
    for name, options in (
        ("rna.h5ad", ()),
        ("rna.zarr", ()),
        ("rna.h5ad", ("--modality", "rna")),
        ("truth", ("--modality", "rna")),
    ):
        assert_frame_equal(scores(tmp_path, folder / name, folder / "f.csv", *options), expected, check_exact=True)
    assert (expected.query("score == 'factor_recovery'")["ceiling"] < 1).sum() == 1


@pytest.mark.parametrize("key", ["leiden", "moranI"])
def test_every_kind_of_result_gives_the_same_scores(folder, tmp_path, key) -> None:
    expected = scores(tmp_path, folder / "truth.h5mu", folder / "result_rna.h5ad", "--key", key).drop(columns="key")
    for name, own_key in (("result.h5mu", f"rna:{key}"), ("result.zarr", f"rna:{key}"), ("result_rna.zarr", key)):
        found = scores(tmp_path, folder / "truth", folder / name, "--key", own_key)
        assert set(found["key"]) == {own_key}
        assert_frame_equal(found.drop(columns="key"), expected, check_exact=True)


def test_keys_are_asked_for_and_listed(folder) -> None:
    for name in ("result.h5mu", "result.zarr", "result_rna.h5ad"):
        refused(folder / "truth.h5mu", folder / name, words="--key must name what to score in")
    words = "keys: no 'rna:louvain'; there are 'rna:X_f', 'rna:leiden', 'rna:moranI'"
    refused(folder / "truth.h5mu", folder / "result.h5mu", "--key", "rna:louvain", words=words)


@pytest.mark.parametrize("world", WORLDS)
def test_a_folder_holds_all_that_scores_read(world, tmp_path) -> None:
    mdata = made(world)
    write_folder(mdata, str(tmp_path / "f"))
    assert_holds(read_folder(tmp_path / "f"), mdata)


@pytest.mark.parametrize("name", ["rna", "protein"])
def test_a_folder_of_a_mosaic(name, tmp_path) -> None:
    """The modality that lost spots lists those it has: columns of its matrix are in their order."""
    mdata = sps.datasets.drop_modality(sps.datasets.multiomics(n_side=8), name)
    write_folder(mdata, str(tmp_path / "f"))
    assert (tmp_path / "f" / name / "spots.csv").is_file()
    assert_holds(read_folder(tmp_path / "f"), mdata)


def test_a_folder_of_shuffled_and_renamed_spots(tmp_path) -> None:
    mdata = sps.datasets.multiomics(n_side=6)
    names = [f"{number:03d}" for number in range(36)]
    with without_pulling():
        mdata = mdata[np.random.default_rng(0).permutation(36)].copy()
        mdata.obs_names = names
        for part in mdata.mod.values():
            part.obs_names = names
        mdata.update()
    write_folder(mdata, str(tmp_path / "f"))
    assert_holds(read_folder(tmp_path / "f"), mdata)


def assert_holds(found, mdata) -> None:
    """Names, factors, loadings, places, labels, sizes and the record, bit for bit."""
    assert sps.get.activity(found).equals(sps.get.activity(mdata)) and sps.get.blocks(found).equals(
        sps.get.blocks(mdata)
    )
    for one, other in [(found, mdata), *((found[name], mdata[name]) for name in mdata.mod)]:
        assert list(one.obs_names) == list(other.obs_names) and list(one.var_names) == list(other.var_names)
        for slot in ("obsm", "varm"):
            own = {key: np.asarray(value) for key, value in getattr(other, slot).items() if key not in mdata.mod}
            assert set(getattr(one, slot)) - set(mdata.mod) == set(own)
            for key, value in own.items():
                again = np.asarray(getattr(one, slot)[key])
                assert again.dtype == value.dtype and np.array_equal(again, value), key
        for slot in ("obs", "var") if one is not found else ("obs",):
            own, again = getattr(other, slot), getattr(one, slot)
            assert {key for key in own if key not in again and ":" not in key} <= {"x", "y", "spsim_index"}
            for key in again:
                same = again[key].to_numpy() == own[key].to_numpy()
                assert (same | (again[key].isna() & own[key].isna()).to_numpy()).all(), key


def test_folders_that_are_no_truth(folder, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    refused(
        tmp_path / "empty",
        folder / "f.csv",
        words="cannot be read as a folder for R (ValueError: it has no record.json",
    )
    refused(tmp_path / "none", folder / "f.csv", words="no such folder")
    refused(folder / "f.csv", folder / "f.csv", words="or be a folder for R, without a suffix, got")
    for number, name in enumerate(("spots.csv", "rna/features.csv", "activity.csv", "parameters.json")):
        copy = shutil.copytree(folder / "truth", tmp_path / str(number))
        (copy / name).unlink()
        refused(copy, folder / "f.csv", words=f"files are missing, among them '{name}'")
        (copy / name).write_bytes(b"\0\xff")
        refused(copy, folder / "f.csv", words=str(copy))
    copy = shutil.copytree(folder / "truth", tmp_path / "old")
    (copy / "record.json").unlink()
    refused(copy, folder / "f.csv", words="simulate the folder again")


def test_objects_that_are_no_truth(folder) -> None:
    refused(
        folder / "result_rna.h5ad", folder / "f.csv", words="was not simulated by spsim, or its truth was taken out"
    )
    refused(
        folder / "rna.h5ad",
        folder / "f.csv",
        "--modality",
        "protein",
        words="--modality: no 'protein'; there are 'rna'",
    )
    refused(
        folder / "truth",
        folder / "f.csv",
        "--modality",
        "atac",
        words="--modality: no 'atac'; there are 'rna', 'protein'",
    )
