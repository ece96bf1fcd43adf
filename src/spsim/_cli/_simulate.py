"""`spsim simulate`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spsim._cli._kinds import PICTURES, check_suffix, kind_of
from spsim._cli._plain import plain
from spsim._cli._read import read_configuration
from spsim._cli._writers import writer_of
from spsim._files import Target, aim, sweep, write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from mudata import MuData

# What a data set has only if its function does.
SOME_HAVE = ("pattern", "n_side")


@click.command()
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
@click.option("--pattern", help="Pattern of the factors (not quilt, ggblocks, citeseq).")
@click.option("--n-side", type=int, help="Spots along each side of a grid (not cells of a world).")
@click.option("--plot", type=click.Path(path_type=Path), help="Also save a picture of domains, factors and features.")
@click.option("--force", is_flag=True, help="Overwrite what spsim wrote before.")
@plain
def simulate(what: str, output: Path, plot: Path | None, force: bool, **given: Any) -> None:
    """Simulate WHAT: a data set by name (quilt, ggblocks, multiomics, slices, cells_and_spots, perturbseq, citeseq,
    rna_and_image, ecotypes), a published id (see `spsim list`) or a configuration file (.json).
    """  # noqa: D205
    write = writer_of(output)
    if plot is not None:
        check_suffix("--plot", plot, PICTURES)
    targets = [aim(path, kind=kind_of(path), force=force) for path in (output, plot) if path is not None]
    _check_all(targets)
    mdata = _simulated(what, {name: value for name, value in given.items() if value is not None})
    # A picture that cannot be drawn, of cells without places, is refused before a file is written.
    figure = None if plot is None else _picture(mdata)
    write_atomically(targets[0], functools.partial(write, mdata))
    click.echo(_report(mdata, output))
    if plot is not None and figure is not None:
        write_atomically(targets[1], figure.savefig)
        click.echo(f"picture: {click.format_filename(plot)}")


def _check_all(targets: Sequence[Target]) -> None:
    """Refuse before anything is simulated what would be refused when it is written."""
    for target in targets:
        sweep(target.path.parent)
        target.check()
    first, *others = targets
    for other in others:
        if first.path == other.path or first.path in other.path.parents:
            msg = f"--plot must lie outside --output, got {str(other.given)!r} and {str(first.given)!r}"
            raise ValueError(msg)


def _simulated(what: str, given: dict[str, Any]) -> MuData:
    from spsim import _validate, datasets
    from spsim.scenarios import DATA_SETS

    ids = datasets.list_published().index
    if what in ids:
        _refuse(what, given, SOME_HAVE)
        mdata = datasets.published(what, replicate=given.get("replicate", 1))
        return datasets.resample(mdata, rng=given["seed"]) if "seed" in given else mdata
    _refuse(what, given, ("replicate",))
    options = {("rng" if name == "seed" else name): value for name, value in given.items()}
    if what in DATA_SETS:
        function = getattr(datasets, what)
        has = inspect.signature(function).parameters
        _refuse(what, given, [name for name in SOME_HAVE if name not in has])
        return function(**options)
    if not Path(what).is_file():
        known = [*DATA_SETS, *ids]
        msg = f"WHAT must be a file or one of {_validate.listing(known)}, got {what!r}{_validate.closest(what, known)}"
        raise ValueError(msg)
    return datasets.multiomics(read_configuration(Path(what)), **options)


def _refuse(what: str, given: dict[str, Any], names: Sequence[str]) -> None:
    for name in names:
        if name in given:
            msg = f"--{name.replace('_', '-')} does not go with {what!r}, got {given[name]!r}"
            raise ValueError(msg)


def _report(mdata: MuData, output: Path) -> str:
    from spsim import _keys, get

    what = "spots" if _keys.SPATIAL in mdata.obsm else "observations"
    lines = [f"{click.format_filename(output)}: {mdata.n_obs} {what}, {mdata.n_vars} features", repr(mdata), ""]
    lines += ['ground truth (uns["spsim"]["truth"] lists all of it):', *_where(mdata)]
    activity = get.activity(mdata)
    if activity.shape[1]:
        lines += ["  which modality (m) sees which spatial factor: sps.get.activity(mdata)", activity.to_string()]
    return "\n".join(lines)


def _where(mdata: MuData) -> list[str]:
    """Say where labels and blocks stand, at the top or in modalities, and what returns them."""
    from spsim.slots import read_truth

    rows: dict[str, tuple[str, str]] = {}
    for where, part in [("mdata", mdata), *(("mdata[m]", part) for part in mdata.mod.values())]:
        for entry in read_truth(part):
            slot, key = f'{where}.{entry["slot"]}["{entry["key"]}"]', entry["key"]
            if entry["slot"] == "obs" and "label" in entry:
                rows.setdefault(key, (slot, f'sps.get.domains(mdata, label="{entry["label"]}")'))
            elif entry["slot"] == "obsm" and "block" in entry:
                rows.setdefault(key, (slot, f'sps.get.factors({where}, block="{entry["block"]}")'))
            elif entry["slot"] == "varm" and "block" in entry:
                rows.setdefault(key, (slot, f'sps.get.loadings({where}, block="{entry["block"]}")'))
    width = max((len(slot) for slot, _ in rows.values()), default=0)
    return [f"  {slot:<{width}}  {call}" for slot, call in rows.values()]


def _picture(mdata: MuData) -> Figure:
    from spsim.pl import overview

    return overview(mdata)
