"""The true mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim._keywords import refuses_unknown
from spsim.slots import mean_of

if TYPE_CHECKING:
    from anndata import AnnData
    from pandas import DataFrame


@refuses_unknown()
def mean(adata: AnnData) -> DataFrame:
    r"""Return the true mean of one modality, :math:`\Lambda = \text{background} + F W^\top + U V^\top`.

    With the logarithm as link, :math:`\log \Lambda = \log \text{background} + F W^\top + U V^\top`. Library sizes and
    efficiencies are part of the mean; dropout and noise are part of the measurement.

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

    model = mean_of(adata)
    return pd.DataFrame(model.rows(), index=adata.obs_names, columns=adata.var_names)
