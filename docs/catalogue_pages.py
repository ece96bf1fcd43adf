"""Pages of the published simulations, written from the catalogue itself when the site is built."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

import spsim as sps
from spsim.datasets._catalogue import Entry, entries

HEAD = """\
# Published simulations

Every data set below is made by name, `sps.datasets.published("{first}")`, or on the command line,
`spsim simulate {first} -o {first}.h5mu`; `sps.datasets.list_published()` is this table in Python.
New noise on the same truth comes from `sps.datasets.resample`.

| id | system | year | modalities | spots | features | replicates |
| --- | --- | --- | --- | --- | --- | --- |
"""


def write_pages(folder: Path) -> None:
    """Write the overview, and a page with a picture per data set."""
    folder.mkdir(parents=True, exist_ok=True)
    known = entries()
    rows = [_row(entry) for entry in known.values()]
    toctree = ["```{toctree}", ":hidden:", "", *known, "```"]
    text = HEAD.format(first=next(iter(known))) + "\n".join([*rows, "", *toctree, ""])
    (folder / "index.md").write_text(text, encoding="utf-8")
    for entry in known.values():
        _write_page(entry, folder)


def _row(entry: Entry) -> str:
    record = sps.datasets.list_published().loc[entry.id]
    columns = ["system", "year", "modalities", "n_spots", "n_features", "replicates"]
    return f"| [{entry.id}]({entry.id}.md) | {' | '.join(str(record[column]) for column in columns)} |"


def _write_page(entry: Entry, folder: Path) -> None:
    mdata = sps.datasets.published(entry.id)
    with mpl.rc_context({"figure.max_open_warning": 0}):
        sps.pl.overview(mdata).savefig(folder / f"{entry.id}.png", dpi=100)
    description = sps.datasets.describe(mdata)
    lines = [
        f"# {entry.id}",
        f"{entry.paper.system}, {entry.paper.year}, [doi:{entry.paper.doi}](https://doi.org/{entry.paper.doi}).",
        f"**Exact.** {_sentence(entry.exact)}",
        f"**Not published, or different here.** {_sentence(entry.deviations)}",
        f"**What the paper shows with it.** {_sentence(entry.claim)}",
        f"![Domains, factors, total counts and a feature per factor of {entry.id}]({entry.id}.png)",
        f"## Parameters\n\n{_table(description.parameters)}",
        f"## In words\n\n{description.paragraph}",
        f"## Citation\n\n```bibtex\n{entry.paper.bibtex}```",
    ]
    (folder / f"{entry.id}.md").write_text("\n\n".join(lines) + "\n", encoding="utf-8")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _table(parameters) -> str:
    head = ["field", *parameters.columns]
    rows = [
        [name, *(f"`{value}`" for value in row)]
        for name, row in zip(parameters.index, parameters.to_numpy(), strict=True)
    ]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in [head, ["---"] * len(head), *rows])
