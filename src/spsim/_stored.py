"""What a simulated object says of itself: the record in uns, read without anndata."""

from __future__ import annotations

import json
from typing import Any

from spsim import _keys, _validate


def read_params(data: Any) -> dict[str, Any]:
    """Return the arguments that an AnnData or MuData records."""
    uns = getattr(data, "uns", None)
    if uns is None:
        msg = f"expected an AnnData or MuData, got {type(data).__name__}"
        raise TypeError(msg)
    if _keys.UNS not in uns:
        msg = f"uns has no {_keys.UNS!r}: this object was not simulated by spsim, or its truth was taken out"
        raise KeyError(msg)
    return json.loads(str(uns[_keys.UNS][_keys.PARAMS]))


def raw_layer(adata: Any) -> Any:
    """Return what was measured: counts, or the values of a likelihood that has none."""
    return adata.layers[_keys.COUNTS if _keys.COUNTS in adata.layers else _keys.RAW]


def modality_params(adata: Any) -> dict[str, Any]:
    """Return the arguments of the one modality that an AnnData is."""
    params = read_params(adata)
    if _keys.MODALITY not in adata.uns[_keys.UNS]:
        msg = f"expected one modality, got all of them: take one of {_validate.listing(adata.mod)}"
        raise TypeError(msg)
    name = str(adata.uns[_keys.UNS][_keys.MODALITY])
    return next(record for record in params["scenario"]["modalities"] if record["name"] == name)


def recorded_groups(data: Any) -> str | None:
    """Return the column of groups (slices, samples) that the record of the truth names; None if it names none.

    The record lists where truth is held, as JSON. A label of groups is one that an experimenter knows too.
    """
    record = data.uns.get(_keys.UNS, {}).get(_keys.TRUTH)
    entries = [] if record is None else json.loads(str(record))
    return next((str(entry["key"]) for entry in entries if entry["slot"] == "obs" and entry.get("groups")), None)
