"""True factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys
from spsim._keywords import refuses_unknown
from spsim.slots import block_entry, value_of

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


@refuses_unknown()
def factors(data: AnnData | MuData, *, block: str = _keys.SPATIAL_BLOCK) -> DataFrame:
    """Return the true factors of a block: the spatial factors F by default.

    Parameters
    ----------
    data
        A simulated object or one modality of it.
    block
        Name of the block (:func:`blocks` lists them); non-spatial factors belong to modalities.

    Returns
    -------
    Observations × factors, float32.

    Raises
    ------
    KeyError
        No such block, or the object was not simulated by spsim, or its truth was taken out.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.get.factors(sps.datasets.quilt(n_side=12)).sum().to_dict()
    {'squares': 64.0, 'corners': 84.0, 'scotland': 24.0, 'checkers': 64.0}
    """
    import pandas as pd

    entry = block_entry(data, block, "obsm")
    return pd.DataFrame(np.array(value_of(data, entry)), index=data.obs_names, columns=entry["columns"])
