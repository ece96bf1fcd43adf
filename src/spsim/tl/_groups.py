"""Groups of spots (slices, samples): the column that a user names, else the one that the truth records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate
from spsim.slots import addressed, recorded_groups

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import Index, Series


def group_labels(
    groups: str | None, names: Index, source: AnnData | MuData, holders: Iterable[AnnData | MuData]
) -> np.ndarray | None:
    """Return the group of each spot in ``names``: from the first of ``holders`` that has the column, else the truth."""
    key = recorded_groups(source) if groups is None else groups
    return None if key is None else column_labels("groups", key, names, (*holders, source))


def column_labels(name: str, key: str, names: Index, holders: Iterable[AnnData | MuData]) -> np.ndarray:
    """Return what a column of obs says of each spot in ``names``, from the first of ``holders`` that has it."""
    _validate.text(name, key)
    holders = list(holders)
    columns = [_column(holder, key) for holder in holders]
    found = next((column for column in columns if column is not None), None)
    if found is None:
        known = dict.fromkeys(str(column) for holder in holders for column in holder.obs)
        _validate.known_key(f"{name} in obs", key, known)
    return _aligned(name, found, key, names)


def _column(holder: AnnData | MuData, key: str) -> Series | None:
    for part, own_key in ((holder, key), addressed(holder, key)):
        if own_key in part.obs:
            return part.obs[own_key]
    return None


def _aligned(name: str, column: Series, key: str, names: Index) -> np.ndarray:
    if column.index.equals(names):
        return np.asarray(column)
    if not column.index.is_unique:
        msg = f"{name}: obs_names must be unique to align obs[{key!r}] with the spots"
        raise ValueError(msg)
    missing = ~names.isin(column.index)
    if missing.any():
        some = _validate.listing(names[missing][:3])
        msg = f"{name}: obs[{key!r}] has no value for {missing.sum()} of {len(names)} spots, among them {some}"
        raise ValueError(msg)
    return np.asarray(column.loc[names])
