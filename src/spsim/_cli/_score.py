"""`spsim score`."""

from __future__ import annotations

import functools
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spsim import _validate
from spsim._cli._kinds import TABLES, check_suffix, kind_of
from spsim._cli._plain import plain, reason
from spsim._cli._read import read_folder_for_r, read_object, read_table
from spsim._cli._scored import scored_object, scored_table
from spsim._files import aim, sweep, write_atomically

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

OBJECTS = (".h5mu", ".h5ad", ".zarr")
# As tools write them; each of them also compressed.
TEXTS = (".csv", ".tsv", ".txt")


@click.command()
@click.argument("truth", type=click.Path(path_type=Path))
@click.argument("estimate", type=click.Path(path_type=Path))
@click.option(
    "--key",
    help="Key in obsm, obs or uns of an object (rna:leiden is of the modality rna); of a table, its name (the file's by default).",
)
@click.option("--modality", help="The one modality that the method was given, for its ceiling; all by default.")
@click.option("--score-column", help="Of a table of features: the column of scores, higher is more spatial.")
@click.option("--p-value-column", help="Of a table of features: the column of unadjusted p-values.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also save the table (.csv).")
@click.option("--force", is_flag=True, help="Overwrite a table of scores.")
@plain
def score(
    truth: Path,
    estimate: Path,
    key: str | None,
    modality: str | None,
    score_column: str | None,
    p_value_column: str | None,
    output: Path | None,
    force: bool,
) -> None:
    """Score ESTIMATE against the simulated data set TRUTH, aligned by name.

    TRUTH is an .h5mu, a .zarr, a folder for R, or one modality as an .h5ad. ESTIMATE is an object (.h5mu, .h5ad or .zarr;
    --key names what to score in it) or a table (.csv, .tsv or .txt, also with .gz).

    The columns of a table are separated by tabs, semicolons, commas or blanks, and its numbers have a decimal point. Its first
    line names the columns; the name above the names of rows may be missing, as R writes it. Its first column names
    observations or features.

    Of observations, one column of texts or whole numbers holds labels: any text is one, NA too, and 1.0 is 1. Other columns
    of numbers hold factors.

    Of features, columns of scores or p-values rank them by how spatial they are: squidpy's I, C and sepal_score, pval,
    combinedPval, LR_stat, is_svg and others are known by name, --score-column and --p-value-column name any. Columns of
    numbers named by one word and a number (PC_1, PC_2) hold loadings.
    """
    target = None
    if output is not None:
        check_suffix("--output", output, TABLES)
        target = aim(output, kind=kind_of(output), force=force)
        sweep(target.path.parent)
        target.check()
    known = _truth(truth, modality)
    columns = {"score_column": score_column, "p_value_column": p_value_column}
    table = _scores(truth, estimate, known, key, columns)
    click.echo(table.to_string(index=False, float_format="{:.4f}".format))
    if target is not None:
        write_atomically(target, functools.partial(table.to_csv, index=False))


def _scores(
    truth: Path, estimate: Path, known: AnnData | MuData, key: str | None, columns: dict[str, str | None]
) -> DataFrame:
    if _ending(estimate) not in (*OBJECTS, *TEXTS, *(f"{suffix}.gz" for suffix in TEXTS)):
        allowed = ", ".join((*TEXTS, "one of these and .gz", *OBJECTS))
        msg = f"ESTIMATE must end in {allowed}, got {str(estimate)!r}"
        raise ValueError(msg)
    is_object = estimate.suffix in OBJECTS
    if is_object and key is None:
        msg = f"--key must name what to score in {str(estimate)!r}"
        raise ValueError(msg)
    found = read_object(estimate) if is_object else read_table(estimate)
    try:
        # Numbers from damaged files may overflow on their way to the check that refuses them.
        with warnings.catch_warnings(action="ignore", category=RuntimeWarning):
            if is_object:
                table = scored_object(found, str(key), known, columns)
            else:
                table = scored_table(found, key or estimate.name.removesuffix(_ending(estimate)), known, columns)
        if table.empty:
            msg = "no score fits both (warnings say why): take a truth that has what it is about"
            raise ValueError(msg)
        return table
    except (KeyError, TypeError, ValueError) as error:
        msg = f"{str(estimate)!r} cannot be scored against {str(truth)!r}: {reason(error)}"
        raise ValueError(msg) from error


def _ending(path: Path) -> str:
    return "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix


def _truth(path: Path, modality: str | None) -> AnnData | MuData:
    if path.suffix not in (*OBJECTS, ""):
        msg = f"TRUTH must end in {', '.join(OBJECTS)}, or be a folder for R, without a suffix, got {str(path)!r}"
        raise ValueError(msg)
    data = read_object(path) if path.suffix else read_folder_for_r(path)
    parts = getattr(data, "mod", None)
    if modality is None:
        return data
    if parts is None:
        from spsim.slots import modality_name

        _validate.known_key("--modality", modality, [modality_name(data)])
        return data
    _validate.known_key("--modality", modality, parts)
    return data[modality]
