"""A part of a data set: some observations and features of each modality, under what is true of the whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate
from spsim._objects import as_dense
from spsim.slots import (
    in_order,
    raw_layer,
    read_dropped,
    read_index,
    read_record,
    read_truth,
    with_dropped,
    without_pulling,
)

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame, Index, Series


def part_of(whole: MuData, modalities: Mapping[str, AnnData], names: Index, rows: np.ndarray) -> MuData:
    """Wrap modalities of a part under the top-level truth of the whole.

    ``rows`` says where in the whole each of the observations ``names`` stands; those that no modality measures are left
    out.
    """
    part = in_order(modalities, names)
    if any(not part[name].obs_names.equals(adata.obs_names) for name, adata in modalities.items()):
        with without_pulling():  # bringing the whole into order has brought modalities of another order into it, too
            for name, adata in modalities.items():
                part.mod[name] = adata
            part.update()
    own = rows[names.get_indexer(part.obs_names)]
    obs = whole.obs.iloc[own].copy()
    obs.index = part.obs_names
    part.obs = obs
    for entry in read_truth(whole):
        slot, key = entry["slot"], entry["key"]
        if slot in ("obsm", "obsp") and key in getattr(whole, slot):
            values = getattr(whole, slot)[key][own]
            getattr(part, slot)[key] = values[:, own] if slot == "obsp" else values
    part.uns[_keys.UNS] = dict(whole.uns[_keys.UNS])
    return part


def same_part(whole: MuData, part: MuData) -> MuData:
    """Return of a twin what a part of its original has: modalities, spots, features, their order and names."""
    _validate.unique("obs_names of mdata", part.obs_names.tolist())
    modalities = {name: _same_modality(name, whole, part) for name in part.mod}
    places = whole.obs.get(_keys.INDEX)
    if places is None:  # sets of observations that have nothing in common: nothing is true of the whole
        return part_of(whole, modalities, part.obs_names, np.zeros(part.n_obs, int))
    _validate.known_key("obs (where it stood when it was simulated)", _keys.INDEX, part.obs)
    return part_of(whole, modalities, part.obs_names, _positions("mdata", part.obs[_keys.INDEX], places))


def _same_modality(name: str, whole: MuData, part: MuData) -> AnnData:
    adata = part[name]
    was = str(read_record(adata)[_keys.SHAPE])
    now = str(read_record(whole[name])[_keys.SHAPE]) if name in whole.mod else "gone"
    if was != now:
        msg = (
            f"mdata is a part of what was simulated, and after this change there is no such part: modality {name!r} was "
            f"{was} spots and features, it becomes {now}; pass the complete object"
        )
        raise ValueError(msg)
    twin, (observations, features) = whole[name], read_index(adata)
    rows = _positions(name, observations, twin.obs[_keys.INDEX])
    same = twin[rows][:, _positions(name, features, twin.var[_keys.INDEX])].copy()
    same.obs_names, same.var_names = adata.obs_names, adata.var_names
    hidden = read_dropped(adata)
    if hidden is None:
        return same
    rows = _positions(name, _named(hidden.index, part.obs, twin.obs), twin.obs[_keys.INDEX])
    columns = _positions(name, _named(hidden.columns, adata.var, twin.var), twin.var[_keys.INDEX])
    hidden.iloc[:] = as_dense(raw_layer(twin)[rows][:, columns])
    return with_dropped(same, hidden)


def _positions(name: str, index: Any, places: Series) -> np.ndarray:
    """Return where in the twin the numbers stand that observations or features had when they were simulated."""
    import pandas as pd

    positions = np.asarray(pd.Index(places).get_indexer(pd.Index(index)))
    if (positions < 0).any():
        msg = f"the twin of {name!r} has not all of its spots and features: pass the complete object"
        raise ValueError(msg)
    return positions


def _named(names: Index, own: DataFrame, simulated: DataFrame) -> Series:
    """Return the numbers of observations or features by their names: those of the part, else as simulated."""
    import pandas as pd

    known = pd.concat([table[_keys.INDEX] for table in (own, simulated) if _keys.INDEX in table])
    return known[~known.index.duplicated()].reindex(names)
