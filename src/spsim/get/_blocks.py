"""Which terms the mean has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim._keywords import refuses_unknown
from spsim.slots import modality_name, read_record, read_truth

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


@refuses_unknown()
def blocks(data: AnnData | MuData) -> DataFrame:
    """Return the terms of the mean: each is factors times loadings.

    Parameters
    ----------
    data
        A simulated object or one modality of it.

    Returns
    -------
    One row per modality and block: ``modality``, ``block`` (its factors are ``obsm["BLOCK_factors"]``, its loadings
    ``varm["BLOCK_loadings"]``), ``n_factors``, ``scale`` (``mean`` or ``log``) and ``is_spatial`` (whether a feature
    that loads on it is spatially variable).

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.get.blocks(sps.datasets.quilt(n_side=12))
      modality       block  n_factors scale  is_spatial
    0      rna     spatial          4  mean        True
    1      rna  nonspatial          3  mean       False
    """
    import pandas as pd

    read_record(data)
    rows = [row for part in getattr(data, "mod", {"": data}).values() for row in _rows(part)]
    return pd.DataFrame(rows, columns=["modality", "block", "n_factors", "scale", "is_spatial"])


def _rows(adata: AnnData) -> list[tuple[object, ...]]:
    entries, name = read_truth(adata), modality_name(adata)
    n_factors = {e["block"]: len(e["columns"]) for e in entries if e["slot"] == "obsm" and "block" in e}
    return [
        (name, e["block"], n_factors[e["block"]], e["scale"], e["is_spatial"])
        for e in entries
        if e.get("role") == "loadings"
    ]
