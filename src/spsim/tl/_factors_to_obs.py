"""True factors as columns that plots can colour by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim import get
from spsim._keywords import refuses_unknown
from spsim._objects import annotated

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData


@refuses_unknown()
def factors_to_obs(data: AnnData | MuData) -> None:
    """Copy the true spatial factors into ``obs``, since scanpy and squidpy take colours from there only.

    Parameters
    ----------
    data
        A simulated object or one modality of it; changed in place.

    Returns
    -------
    Nothing. Writes ``obs[name]`` (float32) for each factor; a ``MuData``'s modalities get the columns too.

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> sps.tl.factors_to_obs(mdata)
    >>> mdata["rna"].obs["squares"].sum()
    np.float32(64.0)
    """
    annotated("data", data)
    for part in [data, *getattr(data, "mod", {}).values()]:
        table = get.factors(part)
        for name in table.columns:
            part.obs[name] = table[name].to_numpy()
