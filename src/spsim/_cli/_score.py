"""`spsim score`."""

from __future__ import annotations

import functools
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spsim._cli._kinds import TABLES, check_suffix, kind_of
from spsim._cli._plain import plain, reason
from spsim._cli._read import read_anndata, read_mudata, read_table
from spsim._files import aim, sweep, write_atomically

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


@click.command()
@click.argument("truth", type=click.Path(path_type=Path))
@click.argument("estimate", type=click.Path(path_type=Path))
@click.option("--key", help="Key in obsm or obs of an .h5ad; of a .csv, the name in the table (the file's by default).")
@click.option("--modality", help="The one modality that the method was given, for its ceiling; all by default.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also save the table (.csv).")
@click.option("--force", is_flag=True, help="Overwrite a table of scores.")
@plain
def score(truth: Path, estimate: Path, key: str | None, modality: str | None, output: Path | None, force: bool) -> None:
    """Score ESTIMATE (.csv or .h5ad) against the simulated data set TRUTH (.h5mu or .zarr), aligned by name.

    The first column of a .csv holds names of observations. A single further column of texts or whole numbers holds
    labels; other columns are factors.
    """
    target = None
    if output is not None:
        check_suffix("--output", output, TABLES)
        target = aim(output, kind=kind_of(output), force=force)
        sweep(target.path.parent)
        target.check()
    known = _truth(truth, modality)
    data, name = _estimate(estimate, key)
    table = _scores(data, name, known, files=f"{str(estimate)!r} cannot be scored against {str(truth)!r}")
    click.echo(table.to_string(index=False, float_format="{:.4f}".format))
    if target is not None:
        write_atomically(target, functools.partial(table.to_csv, index=False))


def _scores(data: AnnData, name: str, truth: AnnData | MuData, *, files: str) -> DataFrame:
    from spsim.tl import evaluate

    try:
        # Numbers from damaged files may overflow on their way to the check that refuses them.
        with warnings.catch_warnings(action="ignore", category=RuntimeWarning):
            return evaluate(data, [name], truth=truth, copy=True)
    except (KeyError, TypeError, ValueError) as error:
        msg = f"{files}: {reason(error)}"
        raise ValueError(msg) from error


def _truth(path: Path, modality: str | None) -> AnnData | MuData:
    from spsim import _validate

    check_suffix("TRUTH", path, (".h5mu", ".zarr"))
    mdata = read_mudata(path)
    if modality is None:
        return mdata
    _validate.known_key("--modality", modality, mdata.mod)
    return mdata[modality]


def _estimate(path: Path, key: str | None) -> tuple[AnnData, str]:
    check_suffix("ESTIMATE", path, (".csv", ".h5ad"))
    if path.suffix == ".csv":
        return _from_table(path, read_table(path), key or path.stem)
    if key is None:
        msg = f"--key must name what to score in {str(path)!r}"
        raise ValueError(msg)
    return read_anndata(path), key


def _from_table(path: Path, table: DataFrame, name: str) -> tuple[AnnData, str]:
    import anndata
    import pandas as pd

    is_number = [pd.api.types.is_numeric_dtype(dtype) for dtype in table.dtypes]
    data = anndata.AnnData(obs=pd.DataFrame(index=table.index))
    if len(is_number) == 1 and not pd.api.types.is_float_dtype(table.dtypes.iloc[0]):
        data.obs[name] = table.iloc[:, 0].to_numpy()
    elif is_number and all(is_number):
        data.obsm[name] = table.to_numpy(float)
    else:
        msg = f"{str(path)!r} must hold names and then one column of labels or columns of numbers, got {list(table)}"
        raise ValueError(msg)
    return data, name
