"""True spatial factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys
from spsim._stored import read_params

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


def factors(data: AnnData | MuData) -> DataFrame:
    """Return the true spatial factors F.

    Parameters
    ----------
    data
        A simulated object or one modality of it.

    Returns
    -------
    Spots × factors, float32.

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.get.factors(sps.datasets.quilt(n_side=12)).sum().to_dict()
    {'squares': 64.0, 'corners': 84.0, 'scotland': 24.0, 'checkers': 64.0}
    """
    import pandas as pd

    names = read_params(data)["factors"]
    return pd.DataFrame(np.array(data.obsm[_keys.SPATIAL_FACTORS]), index=data.obs_names, columns=names)
