"""Find an estimate by its key, and the truth that belongs to its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, _validate

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import Index


def holder(data: AnnData | MuData, key: str, slot: str) -> tuple[AnnData | MuData, str]:
    """Return the object whose ``slot`` holds ``key``; ``"rna:X_nmf"`` means ``X_nmf`` of the modality ``rna``."""
    if key in getattr(data, slot):
        return data, key
    modality, _, own_key = key.partition(":")
    if own_key and modality in getattr(data, "mod", {}):
        _validate.known_key(f"{slot} of modality {modality!r}", own_key, _offered(data[modality], slot))
        return data[modality], own_key
    _validate.known_key(slot, key, _all_keys(data, slot))
    return data, key


def truth_rows(names: Index, truth: AnnData | MuData) -> np.ndarray:
    """Return the rows of ``truth`` that carry ``names``: alignment is by name, never by position."""
    rows = truth.obs_names.get_indexer(names)
    if (rows < 0).any():
        missing = [str(name) for name in names[rows < 0]]
        msg = (
            f"truth has no observation for {len(missing)} of {len(names)} names of the estimate, among them "
            f"{_validate.listing(missing[:3])}; alignment is by obs_names"
        )
        raise ValueError(msg)
    return rows


def _all_keys(data: AnnData | MuData, slot: str) -> list[str]:
    own = _offered(data, slot)
    return own + [f"{name}:{key}" for name, part in getattr(data, "mod", {}).items() for key in _offered(part, slot)]


def _offered(data: AnnData | MuData, slot: str) -> list[str]:
    """Keys that hold an estimate: neither the truth nor mudata's columns of membership."""
    hidden = {*_keys.OBSM_KEYS, *getattr(data, "mod", {})}
    return [str(key) for key in getattr(data, slot) if key not in hidden]
