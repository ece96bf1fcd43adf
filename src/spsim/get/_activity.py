"""Which modality sees which factor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim import _keys
from spsim._keywords import refuses_unknown
from spsim.slots import read_params

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


@refuses_unknown()
def activity(data: AnnData | MuData) -> DataFrame:
    """Return which modality has features that load on which factor.

    A factor is shared where several modalities see it, private where one does, absent where none does.

    Parameters
    ----------
    data
        A simulated object or one modality of it.

    Returns
    -------
    Modalities × factors, bool.

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.get.activity(sps.datasets.multiomics()).sum(axis=1).to_dict()
    {'rna': 3, 'protein': 1}
    """
    read_params(data)
    return data.uns[_keys.UNS][_keys.ACTIVITY].copy()
