"""The true mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim._stored import modality_params
from spsim.factors import MeanModel

if TYPE_CHECKING:
    from anndata import AnnData
    from pandas import DataFrame


def mean(adata: AnnData) -> DataFrame:
    r"""Return the true mean of one modality, :math:`\Lambda = \text{background} + F W^\top + U V^\top`.

    Dropout is part of the measurement, not of the mean.

    Parameters
    ----------
    adata
        One modality of a simulated object, filtered or shuffled as you like.

    Returns
    -------
    Spots × features, float64.

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.
    TypeError
        A MuData instead of one of its modalities.

    Examples
    --------
    >>> import numpy as np
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_spatial=50)
    >>> np.unique(sps.get.mean(mdata["rna"])).tolist()
    [0.2, 20.2]
    """
    import pandas as pd

    model = MeanModel.from_slots(modality_params(adata)["background_mean"], adata.obsm, adata.varm)
    return pd.DataFrame(model.rows(), index=adata.obs_names, columns=adata.var_names)
