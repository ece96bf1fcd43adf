"""`spsim score` as a user runs it, for its tests."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from click.testing import CliRunner, Result

from spsim._cli import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["score", *map(str, arguments)])


def scores(truth: Path, estimate: Path, *options: object) -> pd.DataFrame:
    output = estimate.parent / "scores_of_it.csv"
    result = run(truth, estimate, *options, "-o", output, "--force")
    assert result.exit_code == 0, result.output
    return pd.read_csv(output)


def refused(truth: Path, estimate: Path, *words: str, options: tuple[object, ...] = ()) -> None:
    result = run(truth, estimate, *options)
    assert result.exit_code == 1 and isinstance(result.exception, SystemExit), result.output
    assert len(result.output.strip().splitlines()) == 1
    assert all(word in result.output for word in (estimate.name, *words)), result.output
