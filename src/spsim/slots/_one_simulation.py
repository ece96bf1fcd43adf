"""Whether the observations of a modality are of one simulation; its record speaks of one only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from spsim import _keys
from spsim._objects import is_sparse


def check_one_simulation(adata: Any, arrays: Iterable[Any], *, differing: str) -> None:
    """Refuse a modality in which one place of the simulated object has several values, row by row, in some array.

    Repeated observations are equal; only those of different simulations, or measurements, are not.
    """
    places = adata.obs.get(_keys.INDEX)
    if places is None or places.is_unique:
        return
    _, first, code = np.unique(np.asarray(places), return_index=True, return_inverse=True)
    earlier = first[code.ravel()]
    again = np.flatnonzero(earlier != np.arange(len(earlier)))
    for array in arrays:
        here, there = array[again], array[earlier[again]]
        if (here != there).nnz if is_sparse(here) else not np.array_equal(here, there):
            msg = (
                f"obs holds observations of different simulations: {_keys.INDEX} {places.iloc[again[0]]} stands there more "
                f"than once, with different {differing}, as anndata.concat leaves it with uns_merge='first'; the record is "
                "that of one of them: take each simulation alone, or pass truth= its own simulated object"
            )
            raise ValueError(msg)
