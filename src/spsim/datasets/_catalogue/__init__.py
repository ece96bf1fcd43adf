"""Published simulations: one file per paper, one line each here."""

from __future__ import annotations

from functools import cache

from spsim.datasets._catalogue import _nsf, _spamv, _sparkx, _spatialglue
from spsim.datasets._catalogue._entry import Entry

PAPERS = (
    _nsf,
    _spamv,
    _spatialglue,
    _sparkx,
)

__all__ = ["Entry", "entries"]


@cache
def entries() -> dict[str, Entry]:
    """Return every entry by its id."""
    return {entry.id: entry for paper in PAPERS for entry in paper.entries()}
