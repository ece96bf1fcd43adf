"""Blocks and labels of an object by name."""

from __future__ import annotations

from typing import Any

from spsim import _keys, _validate
from spsim.slots._read import is_torn, read_truth
from spsim.slots._schema_1 import every_first_entry


def block_entry(data: Any, block: str, slot: str) -> dict[str, Any]:
    """Return the entry of a block's factors (``obsm``) or loadings (``varm``)."""
    _validate.text("block", block)
    entries = {entry["block"]: entry for entry in read_truth(data) if entry["slot"] == slot and "block" in entry}
    if block not in entries:
        parts = getattr(data, "mod", {})
        holding = [name for name, part in parts.items() if block in block_names(part)]
        hint = f"; it belongs to modalities, take one of {_validate.listing(holding)}" if holding else ""
        known = [*dict.fromkeys([*entries, *(name for part in parts.values() for name in block_names(part))])]
        msg = f"block: no {block!r} in {slot}{_validate.closest(block, known)}; there are {_validate.listing(known)}{hint}"
        raise KeyError(msg)
    return entries[block]


def block_names(data: Any) -> list[str]:
    """Return the names of the blocks that an object holds, in their order."""
    return list(dict.fromkeys(entry["block"] for entry in read_truth(data) if "block" in entry))


def label_names(data: Any) -> list[str]:
    """Return the names of the labels of observations that an object holds, in their order."""
    return [entry["label"] for entry in read_truth(data) if entry["slot"] == "obs" and "label" in entry]


def label_entry(data: Any, label: str) -> dict[str, Any]:
    """Return the entry of a label of observations."""
    entries = {entry["label"]: entry for entry in read_truth(data) if entry["slot"] == "obs" and "label" in entry}
    _validate.known_key("label", label, entries)
    return entries[label]


def recorded_groups(data: Any) -> str | None:
    """Return the column of obs with the groups (slices, samples) that an object records; None if it records none."""
    recorded = [] if is_torn(data) else read_truth(data)
    return next((str(entry["key"]) for entry in recorded if entry["slot"] == "obs" and entry.get("groups")), None)


def truth_keys(data: Any, slot: str) -> set[str]:
    """Return the keys of a slot that hold truth or what an experimenter knows; of any object, also without a record."""
    recorded = every_first_entry() if is_torn(data) else read_truth(data)
    return {entry["key"] for entry in recorded if entry["slot"] == slot}


def has_record(data: Any) -> bool:
    """Return whether an object says that it was simulated."""
    return _keys.UNS in getattr(data, "uns", {})
