"""Truth and measurement in one MuData."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys
from spsim.slots._columns import named, numbered
from spsim.slots._digest import joined_digest, names_digest, text_digest
from spsim.slots._entry import Entry
from spsim.slots._fingerprint import fingerprint_of
from spsim.slots._mudata import as_mudata, in_order, some_rows
from spsim.slots._what_is_true import entries_at_the_top, entries_of_modality, known_labels
from spsim.truth import Measurement, Observations, Table, Truth

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame, Index


def written(
    truth: Truth, measured: Mapping[str, Measurement], record: Mapping[str, str], *, keep_mean: bool = False
) -> MuData:
    """Return the data set, every slot filled; ``record`` says what made it."""
    record = {**record, _keys.OWN_FINGERPRINT: fingerprint_of(truth, measured)}
    tables = {_keys.ACTIVITY: activity(truth)}
    for observations in truth.observations.values():
        tables |= {name: _frame(table) for name, table in observations.tables.items()}
    names = {name: named(own.name, own.n, own.obs_names) for name, own in truth.observations.items()}
    modalities = {
        name: _modality(name, truth, measurement, names[truth.of[name]], keep_mean=keep_mean)
        for name, measurement in measured.items()
    }
    digests = {name: names_digest(index) for name, index in names.items()}
    for name, (adata, entries) in modalities.items():
        own: dict[str, Any] = {key: _frame(table) for key, table in truth.features[name].tables.items()}
        own |= {} if truth.is_shared else _of_set(truth.observations[truth.of[name]])
        seen = names_digest(adata.obs_names) if name in truth.seen else digests[truth.of[name]]
        adata.uns[_keys.UNS] = signed({**record, **tables, **own}, entries, adata, seen) | {_keys.MODALITY: name}
    parts = {name: adata for name, (adata, _) in modalities.items()}
    mdata, entries = _whole(truth, parts, names)
    seen = next(iter(digests.values())) if truth.is_shared and not truth.seen else names_digest(mdata.obs_names)
    common = {
        key: value for key, value in record.items() if all(p.uns[_keys.UNS][key] == value for p in parts.values())
    }
    mdata.uns[_keys.UNS] = signed({**common, **tables}, entries, mdata, seen)
    return mdata


def _of_set(observations: Observations) -> dict[str, str]:
    """Return what the record of a modality says of its observations, where other ones have others."""
    sites = None if observations.places is None else observations.sites
    own = {} if sites is None else {_keys.SPACING: repr(float(sites.spacing))}
    if observations.outline is None:
        return own
    form, size = observations.outline
    return {**own, _keys.FORM: form, _keys.SIZE: repr(size)}


def activity(truth: Truth) -> DataFrame:
    """Return which modality has features that load on which spatial factor."""
    import pandas as pd

    blocks = [next((b for b in mean.blocks if b.name == _keys.SPATIAL_BLOCK), None) for mean in truth.means.values()]
    columns = next((list(block.columns) for block in blocks if block is not None), [])
    active = [np.zeros(len(columns), bool) if b is None else b.loadings.any(axis=0) for b in blocks]
    return pd.DataFrame(np.array(active), index=list(truth.means), columns=columns)


def values_of(measured: Measurement) -> Any:
    """Return what X holds."""
    return measured.raw.copy() if measured.values is None else measured.values


def raw_of(measured: Measurement) -> dict[str, Any]:
    """Return the raw measurement under the name of its layer."""
    return {_keys.COUNTS if measured.is_count else _keys.RAW: measured.raw}


def _whole(truth: Truth, parts: dict[str, AnnData], names: Mapping[str, Index]) -> tuple[MuData, list[Entry]]:
    """Wrap modalities; where all measure one set of observations, put what is true of those at the top, too."""
    if not truth.is_shared:
        mdata = as_mudata(parts)
        positions = {name: mdata.obs_names.get_indexer(index) for name, index in names.items()}
        entries = list(known_labels(truth.observations, positions, mdata.n_obs))
        mdata.obs = _columns(entries, "obs", mdata.obs_names)
        return mdata, entries
    ((shared, observations),) = truth.observations.items()
    entries = list(entries_at_the_top(observations))
    index, rows = names[shared], slice(None)
    if truth.seen:
        mdata = in_order(parts, index)
        index = mdata.obs_names
        rows = names[shared].get_indexer(index)
    else:
        mdata = as_mudata(parts)
    mdata.obs = _columns(entries, "obs", index, rows)
    for entry in entries:
        if entry.slot == "obsm":
            mdata.obsm[entry.key] = entry.value[rows]
        elif entry.slot == "obsp":
            mdata.obsp[entry.key] = entry.value[rows][:, rows]
    return mdata, entries


def _modality(
    name: str, truth: Truth, measured: Measurement, observations: Index, *, keep_mean: bool
) -> tuple[AnnData, list[Entry]]:
    from anndata import AnnData

    entries = list(entries_of_modality(truth, name, measured.layers, keep_mean=keep_mean))
    _check_distinct(name, entries)
    features = numbered(name, truth.means[name].shape[1])
    adata = AnnData(
        X=values_of(measured),
        obs=_columns(entries, "obs", observations),
        var=_columns(entries, "var", features),
        layers=raw_of(measured) | _arrays(entries, "layers"),
        **{slot: _arrays(entries, slot) for slot in ("obsm", "varm", "obsp")},
    )
    return some_rows(adata, truth.seen[name]) if name in truth.seen else adata, entries


def _check_distinct(modality: str, entries: Iterable[Entry]) -> None:
    """Refuse what would overwrite another part of the truth, such as a panel called like some loadings."""
    held: set[tuple[str, str]] = set()
    for entry in entries:
        if (entry.slot, entry.key) in held:
            msg = (
                f"two parts of the truth of modality {modality!r} would stand in {entry.slot}[{entry.key!r}]: give the "
                "recipe of one of them another name or key"
            )
            raise ValueError(msg)
        held.add((entry.slot, entry.key))


def signed(
    record: Mapping[str, Any], entries: Iterable[Entry], data: AnnData | MuData, observations: bytes
) -> dict[str, Any]:
    """Return what an object says of itself: a copy of the record with its own list of what is true, size and names."""
    own = {key: value if isinstance(value, str) else value.copy() for key, value in record.items()}
    own[_keys.TRUTH] = json.dumps([entry.to_dict() for entry in entries])
    own[_keys.SHAPE] = f"{data.shape[0]} x {data.shape[1]}"
    own[_keys.NAMES_HASH] = joined_digest(observations, names_digest(data.var_names))
    own[_keys.DIGEST] = text_digest(own[_keys.PARAMS], own[_keys.TRUTH])
    return own


def _columns(entries: Iterable[Entry], slot: str, index: Index, rows: Any = slice(None)) -> DataFrame:
    import pandas as pd

    columns = {entry.key: entry.value[rows] for entry in entries if entry.slot == slot}
    return pd.DataFrame(columns, index=index)


def _arrays(entries: Iterable[Entry], slot: str) -> dict[str, Any]:
    return {entry.key: entry.value for entry in entries if entry.slot == slot}


def _frame(table: Table) -> DataFrame:
    import pandas as pd

    return pd.DataFrame(dict(table.columns), index=list(table.rows))
