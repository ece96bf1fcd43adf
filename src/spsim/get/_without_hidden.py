"""What a blind copy can be of: observations that somebody can measure, and categories that one of them has."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from spsim import _keys, _validate
from spsim.slots import as_mudata, has_record, read_truth, without_pulling

if TYPE_CHECKING:
    from mudata import MuData


def copy_without_hidden(data: Any) -> Any:
    """Return a copy without the modalities that nobody can measure, such as the cells under spots.

    Known labels lose the categories that no observation has: a reference that lacks a type must not tell its name.
    """
    names = {name: part for name, part in getattr(data, "mod", {"": data}).items() if not _is_hidden(part)}
    if not names:
        msg = (
            f"data holds only what nobody can measure ({_validate.listing(getattr(data, 'mod', {}) or ['this modality'])}): "
            "make a blind copy of the whole object"
        )
        raise ValueError(msg)
    with without_pulling():
        copy = data.copy() if len(names) == len(getattr(data, "mod", names)) else _rest(data, list(names))
    for part in [copy, *getattr(copy, "mod", {}).values()]:
        _drop_unused(part)
    return copy


def _is_hidden(part: Any) -> bool:
    recorded = read_truth(part) if has_record(part) else []
    return any(entry["slot"] == "uns" and entry["key"] == _keys.UNS and entry.get("hidden") for entry in recorded)


def _rest(mdata: MuData, names: list[str]) -> MuData:
    """Return some modalities, with the rows and columns of the top that they have."""
    rest = as_mudata({name: mdata[name].copy() for name in names})
    rows, columns = mdata.obs_names.get_indexer(rest.obs_names), mdata.var_names.get_indexer(rest.var_names)
    rest.obs, rest.var = mdata.obs.iloc[rows].copy(), mdata.var.iloc[columns].copy()
    for slot, order in (("obsm", rows), ("obsp", rows), ("varm", columns), ("varp", columns)):
        for key, values in getattr(mdata, slot).items():
            if key not in mdata.mod:  # there mudata keeps which rows a modality has
                own = values.iloc[order] if hasattr(values, "iloc") else values[order]
                getattr(rest, slot)[key] = own[:, order] if slot.endswith("p") else own
    rest.uns.update(deepcopy(dict(mdata.uns)))
    return rest


def _drop_unused(part: Any) -> None:
    for entry in read_truth(part) if has_record(part) else []:
        column = part.obs.get(entry["key"]) if entry["slot"] == "obs" and entry["known"] else None
        if column is not None and hasattr(column, "cat"):
            part.obs[entry["key"]] = column.cat.remove_unused_categories()
