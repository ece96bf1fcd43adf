"""What is true of a whole object, from what its modalities say of the observations that they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys
from spsim.slots._digest import names_digest
from spsim.slots._entry import Entry
from spsim.slots._read import read_params, read_record, read_truth
from spsim.slots._rebuild import STALE
from spsim.slots._write import signed

if TYPE_CHECKING:
    from mudata import MuData

SLOTS = ("obs", "obsm", "obsp")


def write_whole(mdata: MuData, *, is_shared: bool) -> None:
    """Write the truth that modalities share, or what is known of each one's observations, and the record to the top."""
    entries = [entry for entry in (_shared if is_shared else _known)(mdata) if entry.value is not None]
    for entry in entries:
        getattr(mdata, entry.slot)[entry.key] = entry.value
    records = [dict(read_record(part)) for part in mdata.mod.values()]
    own = {key: value for key, value in records[0].items() if key not in (_keys.MODALITY, *STALE)}
    common = {key: value for key, value in own.items() if all(_same(value, record.get(key)) for record in records)}
    whole = [*entries, Entry(slot="uns", key=_keys.UNS, value=None)]
    mdata.uns[_keys.UNS] = signed(common, whole, mdata, names_digest(mdata.obs_names))


def _shared(mdata: MuData) -> Iterator[Entry]:
    """Yield what is true of the observations, whatever is measured of them."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    blocks: list[str] = []
    for part in mdata.mod.values():
        blocks = [_keys.SPATIAL_BLOCK, *read_params(part)["scenario"].get("factors", {})]
        for entry in read_truth(part):
            if entry["slot"] in SLOTS and "role" not in entry and entry.get("block", _keys.SPATIAL_BLOCK) in blocks:
                found.setdefault((entry["slot"], entry["key"]), entry)
    for (slot, key), about in _in_order(found, blocks):
        if (slot, key) == ("obs", _keys.INDEX):
            yield from _axes(mdata)
        value = {"obs": _column, "obsm": _matrix, "obsp": _links}[slot](mdata, key)
        yield Entry(slot=slot, key=key, value=value, known=about["known"], about=_about(about))


def _in_order(
    found: Mapping[tuple[str, str], dict[str, Any]], blocks: Sequence[str]
) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """Yield factors in the order of the scenario, as the whole has them, not in that in which a modality uses them."""
    own = iter(
        sorted((place for place in found if "block" in found[place]), key=lambda p: blocks.index(found[p]["block"]))
    )
    for place in found:
        now = next(own) if "block" in found[place] else place
        yield now, found[now]


def _known(mdata: MuData) -> Iterator[Entry]:
    """Yield what an experimenter knows of several sets of observations, which hold nothing in common."""
    import pandas as pd

    seen = [part for part in mdata.mod.values() if not any(entry.get("hidden") for entry in read_truth(part))]
    own = [
        (entry, part)
        for part in seen
        for entry in read_truth(part)
        if entry["slot"] == "obs" and entry["known"] and "label" in entry
    ]
    for key in dict.fromkeys(entry["key"] for entry, _ in own):
        columns = [part.obs[key] for entry, part in own if entry["key"] == key]
        told = [_about(entry) for entry, _ in own if entry["key"] == key]
        about = {name: value for name, value in told[0].items() if all(other.get(name) == value for other in told)}
        categories = list(dict.fromkeys(str(name) for column in columns for name in column.cat.categories))
        values = pd.concat([column.astype(object) for column in columns]).reindex(mdata.obs_names)
        yield Entry(slot="obs", key=key, value=pd.Categorical(values, categories), known=True, about=about)


def _about(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in ("slot", "key", "known")}


def _axes(mdata: MuData) -> Iterator[Entry]:
    places = _matrix(mdata, _keys.SPATIAL)
    if places is not None:
        for axis, key in enumerate(_keys.axes(places.shape[1])):
            yield Entry(slot="obs", key=key, value=places[:, axis], known=True)


def _holding(mdata: MuData, slot: str, key: str) -> Iterator[tuple[np.ndarray, Any]]:
    """Rows at the top, and values, of each modality that has a key."""
    for part in mdata.mod.values():
        if key in getattr(part, slot):
            yield mdata.obs_names.get_indexer(part.obs_names), getattr(part, slot)[key]


def _column(mdata: MuData, key: str) -> Any:
    import pandas as pd

    held = [(rows, column) for rows, column in _holding(mdata, "obs", key)]
    values = _filled(mdata.n_obs, ((rows, np.asarray(column)) for rows, column in held))
    categories = [column.cat.categories for _, column in held if hasattr(column, "cat")]
    if values is None or not categories:
        return values
    return pd.Categorical(values, list(dict.fromkeys(name for own in categories for name in own)))


def _matrix(mdata: MuData, key: str) -> Any:
    return _filled(mdata.n_obs, ((rows, np.asarray(values)) for rows, values in _holding(mdata, "obsm", key)))


def _links(mdata: MuData, key: str) -> Any:
    """Links between observations, if one modality has all of these."""
    for rows, values in _holding(mdata, "obsp", key):
        if len(rows) == mdata.n_obs:
            order = np.argsort(rows)
            return values[order][:, order]
    return None


def _filled(n: int, parts: Iterable[tuple[np.ndarray, np.ndarray]]) -> np.ndarray | None:
    """Values of all observations, each from the first that has it; None where some have none."""
    missing, whole = np.ones(n, bool), None
    for rows, values in parts:
        if whole is None:
            whole = np.empty((n, *values.shape[1:]), values.dtype)
        new = missing[rows]
        whole[rows[new]] = values[new]
        missing[rows] = False
    return None if missing.any() else whole


def _same(value: Any, other: Any) -> bool:
    return bool(value.equals(other)) if hasattr(value, "equals") else bool(np.array_equal(value, other))
