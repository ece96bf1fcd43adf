"""Published simulations: one file per paper, one line each here."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from spsim.datasets._catalogue._entry import Entry

PAPERS = (
    "_nsf",
    "_spamv",
    "_spatialglue",
    "_sparkx",
)

__all__ = ["Entry", "entries"]


@cache
def entries() -> dict[str, Entry]:
    """Return every entry by its id; the papers' files are read on the first call."""
    papers = [import_module(f"{__name__}.{paper}") for paper in PAPERS]
    return {entry.id: entry for paper in papers for entry in paper.entries()}
