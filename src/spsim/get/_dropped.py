"""Counts that a modality was not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys
from spsim.slots import modality_params

if TYPE_CHECKING:
    from anndata import AnnData
    from pandas import DataFrame


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
    import pandas as pd

    modality_params(adata)
    record = adata.uns[_keys.UNS]
    if _keys.DROPPED not in record:
        msg = "no counts were dropped from this modality by spsim.datasets.drop_modality since it was last measured"
        raise KeyError(msg)
    spots, features = ([str(name) for name in record[key]] for key in (_keys.DROPPED_NAMES, _keys.DROPPED_FEATURES))
    return pd.DataFrame(np.array(record[_keys.DROPPED], np.float32), index=spots, columns=features)
