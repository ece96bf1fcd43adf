"""Which features are scored: all that the truth has of a modality, whatever an estimate lost of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, get
from spsim._warn import warn_user
from spsim.slots import is_torn
from spsim.tl._lookup import Found
from spsim.tl._names import truth_features

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import Index


def scored_parts(source: AnnData | MuData, names: Index) -> list[AnnData]:
    """Return the true modalities that an estimate with features ``names`` is of; warn where the truth itself lost some."""
    parts = [part for part in getattr(source, "mod", {"": source}).values() if names.isin(part.var_names).any()]
    for part in parts:
        _warn_of_lost(part)
    return parts


def scored_features(source: AnnData | MuData, names: Index) -> Index:
    """Return all features of the true modalities that an estimate with features ``names`` is of; refuse unknown names."""
    return joined_names(scored_parts(source, names), names)


def joined_names(parts: list[AnnData], names: Index) -> Index:
    """Return the features of some true modalities; refuse those that lack one of ``names``."""
    known = names[:0].append([part.var_names for part in parts])
    truth_features(names, known)
    return known


def over_features(values: np.ndarray, names: Index, known: Index, *, axis: int = 0, lacking: Any = 0) -> np.ndarray:
    """Return the values of features ``names`` in the order of ``known``, and ``lacking`` for those that are not there."""
    places = truth_features(names, known)
    if np.array_equal(places, np.arange(len(known))):
        return values
    shape = [len(known) if i == axis else size for i, size in enumerate(values.shape)]
    whole = np.broadcast_to(np.asarray(lacking, np.result_type(values, lacking)), shape).copy()
    np.moveaxis(whole, axis, 0)[places] = np.moveaxis(values, axis, 0)
    return whole


def loading_pair(found: Found, values: np.ndarray, names: Index) -> tuple[np.ndarray, np.ndarray]:
    """Return an estimate's loadings of features ``names`` and the true ones, over all features that the truth has of them.

    What an estimate lost does not load on its components: its loadings are 0.
    """
    table = get.loadings(found.holding, block=found.block)
    truth_features(names, table.index)
    known = scored_features(found.holding, names)
    return over_features(values, names, known), table.loc[known].to_numpy()


def layer_of(found: Found, values: np.ndarray, *, lacking: Any = 0) -> np.ndarray:
    """Return an estimate's layer over all features of the true modality."""
    names = found.where.var_names
    return over_features(values, names, scored_features(found.part, names), axis=1, lacking=lacking)


def _warn_of_lost(part: AnnData) -> None:
    """Say that features of the truth were filtered away, so that a score says nothing of them."""
    record = {} if is_torn(part) else part.uns.get(_keys.UNS, {})
    simulated = str(record.get(_keys.SHAPE, "")).rpartition(" x ")[2]
    if simulated.isdecimal() and part.n_vars < int(simulated):
        warn_user(
            f"the truth of modality {str(record.get(_keys.MODALITY))!r} has {part.n_vars} of the {simulated} features that "
            "were simulated, and scores count these only: pass truth= the whole object, so that lost features count as "
            "not found"
        )
