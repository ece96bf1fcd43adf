"""The truth of an object measured anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys
from spsim.slots._digest import text_digest
from spsim.slots._entry import SLOTS
from spsim.slots._mudata import as_mudata
from spsim.slots._read import read_record, read_truth
from spsim.slots._write import raw_of, values_of
from spsim.truth import Measurement

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData

# What drop_modality leaves in uns belongs to one measurement.
STALE = (_keys.DROPPED, _keys.DROPPED_NAMES, _keys.DROPPED_FEATURES)


def rebuilt(mdata: MuData, measured: Mapping[str, Measurement], params: str) -> MuData:
    """Return an object with its truth and a new measurement; whatever was computed from the old one is left out."""
    again = as_mudata({name: rebuilt_modality(mdata[name], m, params) for name, m in measured.items()})
    order = mdata.obs_names.get_indexer(again.obs_names)
    own = kept(mdata)
    again.obs = mdata.obs.iloc[order][[key for slot, key in own if slot == "obs"]].copy()
    for key in (key for slot, key in own if slot == "obsm"):
        again.obsm[key] = np.asarray(mdata.obsm[key])[order]
    for key in (key for slot, key in own if slot == "obsp"):
        again.obsp[key] = mdata.obsp[key][order][:, order]
    again.uns[_keys.UNS] = renewed(mdata, params)
    return again


def rebuilt_modality(adata: AnnData, measured: Measurement, params: str) -> AnnData:
    """Return a modality with its truth and a new measurement."""
    from anndata import AnnData

    own: dict[str, list[str]] = {slot: [] for slot in SLOTS}
    for slot, key in kept(adata):
        own[slot].append(key)
    held = {slot: getattr(adata, slot) for slot in ("obsm", "varm", "obsp") if own[slot]}
    arrays = {slot: {key: values[key].copy() for key in own[slot]} for slot, values in held.items()}
    return AnnData(
        X=values_of(measured),
        obs=adata.obs[own["obs"]].copy(),
        var=adata.var[own["var"]].copy(),
        layers=raw_of(measured) | {key: adata.layers[key].copy() for key in own["layers"]},
        uns={_keys.UNS: renewed(adata, params)},
        **arrays,
    )


def kept(data: AnnData | MuData) -> list[tuple[str, str]]:
    """Return slot and key of all that stays true when an object is measured anew, as far as the object holds it."""
    entries = [entry for entry in read_truth(data) if entry.get("role") != "measured"]
    held = {slot: set(getattr(data, slot)) for slot in {entry["slot"] for entry in entries}}
    return [(entry["slot"], entry["key"]) for entry in entries if entry["key"] in held[entry["slot"]]]


def renewed(data: AnnData | MuData, params: str) -> dict[str, Any]:
    """Return the record of an object with other params."""
    old = {key: value for key, value in read_record(data).items() if key not in STALE}
    record = {key: value.copy() if hasattr(value, "copy") else value for key, value in old.items()}
    record[_keys.PARAMS] = params
    if _keys.TRUTH in record:
        record[_keys.TRUTH] = json.dumps([e for e in json.loads(record[_keys.TRUTH]) if e.get("role") != "measured"])
        record[_keys.DIGEST] = text_digest(params, record[_keys.TRUTH])
    return record
