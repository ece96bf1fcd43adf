"""True loadings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, _validate
from spsim._keywords import refuses_unknown
from spsim.slots import block_entry, block_names, read_record, value_of

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


@refuses_unknown()
def loadings(data: AnnData | MuData, *, block: str = _keys.SPATIAL_BLOCK) -> DataFrame:
    """Return the true loadings of a block: the spatial loadings W by default.

    Parameters
    ----------
    data
        A simulated object (the features of all modalities that have the block) or one modality of it.
    block
        Name of the block (:func:`blocks` lists them).

    Returns
    -------
    Features × factors, float32; zero columns for factors that a modality does not see.

    Raises
    ------
    KeyError
        No such block, or the object was not simulated by spsim, or its truth was taken out.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.get.loadings(sps.datasets.multiomics()).loc[["rna_0", "protein_0"]]
               block_1  block_2  block_3  block_4
    rna_0          0.0      0.0      0.0     11.0
    protein_0      0.0     11.0      0.0      0.0
    """
    import pandas as pd

    read_record(data)
    parts = getattr(data, "mod", {"": data})
    _validate.text("block", block)
    holding = [part for part in parts.values() if block in block_names(part)]
    if not holding:
        known = dict.fromkeys(name for part in parts.values() for name in block_names(part))
        _validate.known_key("block", block, known)
    return pd.concat([_of_modality(part, block) for part in holding])


def _of_modality(adata: AnnData, block: str) -> DataFrame:
    import pandas as pd

    columns = block_entry(adata, block, "obsm")["columns"]
    values = np.array(value_of(adata, block_entry(adata, block, "varm")))
    return pd.DataFrame(values, index=adata.var_names, columns=columns)
