"""The command line: `spsim simulate`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spsim._files import write_atomically
from spsim._mudata import without_pulling

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from mudata import MuData

ONE_MODALITY = ("quilt", "ggblocks")


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


@main.command()
@click.argument("what")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="File to write (.h5mu).")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of truth and counts.")
@click.option("--pattern", help="Pattern of the factors (multiomics only).")
@click.option("--n-side", type=int, help="Spots along each side of the grid.")
@click.option("--plot", type=click.Path(path_type=Path), help="Also save a picture of domains, factors and features.")
@click.option("--force", is_flag=True, help="Overwrite existing files.")
@_plain_errors
def simulate(
    what: str, output: Path, seed: int, pattern: str | None, n_side: int | None, plot: Path | None, force: bool
) -> None:
    """Simulate WHAT: quilt, ggblocks, multiomics or a configuration file (.json)."""
    if output.suffix != ".h5mu":
        msg = f"--output must end in .h5mu, got {str(output)!r}"
        raise ValueError(msg)
    for path in filter(None, (output, plot)):
        _check_free(path, force=force)
    given = {"pattern": pattern, "n_side": n_side}
    mdata = _simulated(what, seed, {name: value for name, value in given.items() if value is not None})
    with without_pulling():
        write_atomically(output, mdata.write)
    click.echo(_report(mdata, output))
    if plot is not None:
        write_atomically(plot, _picture(mdata).savefig)
        click.echo(f"picture: {plot}")


def _check_free(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        msg = f"{str(path)!r} exists; give --force to overwrite it"
        raise FileExistsError(msg)
    if not path.parent.is_dir():
        msg = f"no such folder: {str(path.parent)!r}"
        raise FileNotFoundError(msg)


def _simulated(what: str, seed: int, given: dict[str, Any]) -> MuData:
    from spsim import _validate, datasets

    if what in ONE_MODALITY:
        if "pattern" in given:
            msg = f"--pattern goes with multiomics, got {given['pattern']!r} beside {what!r}"
            raise ValueError(msg)
        return getattr(datasets, what)(**given, rng=seed)
    if what == "multiomics":
        return datasets.multiomics(**given, rng=seed)
    if not Path(what).is_file():
        known = [*ONE_MODALITY, "multiomics"]
        msg = f"WHAT must be one of {_validate.listing(known)} or a file, got {what!r}{_validate.closest(what, known)}"
        raise ValueError(msg)
    return datasets.multiomics(what, **given, rng=seed)


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
