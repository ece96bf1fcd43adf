"""Names that the text of a case may use: the libraries, small arrays, small simulated objects and files of them."""

from __future__ import annotations

import decimal
import fractions
import io
import itertools
import json
import math
import pathlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from functools import cache
from typing import Any

import anndata
import mudata
import numpy as np
import pandas as pd
from scipy import sparse

import spsim as sps

SOURCES = {"anndata": anndata, "mudata": mudata, "np": np, "pd": pd, "sparse": sparse, "sps": sps}
PLAIN = {"decimal": decimal, "fractions": fractions, "json": json, "math": math, "pathlib": pathlib}
MODALITIES = (
    {"name": "rna", "n_spatial": 6, "n_mixed": 6, "n_nonspatial": 3, "dropout_rate": 0.3, "active_factors": [0, 1, 3]},
    {"name": "protein", "n_spatial": 5, "active_factors": [1, 2]},
)
N_SIDE = 6
WORLDS = 4


def names() -> dict[str, Any]:
    """Return a fresh namespace for one case."""
    own = (
        as_json,
        normal,
        positive,
        letters,
        lattice,
        graph,
        spoilt,
        readonly,
        nested,
        nested_dict,
        world,
        put,
        cut,
        flip,
        lose,
        spsim,
    )
    return {**SOURCES, **PLAIN, **{function.__name__: function for function in own}}


def normal(n_rows: int, n_columns: int, seed: int) -> np.ndarray:
    """Normal numbers."""
    return np.random.default_rng(seed).normal(size=(n_rows, n_columns))


def positive(n_rows: int, n_columns: int, seed: int) -> np.ndarray:
    """Positive numbers."""
    return np.random.default_rng(seed).gamma(1, size=(n_rows, n_columns))


def letters(n_rows: int, n_labels: int, seed: int) -> np.ndarray:
    """Labels."""
    return np.random.default_rng(seed).choice(list("abcd")[:n_labels], n_rows)


def lattice(n_rows: int) -> np.ndarray:
    """Coordinates on a square lattice."""
    side = max(1, math.isqrt(n_rows))
    return np.column_stack(np.divmod(np.arange(n_rows), side)).astype(float)


def graph(n_rows: int) -> Any:
    """A line of neighbours."""
    return sparse.diags([np.ones(n_rows - 1), np.ones(n_rows - 1)], [-1, 1], shape=(n_rows, n_rows)).tocsr()


def spoilt(array: Any, value: float) -> np.ndarray:
    """A copy with one entry replaced."""
    copy = np.array(array, float)
    copy.flat[copy.size // 2] = value
    return copy


def readonly(array: np.ndarray) -> np.ndarray:
    """A copy that cannot be written to."""
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def nested(depth: int) -> list[Any]:
    """A list in a list in a list …"""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def nested_dict(depth: int) -> dict[str, Any]:
    """A mapping in a mapping in a mapping …"""
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"params": value}
    return value


def as_json(value: object) -> str:
    """JSON text; what JSON does not know becomes a list or a text."""
    return json.dumps(value, default=lambda item: item.tolist() if isinstance(item, np.ndarray) else str(item))


def world(number: int) -> Any:
    """A copy of a small simulated object that holds results of every kind."""
    return _world(number).copy()


@cache
def _world(number: int) -> Any:
    layout = (
        None,
        None,
        sps.patterns.Uniform(n_spots=40),
        sps.patterns.Stack(layout=sps.patterns.Grid(n_rows=4), n_slices=2),
    )
    likelihoods = (
        {},
        {"likelihood": sps.likelihoods.NegativeBinomialMixture()},
        {"likelihood": sps.likelihoods.Gaussian()},
        {},
    )
    modalities = [MODALITIES[0], MODALITIES[1] | likelihoods[number]]
    size = {"n_side": N_SIDE} if layout[number] is None else {"layout": layout[number]}
    mdata = sps.datasets.multiomics(modalities, sparse=number == 1, **size)
    for position, data in enumerate((mdata, *mdata.mod.values())):
        random = np.random.default_rng(position)
        data.obsm["X_guess"], data.obsm["X_rest"] = random.random((data.n_obs, 3)), random.random((data.n_obs, 2))
        data.obs["guess"] = random.choice(list("abc"), data.n_obs)
        if data is not mdata:
            data.varm["W_guess"], data.varm["W_rest"] = random.random((data.n_vars, 3)), random.random((data.n_vars, 2))
            data.layers["denoised"], data.var["score"] = random.random(data.shape), random.random(data.n_vars)
            columns = {"I": random.random(data.n_vars), "pval_norm": random.random(data.n_vars)}
            data.uns["moranI"] = pd.DataFrame(columns, index=data.var_names[::-1])
    return mdata


def put(path: str, kind: str = "world") -> None:
    """Write a good file: a simulated object, a table of factors or labels, an object with an embedding."""
    target = pathlib.Path(path)
    if target.suffix == ".zarr":
        zipfile.ZipFile(io.BytesIO(_zipped_zarr())).extractall(target)
    else:
        target.write_bytes(_stored(target.suffix, kind))


@cache
def _stored(suffix: str, kind: str) -> bytes:
    mdata = world(0)
    if suffix == ".csv":
        table = mdata.obs[["guess"]] if kind == "labels" else pd.DataFrame(mdata.obsm["X_guess"], index=mdata.obs_names)
        return table.to_csv().encode()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"stored{suffix}"
        (mdata["rna"] if suffix == ".h5ad" else mdata).write(path)
        return path.read_bytes()


@cache
def _zipped_zarr() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        world(0).write_zarr(f"{folder}/stored.zarr")
        return pathlib.Path(shutil.make_archive(f"{folder}/stored", "zip", f"{folder}/stored.zarr")).read_bytes()


def cut(path: str, share: float) -> None:
    """Keep the first part of a file."""
    target = _part(path, 0)
    content = target.read_bytes()
    target.write_bytes(content[: int(len(content) * share)])


def flip(path: str, seed: int, n_bytes: int) -> None:
    """Change some bytes of a file, or of one file in a folder."""
    target, random = _part(path, seed), np.random.default_rng(seed)
    content = bytearray(target.read_bytes())
    for place in random.integers(0, max(len(content), 1), n_bytes if content else 0):
        content[place] ^= int(random.integers(1, 256))
    target.write_bytes(content)


def lose(path: str, seed: int) -> None:
    """Remove a file, or one file of a folder."""
    _part(path, seed).unlink()


def _part(path: str, seed: int) -> pathlib.Path:
    target = pathlib.Path(path)
    if not target.is_dir():
        return target
    files = sorted(file for file in target.rglob("*") if file.is_file())
    return files[seed * 7919 % len(files)]


def spsim(*arguments: str) -> Any:
    """Run the command line in this process; what escapes it is raised."""
    from click.testing import CliRunner

    from spsim._cli import main

    result = CliRunner().invoke(main, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def consumed(result: object) -> object:
    """Draw a little from what is lazy, so that its errors show."""
    if isinstance(result, Iterator) and not isinstance(result, io.IOBase):
        return list(itertools.islice(result, 3))
    return result
