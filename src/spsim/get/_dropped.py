"""Counts that a modality was not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim._keywords import refuses_unknown
from spsim.slots import modality_params, read_dropped

if TYPE_CHECKING:
    from anndata import AnnData
    from pandas import DataFrame


@refuses_unknown()
def dropped(adata: AnnData) -> DataFrame:
    """Return the counts that :func:`spsim.datasets.drop_modality` took out of a modality.

    Parameters
    ----------
    adata
        One modality.

    Returns
    -------
    Dropped spots × features, float32.

    Raises
    ------
    KeyError
        Nothing was dropped from this modality, or its truth was taken out, or it was measured again.

    Examples
    --------
    >>> import spsim as sps
    >>> mosaic = sps.datasets.drop_modality(sps.datasets.multiomics(n_side=6), "rna", fraction=0.5)
    >>> sps.get.dropped(mosaic["rna"]).shape
    (18, 1000)
    """
    modality_params(adata)
    table = read_dropped(adata)
    if table is None:
        msg = "no counts were dropped from this modality by spsim.datasets.drop_modality since it was last measured"
        raise KeyError(msg)
    return table
