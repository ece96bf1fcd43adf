"""Observations and features of an estimate in the truth: alignment is by name, never by position."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import Index


def truth_rows(names: Index, truth: AnnData | MuData, *, owner: str = "truth") -> np.ndarray:
    """Return the rows of ``truth`` that carry ``names``: alignment is by name, never by position."""
    return _positions(names, truth.obs_names, "observation", owner)


def truth_features(names: Index, known: Index) -> np.ndarray:
    """Return the positions among ``known`` of the features ``names``."""
    return _positions(names, known, "feature", "truth")


def _positions(names: Index, known: Index, what: str, owner: str) -> np.ndarray:
    slot = "obs_names" if what == "observation" else "var_names"
    for whose, index in (("the estimate", names), (owner, known)):
        if not index.is_unique:
            repeated = listed(index[index.duplicated()][:3])
            msg = f"{slot} of {whose} must be unique to be aligned, got {repeated} more than once"
            raise ValueError(msg)
    positions = known.get_indexer(names)
    if (positions < 0).any():
        missing = names[positions < 0]
        msg = (
            f"{owner} has no {what} for {len(missing)} of {len(names)} names of the estimate, among them "
            f"{listed(missing[:3])}; alignment is by {slot}"
        )
        raise ValueError(msg)
    return positions


def listed(names: Iterable[object]) -> str:
    """Return names as they stand in errors."""
    return _validate.listing(str(name) for name in names)
