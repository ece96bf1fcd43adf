"""Whether the observations of a modality are of one simulation; its record speaks of one only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from spsim import _keys
from spsim._objects import is_sparse


def is_one_simulation(adata: Any, arrays: Iterable[Any]) -> bool:
    """Return whether each place of the simulated object has one value, row by row, in all arrays."""
    return _place_of_two(adata, arrays) is None


def check_one_simulation(adata: Any, arrays: Iterable[Any], *, differing: str) -> None:
    """Refuse a modality in which one place of the simulated object has several values, row by row, in some array."""
    place = _place_of_two(adata, arrays)
    if place is not None:
        msg = (
            f"obs holds observations of different simulations: {_keys.INDEX} {place} stands there more "
            f"than once, with different {differing}, as anndata.concat leaves it with uns_merge='first'; the record is "
            "that of one of them: take each simulation alone, or pass truth= its own simulated object"
        )
        raise ValueError(msg)


def _place_of_two(adata: Any, arrays: Iterable[Any]) -> Any:
    """The first place with several values, if any; repeated observations are equal, those of two simulations are not."""
    places = adata.obs.get(_keys.INDEX)
    if places is None or places.is_unique:
        return None
    _, first, code = np.unique(np.asarray(places), return_index=True, return_inverse=True)
    earlier = first[code.ravel()]
    again = np.flatnonzero(earlier != np.arange(len(earlier)))
    for array in arrays:
        here, there = array[again], array[earlier[again]]
        if (here != there).nnz if is_sparse(here) else not np.array_equal(here, there):
            return places.iloc[again[0]]
    return None
