"""An estimate of every entry of a modality: a layer by its key, or a table by its labels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _validate
from spsim._objects import annotated, table
from spsim.metrics._arrays import numbers
from spsim.tl._lookup import Found, find, found_in
from spsim.tl._names import truth_features, truth_rows

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame, Index

NAME = "estimate"


def find_layer(
    data: AnnData | MuData, key: str | None, estimate: DataFrame | None, truth: AnnData | MuData | None
) -> Found:
    """Return the estimate of a modality, from ``layers`` or from a table, with its truth."""
    annotated("data", data)
    if (key is None) == (estimate is None):
        both = "none" if key is None else "both"
        msg = f"key (of a layer) or estimate (a DataFrame) must be given, exactly one of them, got {both}"
        raise ValueError(msg)
    if key is not None:
        return find(data, key, "layers", truth)
    frame = table(NAME, estimate)
    where = _modality_of(data, frame.columns)
    for slot, labels, known in (
        ("obs_names", frame.index, where.obs_names),
        ("var_names", frame.columns, where.var_names),
    ):
        _exactly(slot, labels, known)
    values = numbers(NAME, frame.loc[where.obs_names, where.var_names])
    found = found_in(data, where, NAME, "layers", truth)
    return replace(found, given=values[found.order])


def true_entries(found: Found) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows and columns of the true modality that the estimate's names stand for."""
    part = found.part
    return truth_rows(found.names, part), truth_features(found.where.var_names, part.var_names)


def default_key(key: str | None, score: str) -> str:
    """Return the key to write for the layer ``key``, or for a table, which has none."""
    return score if key is None else f"{key}_{score}"


def _modality_of(data: Any, features: Index) -> AnnData:
    """The modality whose features a table has."""
    parts = getattr(data, "mod", None)
    if parts is None:
        return data
    holding = [name for name, part in parts.items() if features.isin(part.var_names).any()]
    if len(holding) != 1:
        some = f"features of {' and '.join(map(repr, holding))}" if holding else "features of none"
        msg = (
            f"{NAME} must have the features of one modality as its columns, got {some}; there are "
            f"{_validate.listing(parts)}"
        )
        raise ValueError(msg)
    return parts[holding[0]]


def _exactly(slot: str, labels: Index, known: Index) -> None:
    """Refuse a table whose labels are not those of the data, each once."""
    axis = "index" if slot == "obs_names" else "columns"
    for whose, names in ((f"the {axis} of {NAME}", labels), (f"{slot} of data", known)):
        if not names.is_unique:
            repeated = _validate.listing(names[names.duplicated()].unique()[:3])
            msg = f"{whose} must be unique to be aligned, got {repeated} more than once"
            raise ValueError(msg)
    foreign, missing = labels[~labels.isin(known)], known[~known.isin(labels)]
    if len(foreign) or len(missing):
        few = _validate.listing((foreign if len(foreign) else missing)[:3])
        count = f"{len(foreign)} that data lacks" if len(foreign) else f"none for {len(missing)} of {len(known)}"
        msg = (
            f"the {axis} of {NAME} must be the {slot} of data, in any order, got {count}, among them {few}; score a part "
            "with the same part of data, as in data[estimate.index, estimate.columns]"
        )
        raise ValueError(msg)
