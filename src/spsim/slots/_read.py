"""What a simulated object says of itself: the record in uns, read without anndata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from spsim import _keys, _validate
from spsim._objects import annotated
from spsim.slots._digest import text_digest
from spsim.slots._lost import missing_parts, what_happened
from spsim.slots._one_simulation import check_one_simulation
from spsim.slots._schema_1 import SCHEMAS, first_list


def read_record(data: Any) -> Mapping[str, Any]:
    """Return the record in uns of an AnnData or MuData, whole and of a schema that this version reads."""
    uns = annotated("data", data).uns
    if _keys.UNS not in uns:
        msg = f"uns has no {_keys.UNS!r}: {what_happened(data)}"
        raise KeyError(msg)
    record = uns[_keys.UNS]
    if not isinstance(record, Mapping):
        msg = f"uns[{_keys.UNS!r}] must be what spsim wrote, got {type(record).__name__}: simulate or read the object again"
        raise ValueError(msg)
    missing = missing_parts(record)
    if missing:
        msg = f"uns[{_keys.UNS!r}] has no {_validate.listing(missing)}: {what_happened(data)}"
        raise KeyError(msg)
    if str(record[_keys.SCHEMA]) not in SCHEMAS:
        msg = (
            f"uns[{_keys.UNS!r}] has schema {str(record[_keys.SCHEMA])!r}, this version of spsim reads "
            f"{_validate.listing(SCHEMAS)}: use the version that wrote it ({record.get(_keys.VERSION, 'unknown')})"
        )
        raise ValueError(msg)
    return record


def is_torn(data: Any) -> bool:
    """Return whether the record is gone or half of it, as ``anndata.concat`` leaves objects whose columns it keeps."""
    record = data.uns.get(_keys.UNS, {})
    return isinstance(record, Mapping) and bool(missing_parts(record))


def read_params(data: Any) -> dict[str, Any]:
    """Return the arguments that an AnnData or MuData records; they must be those that were written."""
    record = read_record(data)
    params, digest = _text(record, _keys.PARAMS), record.get(_keys.DIGEST)
    # Objects of 0.1.0 have no digest.
    if digest is not None and _digest(params, _text(record, _keys.TRUTH, "")) != str(digest):
        msg = (
            f"params or truth in uns[{_keys.UNS!r}] are not what spsim wrote: they were edited or mixed with another "
            "object's; to change a step use spsim.datasets.twin, or simulate a scenario of your own"
        )
        raise ValueError(msg)
    return parsed(params, _keys.PARAMS)


def read_truth(data: Any) -> list[dict[str, Any]]:
    """Return the list of what is true of an object: slot, key, whether it is known, and what it belongs to."""
    record = read_record(data)
    if _keys.TRUTH not in record:
        return first_list(data, read_params(data), None if hasattr(data, "mod") else modality_name(data))
    return list(_parsed_truth(_text(record, _keys.TRUTH)))


def read_index(adata: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return where observations and features of a modality stood when they were simulated."""
    frames = {"obs": adata.obs, "var": adata.var}
    for slot, frame in frames.items():
        _validate.known_key(f"{slot} (where it stood when it was simulated)", _keys.INDEX, frame)
    observations, features = (np.asarray(frame[_keys.INDEX]) for frame in frames.values())
    for slot, values in (("obs", observations), ("var", features)):
        if values.dtype.kind not in "iu" or (values < 0).any():
            msg = f"{_keys.INDEX} in {slot} must hold whole numbers from 0 on, got {_validate.shown(values)}"
            raise ValueError(msg)
    measured = [adata.layers[key] for key in (_keys.COUNTS, _keys.RAW) if key in adata.layers]
    check_one_simulation(adata, measured, differing="counts")
    return observations.astype(np.intp), features.astype(np.intp)


def parsed(text: str, key: str) -> Any:
    """Return what a JSON text of the record says."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"{key} in uns[{_keys.UNS!r}] is not the JSON text that spsim wrote ({error}): read the object again"
        raise ValueError(msg) from error


def read_spacing(data: Any) -> float:
    """Return the distance between neighbouring spots."""
    text = read_record(data).get(_keys.SPACING)
    try:
        return float(str(text))
    except ValueError as error:
        msg = f"{_keys.SPACING} in uns[{_keys.UNS!r}] must be a number, got {_validate.shown(text)}: read the object again"
        raise ValueError(msg) from error


def recorded_outline(data: Any) -> tuple[str, float] | None:
    """Return form and size of what an observation covers, where the object records it."""
    record = data.uns.get(_keys.UNS, {})
    form, size = (record.get(key) for key in (_keys.FORM, _keys.SIZE))
    return None if form is None or size is None else (str(form), float(str(size)))


def raw_layer(adata: Any) -> Any:
    """Return what was measured: counts, or the values of a likelihood that has none."""
    for key in (_keys.COUNTS, _keys.RAW):
        if key in adata.layers:
            return adata.layers[key]
    msg = f"layers has neither {_keys.COUNTS!r} nor {_keys.RAW!r}, got {_validate.listing(adata.layers)}"
    raise KeyError(msg)


def modality_name(adata: Any) -> str:
    """Return the name of the one modality that an AnnData is."""
    record = read_record(adata)
    if hasattr(adata, "mod"):
        msg = f"expected one modality, got all of them: take one of {_validate.listing(adata.mod)}"
        raise TypeError(msg)
    if _keys.MODALITY not in record:
        msg = (
            f"uns[{_keys.UNS!r}] has no {_keys.MODALITY!r}: it belongs to a whole MuData, or to modalities that were "
            "joined side by side, not to one modality; take the modality itself, and keep several in a MuData "
            "(spsim.datasets.join_modalities)"
        )
        raise KeyError(msg)
    return str(record[_keys.MODALITY])


def modality_params(adata: Any) -> dict[str, Any]:
    """Return the arguments of the one modality that an AnnData is."""
    name = modality_name(adata)
    modalities = {record["name"]: record for record in read_params(adata)["scenario"]["modalities"]}
    if name not in modalities:
        msg = (
            f"uns[{_keys.UNS!r}][{_keys.MODALITY!r}] is {_validate.shown(name)}, but simulated were {_validate.listing(modalities)}: "
            "the record was edited or mixed with another object's"
        )
        raise KeyError(msg)
    return modalities[name]


# A few objects are asked again and again, often for one entry.
_digest = lru_cache(maxsize=16)(text_digest)


@lru_cache(maxsize=16)
def _parsed_truth(text: str) -> tuple[dict[str, Any], ...]:
    entries = parsed(text, _keys.TRUTH)
    if not (isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)):
        msg = f"{_keys.TRUTH} in uns[{_keys.UNS!r}] must be the list that spsim wrote, got {_validate.shown(entries)}"
        raise ValueError(msg)
    return tuple(entries)


def _text(record: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = record[key] if default is None else record.get(key, default)
    if not isinstance(value, str):
        msg = f"{key} in uns[{_keys.UNS!r}] must be the text that spsim wrote, got {_validate.shown(value)}"
        raise ValueError(msg)
    return str(value)
