"""Names of factors."""

from __future__ import annotations

from collections.abc import Sequence

from spsim import _keys, _validate

# "+" joins overlapping factors in a domain's name; HDF5 and zarr read "/" as a folder.
FORBIDDEN = ("+", "/")
RESERVED = (_keys.BACKGROUND, _keys.DOMAIN, _keys.INDEX, _keys.X_COORDINATE, _keys.Y_COORDINATE)


def checked_names(names: Sequence[str], n_factors: int, *, kind: str = "factor") -> tuple[str, ...]:
    """Return the factors' names, made up if none are given."""
    checked = tuple(names) or tuple(f"{kind}_{i + 1}" for i in range(n_factors))
    if len(checked) != n_factors:
        msg = f"names must hold one name per factor ({n_factors}), got {len(checked)}"
        raise ValueError(msg)
    for name in checked:
        if not isinstance(name, str) or not name or name in RESERVED or any(c in name for c in FORBIDDEN):
            msg = f"names must be texts without '+' or '/' and none of {_validate.listing(RESERVED)}, got {name!r}"
            raise ValueError(msg) if isinstance(name, str) else TypeError(msg)
    _validate.unique("names", checked)
    return checked
