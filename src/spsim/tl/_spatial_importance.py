"""How spatial each feature is, estimated and true, on an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate, get, metrics
from spsim._keywords import refuses_unknown
from spsim.tl._array_in import array_in
from spsim.tl._features import over_features, scored_features
from spsim.tl._lookup import Found, find, holder
from spsim.tl._names import truth_rows
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


@refuses_unknown()
def spatial_importance(
    data: AnnData | MuData,
    key: str,
    *,
    loadings_key: str,
    nonspatial_key: str,
    nonspatial_loadings_key: str,
    truth: AnnData | MuData | None = None,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Share of each feature's total that an estimate's spatial factors make, beside the true share.

    Parameters
    ----------
    data
        Object with a modality's spatial and non-spatial factors in ``obsm`` and their loadings in ``varm``, none of
        them negative.
    key
        Key of the spatial factors; ``"rna:X_spatial"`` means ``obsm["X_spatial"]`` of the modality ``rna``, where the
        other keys are looked up too.
    loadings_key
        Key of the spatial factors' loadings.
    nonspatial_key
        Key of the non-spatial factors.
    nonspatial_loadings_key
        Key of the non-spatial factors' loadings.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation and feature name.
    key_added
        Key to write; ``f"{key}_spatial_importance"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per feature that the truth has of the modality: ``score`` (estimated share, 0 for a feature that ``data`` lost),
    ``truth`` (true share, over the spots of the estimate) and ``difference`` (absolute; its sum is the published
    distance). Also written to ``uns[key_added]``.

    Examples
    --------
    >>> import spsim as sps
    >>> rna = sps.datasets.quilt(n_side=12)["rna"]
    >>> keys = {"loadings_key": "spatial_loadings", "nonspatial_loadings_key": "nonspatial_loadings"}
    >>> rna.obsm["X_spatial"], rna.obsm["X_other"] = rna.obsm["spatial_factors"], rna.obsm["nonspatial_factors"]
    >>> table = sps.tl.spatial_importance(rna, "X_spatial", nonspatial_key="X_other", **keys)
    >>> table["difference"].sum()
    np.float64(0.0)

    References
    ----------
    :cite:t:`townes2023nonnegative` define the share and the distance.
    """
    import pandas as pd

    found = find(data, key, "obsm", truth)
    others = (loadings_key, "varm"), (nonspatial_key, "obsm"), (nonspatial_loadings_key, "varm")
    share = metrics.spatial_importance(found.values, *(_array(found.where, *other) for other in others))
    names = scored_features(found.part, found.where.var_names)
    score = over_features(share, found.where.var_names, names)
    table = pd.DataFrame({"score": score, "truth": _true_share(found)}, index=names)
    table["difference"] = (table["score"] - table["truth"]).abs()
    return stored(data, table, chosen_key(key_added, f"{key}_spatial_importance"), copy=copy)


def _array(where: AnnData | MuData, key: str, slot: str) -> Any:
    if _validate.text("key", key) in getattr(where, slot):
        return array_in(where, slot, key)
    holding, own_key = holder(where, key, slot)
    return array_in(holding, slot, own_key)


def _true_share(found: Found) -> np.ndarray:
    part = found.part
    rows = truth_rows(found.names, part)
    blocks = (_keys.SPATIAL_BLOCK, _keys.NONSPATIAL_BLOCK)
    factors, nonspatial = (get.factors(part, block=block).to_numpy()[rows] for block in blocks)
    loadings, nonspatial_loadings = (get.loadings(part, block=block).to_numpy() for block in blocks)
    return metrics.spatial_importance(factors, loadings, nonspatial, nonspatial_loadings)
