"""What scores of several slices ask of the truth: which slice a spot is of, and where it lies in one frame."""

from __future__ import annotations

from typing import Any

import numpy as np

from spsim import _keys, _validate
from spsim.tl._lookup import Found
from spsim.tl._names import truth_rows


def slices_of(found: Found) -> np.ndarray:
    """Return the slice of each spot."""
    groups = found.groups
    if groups is None:
        msg = "groups must name the column of obs with the slices: the truth records none"
        raise ValueError(msg)
    return groups


def places_of(found: Found, key: str) -> np.ndarray:
    """Return coordinates of the spots that the truth, or the modality of the estimate, holds."""
    held: Any = found.source
    rows = found.rows
    if key not in held.obsm and found.modality in getattr(held, "mod", {}):
        held = held[found.modality]
        rows = truth_rows(found.names, held)
    _validate.known_key(
        "obsm of the truth, for places in one frame"
        if key == _keys.SPATIAL_TRUE
        else "obsm of the truth, for the spots' places",
        key,
        held.obsm,
    )
    return np.asarray(held.obsm[key], np.float64)[rows]


def no_slices(found: Found) -> str:
    """Return why nothing can be said of slices; an empty text if there are several."""
    groups = found.groups
    if groups is None or len(set(groups.tolist())) < 2:
        return "needs at least 2 slices, in a column of obs that groups= names or the truth records"
    return ""
