"""The group of commands, and the one that lists."""

from __future__ import annotations

import click

from spsim._cli._plain import plain
from spsim._cli._score import score
from spsim._cli._simulate import simulate


@click.group()
@click.version_option(package_name="spsim-omics", prog_name="spsim")
def main() -> None:
    """Simulate spatial multi-omics data with known ground truth."""


@main.command(name="list")
@plain
def list_() -> None:
    """List what `spsim simulate` knows by name."""
    from spsim.datasets import list_published
    from spsim.scenarios import DATA_SETS

    columns = ["system", "year", "modalities", "n_spots", "n_features", "replicates"]
    click.echo(f"{', '.join(DATA_SETS)} (with options), and published data sets:\n")
    click.echo(list_published()[columns].to_string(index_names=False))


main.add_command(simulate)
main.add_command(score)
