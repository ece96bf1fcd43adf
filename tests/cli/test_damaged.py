"""Damaged input is one line that names the file, never a traceback of a library, and never numbers that look right."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import spsim as sps
from spsim._cli import _hdf5, main
from spsim._cli._read import DEEPEST


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def refused(result: Result, *words: str) -> None:
    assert result.exit_code == 1 and isinstance(result.exception, SystemExit), result.output
    assert len(result.output.strip().splitlines()) == 1
    assert all(word in result.output for word in words), result.output


def plain(result: Result) -> None:
    """Damage that a reader cannot see is not refused; but no exception comes through."""
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.exit_code == 0 or len(result.output.strip().splitlines()) == 1


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    for name in ("sealed.h5mu", "sealed.zarr"):
        assert run("simulate", "quilt", "--n-side", 6, "-o", folder / name).exit_code == 0
    mdata = sps.datasets.quilt(6)
    mdata.write(folder / "plain.h5mu")
    mdata.write_zarr(folder / "plain.zarr")
    factors = mdata.obsm["spatial_factors"] + np.random.default_rng(0).random((36, 4))
    pd.DataFrame(factors, index=mdata.obs_names).to_csv(folder / "e.csv")
    adata = anndata.AnnData(obs=pd.DataFrame({"leiden": list("abc") * 12}, index=mdata.obs_names))
    adata.obsm["X_f"] = factors
    adata.write(folder / "e.h5ad")
    return folder


def cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content))]


def zeroed(content: bytes, rng: random.Random) -> bytes:
    start, size = rng.randrange(len(content)), rng.choice([16, 512, 4096])
    return content[:start] + bytes(len(content[start : start + size])) + content[start + size :]


def scattered(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice([1, 20, 400])):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def emptied(content: bytes, rng: random.Random) -> bytes:
    return b"" if rng else content


def noise(content: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(len(content))


DAMAGES = [cut, zeroed, scattered, emptied, noise]
Damage = Callable[[bytes, random.Random], bytes]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_sealed_file_is_refused_wherever_it_is_damaged(made: Path, tmp_path: Path, damage: Damage) -> None:
    content = (made / "sealed.h5mu").read_bytes()
    for seed in range(8):
        broken = damage(content, random.Random(seed))
        if broken != content:
            (tmp_path / "t.h5mu").write_bytes(broken)
            refused(run("score", tmp_path / "t.h5mu", made / "e.csv"), "t.h5mu", "cannot be read as MuData", "again")


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_listed_store_is_refused_wherever_it_is_damaged(made: Path, tmp_path: Path, damage: Damage) -> None:
    for seed in range(8):
        rng = random.Random(seed)
        store = shutil.copytree(made / "sealed.zarr", tmp_path / f"{seed}.zarr")
        # The description of the store itself holds the list.
        files = [path for path in sorted(store.rglob("*")) if path.parent != store and path.is_file()]
        file = rng.choice([path for path in files if path.stat().st_size])
        content = file.read_bytes()
        file.write_bytes(damage(content, rng))
        if file.read_bytes() != content:
            refused(run("score", store, made / "e.csv"), f"{seed}.zarr", "cannot be read as MuData", file.name)


def test_a_store_with_files_missing_is_refused(made: Path, tmp_path: Path) -> None:
    """Zarr itself would take them for zeros."""
    for k, part in enumerate(["obsm/spatial_factors", "uns/spsim/params", "mod/rna/obs", "mod"]):
        names = [path.relative_to(made / "sealed.zarr") for path in (made / "sealed.zarr" / part).rglob("*")]
        for number, name in enumerate([Path(part), min(names), max(names)]):
            store = shutil.copytree(made / "sealed.zarr", tmp_path / f"{k}{number}.zarr")
            (shutil.rmtree if (store / name).is_dir() else Path.unlink)(store / name)
            refused(run("score", store, made / "e.csv"), store.name, "files are missing, among them", part)


@pytest.mark.parametrize("name", ["plain.h5mu", "plain.zarr", "e.h5ad", "e.csv"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_no_damage_gives_a_traceback(made: Path, tmp_path: Path, damage: Damage, name: str) -> None:
    for seed in range(3):
        rng = random.Random(seed)
        copy = tmp_path / f"{seed}{name}"
        (shutil.copytree if name.endswith("zarr") else shutil.copy2)(made / name, copy)
        files = [path for path in sorted(copy.rglob("*")) if path.is_file() and path.stat().st_size]
        file = rng.choice(files) if files else copy
        file.write_bytes(damage(file.read_bytes(), rng))
        if name.startswith("plain"):
            plain(run("score", copy, made / "e.csv"))
        else:
            plain(run("score", made / "sealed.h5mu", copy, "--key", rng.choice(["X_f", "leiden"])))


@pytest.mark.parametrize("name", ["t.h5mu", "t.zarr"])
def test_no_truth(made: Path, tmp_path: Path, name: str) -> None:
    refused(run("score", tmp_path / name, made / "e.csv"), "no such", name)
    if name.endswith("zarr"):
        (tmp_path / name).write_text("x")
    else:
        (tmp_path / name).mkdir()
    refused(run("score", tmp_path / name, made / "e.csv"), name, "must be a", "give another")


def test_no_estimate(made: Path, tmp_path: Path) -> None:
    for name in ("e.csv", "e.h5ad"):
        refused(run("score", made / "sealed.h5mu", tmp_path / name, "--key", "k"), "no such file", name)
        (tmp_path / name).mkdir()
        refused(run("score", made / "sealed.h5mu", tmp_path / name, "--key", "k"), name, "must be a file")


def test_other_data_in_the_same_format(made: Path, tmp_path: Path) -> None:
    shutil.copy2(made / "e.h5ad", tmp_path / "t.h5mu")
    refused(run("score", tmp_path / "t.h5mu", made / "e.csv"), "t.h5mu", "cannot be read as MuData")
    (tmp_path / "t.zarr").mkdir()
    refused(run("score", tmp_path / "t.zarr", made / "e.csv"), "t.zarr", "cannot be read as MuData")
    (tmp_path / "e.csv").write_bytes(b"\xff\xfe\x00name,a\n")
    refused(run("score", made / "sealed.h5mu", tmp_path / "e.csv"), "e.csv", "cannot be read as a table")


def test_what_does_not_fit_names_both_files(made: Path, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("spot,a\nspot_0,1.5\nspot_1,\n")
    refused(run("score", made / "sealed.h5mu", tmp_path / "e.csv"), "e.csv", "sealed.h5mu", "must be finite")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[" * 100_000, "cannot be read as JSON"),
        ("[" * 100_000 + "]" * 100_000, "cannot be read as JSON"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), f"more than {DEEPEST} levels deep"),
        ('{"a":' * 400 + "1" + "}" * 400, f"more than {DEEPEST} levels deep"),
        (json.dumps([{"name": "rna", "n_spatial": 10**400}]), "a whole number of 401 digits is too large"),
        (json.dumps([{"name": "rna", "n_spatial": -(10**400)}]), "a whole number of 402 digits is too large"),
        ('[{"name": "rna", "n_spatial": ' + "1" * 5000 + "}]", "cannot be read as JSON"),
        ("", "cannot be read as JSON"),
        ('[{"name": ', "cannot be read as JSON"),
        ("\xff", "cannot be read as JSON"),
        ("\0" * 100, "cannot be read as JSON"),
    ],
)
def test_a_damaged_configuration(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "c.json").write_text(text, encoding="latin-1")
    refused(run("simulate", tmp_path / "c.json", "-o", tmp_path / "d.h5mu"), "c.json", word)
    assert [path.name for path in tmp_path.iterdir()] == ["c.json"]


@pytest.mark.parametrize("content", ["1", '"text"', "null", "true", "[1]", "[[]]", "{}", "[]", '{"modalities": 1}'])
def test_a_configuration_that_is_json_and_no_scenario(tmp_path: Path, content: str) -> None:
    (tmp_path / "c.json").write_text(content)
    plain(run("simulate", tmp_path / "c.json", "-o", tmp_path / "d.h5mu"))


@pytest.mark.parametrize("ending", ["import time; time.sleep(60)", "import os; os.abort()", "while True: pass"])
def test_a_library_that_crashes_or_hangs(
    made: Path, tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No `except` would see either; stood in for by a program that does so."""
    walk = tmp_path / "walk.py"
    walk.write_text(
        f"import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1)); {ending}".replace("; while", "\nwhile")
    )
    monkeypatch.setattr(_hdf5._walk_hdf5, "__file__", str(walk))
    monkeypatch.setattr(_hdf5, "PATIENCE", 1)
    refused(
        run("score", made / "plain.h5mu", made / "e.csv"), "plain.h5mu", "crashes on it, or does not come to an end"
    )


def test_a_file_on_which_hdf5_never_returns(made: Path, tmp_path: Path) -> None:
    """Found by chance: in an emptied heap of texts the library looks for a text for ever."""
    content = (made / "plain.h5mu").read_bytes()
    heap = content.index(b"GCOL") + 16
    (tmp_path / "t.h5mu").write_bytes(content[:heap] + bytes(4080) + content[heap + 4080 :])
    refused(run("score", tmp_path / "t.h5mu", made / "e.csv"), "t.h5mu", "does not come to an end")
    result = run("simulate", "quilt", "-o", tmp_path / "t.h5mu", "--force")
    refused(result, "t.h5mu", "is not replaced, because the HDF5 library")
