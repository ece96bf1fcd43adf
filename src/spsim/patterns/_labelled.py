"""What a user brings with names: tables whose index holds barcodes, and annotated data with coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from spsim import _keys, _validate
from spsim._names import usable_text

_SEVERAL = 3  # names in an error


def places_of(name: str, value: Any) -> tuple[Any, Sequence[object] | None]:
    """Return coordinates, and the names of their spots: of annotated data, a table or an array."""
    if not hasattr(value, "obsm"):
        return value, index_of(value)
    _validate.known_key(f"obsm of {name}, an {type(value).__name__}", _keys.SPATIAL, value.obsm)
    return np.asarray(value.obsm[_keys.SPATIAL]), value.obs_names.tolist()


def index_of(value: Any) -> Sequence[object] | None:
    """Return the labels of a table's rows; none for an array, or where pandas has numbered the rows itself."""
    return _labels(getattr(value, "index", None)) if _is_table(value) else None


def columns_of(value: Any) -> Sequence[object] | None:
    """Return the labels of a table's columns; none for an array, or where pandas has numbered them itself."""
    return _labels(value.columns) if _is_table(value) else None


def checked_obs_names(names: Any, n_spots: int) -> tuple[str, ...] | None:
    """Return names of spots, which become ``obs_names``; ``None`` leaves them to be numbered."""
    if names is None:
        return None
    listed = [usable_text("obs_names", str(name)) for name in _validate.listed("obs_names", names)]
    if len(listed) != n_spots:
        msg = f"obs_names must hold one name per spot ({n_spots}), got {len(listed)}"
        raise ValueError(msg)
    _validate.unique("obs_names (barcodes, the index of a table)", listed)
    return tuple(listed)


def aligned(value: Any, own: Sequence[object] | None, other: Sequence[object] | None) -> Any:
    """Return coordinates in the order of the factors, where both have names."""
    if own is None or other is None or list(own) == list(other):
        return value
    for names, what in ((own, "coordinates"), (other, "factors")):
        _validate.unique(f"names of the spots of {what}", [str(name) for name in names])
    position = {name: row for row, name in enumerate(own)}
    missing = [name for name in other if name not in position]
    if missing or len(own) != len(other):
        few = _validate.listing(missing[:_SEVERAL] or [name for name in own if name not in set(other)][:_SEVERAL])
        msg = (
            f"factors and coordinates must have the same spots in their index ({len(other)} and {len(own)} names; in one "
            f"only: {few}); select the common ones, or give arrays"
        )
        raise ValueError(msg)
    return np.asarray(value)[[position[name] for name in other]]


def _labels(index: Any) -> Sequence[object] | None:
    return None if index is None or type(index).__name__ == "RangeIndex" else index.tolist()


def _is_table(value: Any) -> bool:
    return hasattr(value, "columns") and hasattr(value, "index") and hasattr(value, "loc")
