"""True domains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim import _keys
from spsim._keywords import refuses_unknown
from spsim.slots import label_entry, value_of

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import Series


@refuses_unknown()
def domains(data: AnnData | MuData, *, label: str = _keys.DOMAIN) -> Series:
    """Return the true domain of each spot, or another true label.

    Overlapping factors are joined with ``+``; a spot without any is ``background``. A factor is on where it exceeds
    half its maximum.

    Parameters
    ----------
    data
        A simulated object or one modality of it.
    label
        Name of the label, such as ``"cell_type"``.

    Returns
    -------
    Categorical, one value per spot.

    Raises
    ------
    KeyError
        No such label, or the object was not simulated by spsim, or its truth was taken out.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.get.domains(sps.datasets.ggblocks(n_side=6)).value_counts().to_dict()
    {'background': 12, 'block_2': 8, 'block_3': 6, 'block_1': 5, 'block_4': 5}
    """
    return value_of(data, label_entry(data, label)).copy()
