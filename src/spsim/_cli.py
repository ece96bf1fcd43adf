"""The command line: `spsim list`, `spsim simulate` and `spsim score`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spsim._files import write_atomically
from spsim.slots import without_pulling

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.figure import Figure
    from mudata import MuData
    from pandas import DataFrame

BY_NAME = ("quilt", "ggblocks", "multiomics")
PICTURES = (".png", ".pdf", ".svg")


def _plain_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Show errors of input as one line, not as a traceback."""

    @functools.wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except (KeyError, OSError, TypeError, ValueError) as error:
            text = error.args[0] if isinstance(error, KeyError) else str(error)
            raise click.ClickException(str(text)) from error

    return guarded


@click.group()
@click.version_option(package_name="spsim-omics", prog_name="spsim")
def main() -> None:
    """Simulate spatial multi-omics data with known ground truth."""


@main.command(name="list")
@_plain_errors
def list_() -> None:
    """List what `spsim simulate` knows by name."""
    from spsim.datasets import list_published

    columns = ["system", "year", "modalities", "n_spots", "n_features", "replicates"]
    click.echo(f"{', '.join(BY_NAME)} (with options), and published data sets:\n")
    click.echo(list_published()[columns].to_string(index_names=False))


@main.command()
@click.argument("what")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help=".h5mu, .zarr, or a folder for R (no suffix).",
)
@click.option("--seed", type=int, help="Seed, 0 by default; on a published data set, of new counts for its truth.")
@click.option("--replicate", type=int, help="Replicate of a published data set, 1 by default.")
@click.option("--pattern", help="Pattern of the factors (multiomics only).")
@click.option("--n-side", type=int, help="Spots along each side of the grid.")
@click.option("--plot", type=click.Path(path_type=Path), help="Also save a picture of domains, factors and features.")
@click.option("--force", is_flag=True, help="Overwrite existing files.")
@_plain_errors
def simulate(what: str, output: Path, plot: Path | None, force: bool, **given: Any) -> None:
    """Simulate WHAT: quilt, ggblocks, multiomics, a published id (see `spsim list`) or a configuration file (.json)."""
    write = _writer(output)
    for path in filter(None, (output, plot)):
        _check_free(path, force=force)
    if plot is not None:
        _check_suffix("--plot", plot, PICTURES)
    mdata = _simulated(what, {name: value for name, value in given.items() if value is not None})
    write_atomically(output, functools.partial(write, mdata))
    click.echo(_report(mdata, output))
    if plot is not None:
        write_atomically(plot, _picture(mdata).savefig)
        click.echo(f"picture: {plot}")


@main.command()
@click.argument("truth", type=click.Path(path_type=Path))
@click.argument("estimate", type=click.Path(path_type=Path))
@click.option("--key", help="Key in obsm or obs of an .h5ad; of a .csv, the name in the table (the file's by default).")
@click.option("--modality", help="The one modality that the method was given, for its ceiling; all by default.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also save the table (.csv).")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@_plain_errors
def score(truth: Path, estimate: Path, key: str | None, modality: str | None, output: Path | None, force: bool) -> None:
    """Score ESTIMATE (.csv or .h5ad) against the simulated data set TRUTH (.h5mu or .zarr), aligned by name.

    The first column of a .csv holds names of observations. A single further column of texts or whole numbers holds
    labels; other columns are factors.
    """
    from spsim.tl import evaluate

    if output is not None:
        _check_suffix("--output", output, (".csv",))
        _check_free(output, force=force)
    known = _read_truth(truth, modality)
    data, name = _read_estimate(estimate, key)
    table = evaluate(data, [name], truth=known, copy=True)
    click.echo(table.to_string(index=False, float_format="{:.4f}".format))
    if output is not None:
        write_atomically(output, functools.partial(table.to_csv, index=False))


def _writer(output: Path) -> Callable[[MuData, str], None]:
    """Return what writes the kind of output that the name asks for."""
    from spsim._matrix_market import write_folder

    writers: dict[str, Callable[[MuData, str], None]] = {".h5mu": _write_h5mu, ".zarr": _write_zarr, "": write_folder}
    if output.suffix not in writers:
        msg = f"--output must end in .h5mu or .zarr, or have no suffix (a folder for R), got {str(output)!r}"
        raise ValueError(msg)
    return writers[output.suffix]


