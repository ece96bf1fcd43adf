"""A blind copy for an honest test."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from spsim import _keys
from spsim._mudata import without_pulling
from spsim._stored import read_params

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData

    Data = TypeVar("Data", AnnData, MuData)

OBS = (_keys.DOMAIN, _keys.INDEX, _keys.LIBRARY_SIZE)
VAR = (_keys.KIND, _keys.SPATIAL_FACTOR, _keys.NONSPATIAL_FACTOR, _keys.INDEX, _keys.EFFICIENCY)


def without_truth(data: Data) -> Data:
    """Return a copy that holds what a real experiment would: counts, coordinates, names.

    Run a method on the copy, then score it with ``truth=`` the original: names align the two.

    Parameters
    ----------
    data
        A simulated object or one modality of it; it is not changed.

    Returns
    -------
    A copy without factors, loadings, domains, feature kinds, kept means, ``spsim_index`` and ``uns["spsim"]``.
    Columns that carry a factor's name, as :func:`spsim.tl.factors_to_obs` writes, scanpy's colours of such columns and
    tables of scores are left out too. What you copied to keys of your own stays.

    Examples
    --------
    >>> import spsim as sps
    >>> blind = sps.get.without_truth(sps.datasets.quilt(n_side=12))
    >>> list(blind.obs), list(blind["rna"].obsm), list(blind["rna"].var)
    (['x', 'y'], ['spatial'], [])
    """
    factors = _factor_names(data)
    with without_pulling():
        blind: Data = data.copy()
    for part in [blind, *blind.mod.values()] if hasattr(blind, "mod") else [blind]:
        _strip(part, factors)
    return blind


def _factor_names(data: AnnData | MuData) -> list[str]:
    return list(read_params(data)["factors"]) if _keys.UNS in data.uns else []


def _strip(part: AnnData | MuData, factors: list[str]) -> None:
    part.obs = part.obs.drop(columns=[name for name in part.obs if name in (*OBS, *factors) or _is_pulled(name)])
    part.var = part.var.drop(columns=[name for name in part.var if name in VAR or _is_pulled(name)])
    for slots, keys in (
        (part.obsm, (_keys.SPATIAL_FACTORS, _keys.NONSPATIAL_FACTORS)),
        (part.varm, (_keys.SPATIAL_LOADINGS, _keys.NONSPATIAL_LOADINGS)),
        (getattr(part, "layers", None) or {}, (_keys.MEAN,)),
        (part.uns, (_keys.UNS,)),
    ):
        for key in keys:
            slots.pop(key, None)
    for key in (*(f"{name}_colors" for name in (*OBS, *factors)), *_score_tables(part)):
        part.uns.pop(key, None)


def _score_tables(part: AnnData | MuData) -> list[str]:
    """Keys in uns under which tl wrote scores, and that of the note which lists them."""
    return [_keys.SCORE_TABLES, *json.loads(str(part.uns.get(_keys.SCORE_TABLES, "[]")))]


def _is_pulled(name: str) -> bool:
    """Whether mudata 0.3 copied the column from a modality under ``modality:column``."""
    return name.partition(":")[2] in (*OBS, *VAR)
