"""The table of truth slots on the model page is the list that objects carry, with what an experimenter knows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import spsim as sps
from worlds import WORLDS, made

PAGE = Path(__file__).parents[1] / "docs" / "model.md"
# Names that stand for any of a kind: of blocks, labels, switches.
ANY = re.compile("BLOCK|LABEL|NAME")


def rows() -> Iterator[tuple[str, str, str]]:
    """Slot, key and whether it is known, of each key of the table."""
    section = PAGE.read_text(encoding="utf-8").split("## Truth, slot by slot")[1].split("\n## ")[0]
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| `"):
            slot, keys, _, known = cells
            yield from ((slot.strip("`"), key, known) for key in re.findall("`([a-zA-Z_]+)`", keys.split(", and ")[0]))


def recorded() -> Iterator[tuple[str, dict]]:
    """Every entry of every small world, and of one that keeps its mean."""
    kept = sps.datasets.quilt(n_side=6, keep_mean=True)
    for mdata in (kept, *(made(world) for world in WORLDS)):
        for part in (mdata, *mdata.mod.values()):
            yield from ((entry["slot"], entry) for entry in json.loads(part.uns["spsim"]["truth"]))


def row_of(slot: str, entry: dict) -> tuple[str, str] | None:
    """Key and last cell of the row that an entry belongs to: one of its own, else one of its kind."""
    own = [(key, known) for s, key, known in rows() if s == slot and key == entry["key"]]
    kinds = [
        (key, known)
        for s, key, known in rows()
        if s == slot and ANY.search(key) and re.fullmatch(ANY.sub(".+", key), entry["key"])
    ]
    # The longest one: BLOCK_factors_mixed is no block.
    found = own or sorted(kinds, key=lambda row: -len(row[0]))[:1]
    if not found and slot == "obs" and "label" in entry:
        return ("slice" if entry["known"] else "cell_type"), ("yes" if entry["known"] else "no")
    return found[0] if found else None


def test_every_entry_has_a_row_that_says_whether_it_is_known() -> None:
    for slot, entry in recorded():
        row = row_of(slot, entry)
        assert row is not None, entry
        assert row[1].startswith("yes" if entry["known"] else "no") or "known=" in row[1], (entry, row)


def test_every_row_stands_for_an_entry() -> None:
    used = {(slot, row[0]) for slot, entry in recorded() if (row := row_of(slot, entry)) is not None}
    assert {(slot, key) for slot, key, _ in rows()} <= used
    assert len(list(rows())) > 30


@pytest.mark.parametrize(
    ("entry", "expected"), [({"key": "cell_type_factors_mixed"}, "BLOCK_factors_mixed"), ({"key": "nothing"}, None)]
)
def test_the_comparison_can_fail(entry, expected) -> None:
    row = row_of("obsm", entry | {"known": False})
    assert (row and row[0]) == expected