def _write_h5mu(mdata: MuData, path: str) -> None:
    with without_pulling():
        mdata.write(path)


def _write_zarr(mdata: MuData, path: str) -> None:
    with without_pulling():
        mdata.write_zarr(path)


def _check_free(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        msg = f"{str(path)!r} exists; give --force to overwrite it"
        raise FileExistsError(msg)
    if not path.parent.is_dir():
        msg = f"no such folder: {str(path.parent)!r}"
        raise FileNotFoundError(msg)


def _check_suffix(name: str, path: Path, allowed: Sequence[str]) -> None:
    if path.suffix not in allowed:
        msg = f"{name} must end in {', '.join(allowed)}, got {str(path)!r}"
        raise ValueError(msg)


def _read_truth(path: Path, modality: str | None) -> AnnData | MuData:
    import mudata

    from spsim import _validate

    _check_suffix("TRUTH", path, (".h5mu", ".zarr"))
    with without_pulling():
        mdata = mudata.read_zarr(path) if path.suffix == ".zarr" else mudata.read_h5mu(path)
    if modality is None:
        return mdata
    _validate.known_key("--modality", modality, mdata.mod)
    return mdata[modality]


def _read_estimate(path: Path, key: str | None) -> tuple[AnnData, str]:
    _check_suffix("ESTIMATE", path, (".csv", ".h5ad"))
    if path.suffix == ".csv":
        import pandas as pd

        return _from_table(path, pd.read_csv(path, index_col=0), key or path.stem)
    import anndata

    if key is None:
        msg = f"--key must name what to score in {str(path)!r}"
        raise ValueError(msg)
    return anndata.read_h5ad(path), key


def _from_table(path: Path, table: DataFrame, name: str) -> tuple[AnnData, str]:
    import anndata
    import pandas as pd

    table.index = table.index.astype(str)
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


def _simulated(what: str, given: dict[str, Any]) -> MuData:
    from spsim import _validate, datasets

    ids = datasets.list_published().index
    if what in ids:
        _refuse(what, given, ("pattern", "n_side"))
        mdata = datasets.published(what, replicate=given.get("replicate", 1))
        return datasets.resample(mdata, rng=given["seed"]) if "seed" in given else mdata
    _refuse(what, given, ("replicate", "pattern") if what in ("quilt", "ggblocks") else ("replicate",))
    options = {("rng" if name == "seed" else name): value for name, value in given.items()}
    if what in BY_NAME:
        return getattr(datasets, what)(**options)
    if not Path(what).is_file():
        known = [*BY_NAME, *ids]
        msg = f"WHAT must be a file or one of {_validate.listing(known)}, got {what!r}{_validate.closest(what, known)}"
        raise ValueError(msg)
    return datasets.multiomics(what, **options)


def _refuse(what: str, given: dict[str, Any], names: Sequence[str]) -> None:
    for name in names:
        if name in given:
            msg = f"--{name.replace('_', '-')} does not go with {what!r}, got {given[name]!r}"
            raise ValueError(msg)


def _report(mdata: MuData, output: Path) -> str:
    from spsim import get

    lines = [f"{output}: {mdata.n_obs} spots, {mdata.n_vars} features", repr(mdata), "", "ground truth:"]
    lines += [
        '  spatial factors     mdata.obsm["spatial_factors"]      sps.get.factors(mdata)',
        '  loadings            mdata[m].varm["spatial_loadings"]  sps.get.loadings(mdata)',
        '  domains             mdata.obs["domain"]                sps.get.domains(mdata)',
        '  kinds of features   mdata[m].var["kind"]',
        "  which modality (m) sees which factor: sps.get.activity(mdata)",
    ]
    return "\n".join([*lines, get.activity(mdata).to_string()])


def _picture(mdata: MuData) -> Figure:
    from spsim.pl import overview

    return overview(mdata)
