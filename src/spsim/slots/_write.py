"""Truth and measurement in one MuData."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys
from spsim.slots._columns import numbered
from spsim.slots._digest import joined_digest, names_digest, text_digest
from spsim.slots._entries import entries_at_the_top, entries_of_modality
from spsim.slots._entry import Entry
from spsim.slots._mudata import as_mudata
from spsim.truth import Measurement, Table, Truth

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame, Index


def written(
    truth: Truth, measured: Mapping[str, Measurement], record: Mapping[str, str], *, keep_mean: bool = False
) -> MuData:
    """Return the data set, every slot filled; ``record`` says what made it."""
    tables = {_keys.ACTIVITY: activity(truth)}
    for observations in truth.observations.values():
        tables |= {name: _frame(table) for name, table in observations.tables.items()}
    names = {name: numbered(observations.name, observations.n) for name, observations in truth.observations.items()}
    modalities = {
        name: _modality(name, truth, measurement, names[truth.of[name]], {**record, **tables}, keep_mean=keep_mean)
        for name, measurement in measured.items()
    }
    mdata = as_mudata(modalities)
    entries: list[Entry] = []
    if truth.is_shared:
        (shared,) = truth.observations
        entries = list(entries_at_the_top(truth.observations[shared]))
        frame = _slot(entries, "obs")
        rows = mdata.obs_names.get_indexer(names[shared]) if truth.seen else slice(None)
        mdata.obs = _data_frame(frame, names[shared][rows] if truth.seen else names[shared])
        for slot in ("obsm", "obsp"):
            getattr(mdata, slot).update(_slot(entries, slot))
    mdata.uns[_keys.UNS] = signed({**record, **tables}, entries, mdata)
    return mdata


def activity(truth: Truth) -> DataFrame:
    """Return which modality has features that load on which spatial factor."""
    import pandas as pd

    blocks = [next((b for b in mean.blocks if b.name == _keys.SPATIAL_BLOCK), None) for mean in truth.means.values()]
    columns = next((list(block.columns) for block in blocks if block is not None), [])
    active = [np.zeros(len(columns), bool) if b is None else b.loadings.any(axis=0) for b in blocks]
    return pd.DataFrame(np.array(active), index=list(truth.means), columns=columns)


def signed(record: Mapping[str, Any], entries: Iterable[Entry], data: AnnData | MuData) -> dict[str, Any]:
    """Return what an object says of itself: a copy of the record with its own list of what is true, size and names."""
    own = {key: value if isinstance(value, str) else value.copy() for key, value in record.items()}
    own[_keys.TRUTH] = list_of(entries)
    own[_keys.SHAPE] = f"{data.shape[0]} x {data.shape[1]}"
    own[_keys.NAMES_HASH] = joined_digest(names_digest(data.obs_names), names_digest(data.var_names))
    own[_keys.DIGEST] = text_digest(own[_keys.PARAMS], own[_keys.TRUTH])
    return own


def list_of(entries: Iterable[Entry]) -> str:
    """Return the list of what is true as one JSON text."""
    return json.dumps([entry.to_dict() for entry in entries])


def _modality(
    name: str,
    truth: Truth,
    measured: Measurement,
    observations: Index,
    record: Mapping[str, Any],
    *,
    keep_mean: bool,
) -> AnnData:
    from anndata import AnnData

    entries = list(entries_of_modality(truth, name, measured.layers, keep_mean=keep_mean))
    features = numbered(name, truth.means[name].shape[1])
    adata = AnnData(
        X=values_of(measured),
        obs=_data_frame(_slot(entries, "obs"), observations),
        var=_data_frame(_slot(entries, "var"), features),
        obsm=_slot(entries, "obsm"),
        varm=_slot(entries, "varm"),
        layers=raw_of(measured) | _slot(entries, "layers"),
    )
    own = {key: _frame(table) for key, table in truth.features[name].tables.items()}
    adata.uns[_keys.UNS] = signed({**record, **own}, entries, adata) | {_keys.MODALITY: name}
    return adata


def values_of(measured: Measurement) -> Any:
    """Return what X holds."""
    return measured.raw.copy() if measured.values is None else measured.values


def raw_of(measured: Measurement) -> dict[str, Any]:
    """Return the raw measurement under the name of its layer."""
    return {_keys.COUNTS if measured.is_count else _keys.RAW: measured.raw}


def _slot(entries: Iterable[Entry], slot: str) -> dict[str, Any]:
    return {entry.key: entry.value for entry in entries if entry.slot == slot}


def _data_frame(columns: Mapping[str, Any], index: Index) -> DataFrame:
    import pandas as pd

    return pd.DataFrame(columns, index=index)


def _frame(table: Table) -> DataFrame:
    import pandas as pd

    return pd.DataFrame(dict(table.columns), index=list(table.rows))
