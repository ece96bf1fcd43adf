"""True loadings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys
from spsim._stored import read_params

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


def loadings(data: AnnData | MuData) -> DataFrame:
    """Return the true spatial loadings W.

    Parameters
    ----------
    data
        A simulated object (the features of all modalities) or one modality of it.

    Returns
    -------
    Features × factors, float32; zero columns for factors that a modality does not see.

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.get.loadings(sps.datasets.multiomics()).loc[["rna_0", "protein_0"]]
               block_1  block_2  block_3  block_4
    rna_0          0.0      0.0      0.0     11.0
    protein_0      0.0     11.0      0.0      0.0
    """
    import pandas as pd

    names = read_params(data)["factors"]
    parts = data.mod.values() if hasattr(data, "mod") else [data]
    frames = [pd.DataFrame(np.array(p.varm[_keys.SPATIAL_LOADINGS]), index=p.var_names, columns=names) for p in parts]
    return pd.concat(frames)
