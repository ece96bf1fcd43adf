"""How features of a modality respond to the categories of a label, by loadings and by a switch."""

from __future__ import annotations

from typing import Any

import numpy as np

from spsim.slots._blocks import block_entry, block_names
from spsim.slots._mean import switch_of, value_of
from spsim.slots._one_simulation import is_one_simulation
from spsim.slots._read import read_truth

RESPONSES = ("loadings", "probability", "fold")


def has_responses(part: Any) -> bool:
    """Return whether a modality holds what its features respond to, of one simulation: joined objects may not."""
    entries = read_truth(part)
    factors = [entry["key"] for entry in entries if entry["slot"] == "obsm" and "block" in entry]
    held = all(entry["key"] in getattr(part, entry["slot"]) for entry in entries if entry.get("role") in RESPONSES)
    return held and is_one_simulation(part, (part.obsm[key] for key in factors if key in part.obsm))


def responses_to(part: Any, name: str) -> dict[str, np.ndarray] | None:
    """Return what features do for each factor or category: loadings of the block, then probabilities of the switch.

    ``None`` where a modality has neither.
    """
    found: dict[str, list[np.ndarray]] = {}
    if name in block_names(part):
        loadings = np.asarray(value_of(part, block_entry(part, name, "varm")))
        for column, values in zip(block_entry(part, name, "obsm")["columns"], loadings.T, strict=True):
            found.setdefault(column, []).append(values)
    switch = switch_of(part)
    if switch is not None and switch.by == name:
        for column, values in zip(switch.label.names, switch.probability.T, strict=True):
            found.setdefault(column, []).append(np.where(switch.fold == 1, 0, values))
    return {column: np.concatenate(values) for column, values in found.items()} or None
