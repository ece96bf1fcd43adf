"""Names of factors."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from spsim import _keys, _validate
from spsim._names import distinct_names, usable_name

# A factor is a column beside these: in obs (tl.factors_to_obs) and in the tables of the folder for R.
RESERVED = (
    _keys.BACKGROUND,
    _keys.DOMAIN,
    _keys.INDEX,
    _keys.LIBRARY_SIZE,
    _keys.X_COORDINATE,
    _keys.Y_COORDINATE,
    *_keys.PLACES,
    _keys.ROWS[0],
    _keys.MODALITY,
)
# Each factor is a column of every table and a name in every domain: beyond, minutes for the smallest tissue.
MOST_FACTORS = 2**12
_NONSPATIAL = re.compile(r"nonspatial_\d+", re.IGNORECASE)


def checked_names(names: Sequence[str], n_factors: int, *, kind: str = "factor") -> tuple[str, ...]:
    """Return the factors' names, made up if none are given."""
    if n_factors > MOST_FACTORS:
        msg = f"a pattern must have at most {MOST_FACTORS} factors, as many as it has names, got {n_factors}"
        raise ValueError(msg)
    is_list = isinstance(names, Sequence) or (isinstance(names, np.ndarray) and names.ndim == 1)
    if isinstance(names, str | bytes) or not is_list:
        msg = f"names must be a list of one name per factor, got {_validate.shown(names)}"
        raise TypeError(msg)
    if not len(names):
        return tuple(f"{kind}_{i + 1}" for i in range(n_factors))
    if len(names) != n_factors:
        msg = f"names must hold one name per factor ({n_factors}), got {len(names)}"
        raise ValueError(msg)
    # "+" joins overlapping factors in a domain's name.
    checked = tuple(usable_name("names of factors", name, reserved=RESERVED, forbidden="+") for name in names)
    for name in filter(_NONSPATIAL.fullmatch, checked):
        msg = f"names of factors must not be those of non-spatial ones, got {name!r}"
        raise ValueError(msg)
    distinct_names("names", checked)
    return checked
