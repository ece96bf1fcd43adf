"""How features of a modality respond to the categories of a label, by loadings and by a switch."""

from __future__ import annotations

from typing import Any

import numpy as np

from spsim.slots._blocks import block_entry, block_names
from spsim.slots._mean import switch_of, value_of


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
