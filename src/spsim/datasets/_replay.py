"""The same object, from what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim._keywords import refuses_unknown
from spsim._objects import multimodal
from spsim.datasets._published import published
from spsim.scenarios import check_complete, provenance_of, remeasure, simulate_provenance

if TYPE_CHECKING:
    from mudata import MuData


@refuses_unknown()
def replay(mdata: MuData) -> MuData:
    """Simulate an object anew, bit for bit, from what it carries.

    Parameters
    ----------
    mdata
        A complete simulated object, also after writing and reading; it is not changed.

    Returns
    -------
    A new ``MuData``, as :func:`spsim.simulate` made it.

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.
    TypeError
        One modality: pass the ``MuData`` it belongs to.
    ValueError
        The object was subset, reordered or renamed, or a pattern the user gave was changed in ``obsm``.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.multiomics(n_side=12, rng=5)
    >>> bool((sps.datasets.replay(mdata)["protein"].X == mdata["protein"].X).all())
    True
    """
    provenance = provenance_of(multimodal("mdata", mdata))
    check_complete(mdata)
    if provenance.origin is None:
        return simulate_provenance(provenance)
    original = published(provenance.origin.id, replicate=provenance.origin.replicate)
    return remeasure(original, provenance.counts_seed) if provenance.origin.resampled else original
