"""What lies at a key of an object, as an array."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spsim._objects import is_sparse
from spsim.metrics._arrays import numbers

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData


def array_in(where: AnnData | MuData, slot: str, key: str) -> Any:
    """Return what lies at a key as an array, or as a sparse matrix; numbers of nullable columns as numbers."""
    values = getattr(where, slot)[key]
    if is_sparse(values):
        return values
    array = np.asarray(values)
    return numbers(f"{slot}[{key!r}]", array) if array.dtype.kind == "O" and slot != "obs" else array
