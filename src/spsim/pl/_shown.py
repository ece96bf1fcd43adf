"""Which labels and factors of a modality say something when they are drawn."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, _validate, get
from spsim.slots import label_names, read_truth, recorded_groups

if TYPE_CHECKING:
    from anndata import AnnData
    from pandas import Series

MOST = 12  # categories or factors that a picture tells apart
# Categories that stand for none of the others.
NO_CLASS = (_keys.BACKGROUND, "outside")


def shown_labels(part: AnnData, placed: Collection[AnnData], groups: str | None) -> dict[str, Series]:
    """Return the labels that differ within groups, domains first; of cells that spots hold, their types alone."""
    types = {own for other in placed if (own := types_held(other)) is not None}
    names = label_names(part)
    if any(types.intersection(label_names(other)) for other in placed):
        return {name: get.domains(part, label=name) for name in names if name in types}
    found = {name: get.domains(part, label=name) for name in sorted(names, key=lambda name: name != _keys.DOMAIN)}
    within = group_codes(part, groups)
    return {
        name: label
        for name, label in found.items()
        if label.nunique() <= MOST and differs_within(label.cat.codes.to_numpy(), within)
    }


def shown_blocks(part: AnnData, groups: str | None) -> list[str]:
    """Return the blocks that are neither the spatial factors nor indicators of a label, and differ within groups."""
    blocks = get.blocks(part)
    few = blocks.loc[blocks["n_factors"] <= MOST, "block"]
    within = group_codes(part, groups)
    labels = {name: set(get.domains(part, label=name).cat.categories) for name in label_names(part)}
    shown = []
    for block in few:
        table = get.factors(part, block=block)
        is_indicator = block in labels or any(categories.intersection(table.columns) for categories in labels.values())
        if block in (_keys.SPATIAL_BLOCK, _keys.NONSPATIAL_BLOCK, types_held(part)) or is_indicator:
            continue
        if any(differs_within(values, within) for values in table.to_numpy().T):
            shown.append(block)
    return shown


def types_held(part: AnnData) -> str | None:
    """Name of the types of the cells that spots hold, if they hold cells."""
    return next((str(entry["parts"]) for entry in read_truth(part) if "parts" in entry), None)


def differs_within(values: np.ndarray, groups: np.ndarray) -> bool:
    """Whether values differ in some group."""
    return any(len(np.unique(values[groups == group])) > 1 for group in np.unique(groups))


def group_codes(part: AnnData, groups: str | None) -> np.ndarray:
    """Return the group of each observation: of the named column, else of the recorded one; one without any."""
    key = recorded_groups(part) if groups is None else _validate.text("groups", groups)
    if key is None:
        return np.zeros(part.n_obs, int)
    _validate.known_key("groups in obs", key, part.obs)
    return np.asarray(part.obs[key].astype("category").cat.codes)
