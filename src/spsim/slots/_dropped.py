"""Counts that a modality was not shown, kept beside its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys
from spsim._objects import as_dense
from spsim.slots._mudata import some_rows
from spsim.slots._read import raw_layer, read_record

if TYPE_CHECKING:
    from anndata import AnnData
    from pandas import DataFrame


def read_dropped(adata: AnnData) -> DataFrame | None:
    """Return what was taken out of a modality since it was measured, observations × features; None if nothing was."""
    import pandas as pd

    record = read_record(adata)
    if _keys.DROPPED not in record:
        return None
    spots, features = ([str(name) for name in record[key]] for key in (_keys.DROPPED_NAMES, _keys.DROPPED_FEATURES))
    return pd.DataFrame(np.array(record[_keys.DROPPED], np.float32), index=spots, columns=features)


def without_rows(adata: AnnData, is_dropped: np.ndarray) -> AnnData:
    """Return a modality without some observations, which are kept after those taken out before."""
    import pandas as pd

    hidden, before = adata[is_dropped], read_dropped(adata)
    table = pd.DataFrame(as_dense(raw_layer(hidden)), hidden.obs_names, adata.var_names)
    if before is not None:
        table = pd.concat([before.reindex(columns=adata.var_names), table])
    return with_dropped(some_rows(adata, ~is_dropped), table)


def with_dropped(adata: AnnData, table: DataFrame) -> AnnData:
    """Note in a modality what was taken out of it."""
    adata.uns[_keys.UNS] = dict(adata.uns[_keys.UNS]) | {
        _keys.DROPPED: table.to_numpy(np.float32),
        _keys.DROPPED_NAMES: np.array(table.index, dtype=str),
        _keys.DROPPED_FEATURES: np.array(table.columns, dtype=str),
    }
    return adata
