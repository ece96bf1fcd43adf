"""Spots that a modality does not measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate
from spsim._keywords import refuses_unknown
from spsim._objects import multimodal
from spsim._random import Purpose, RNGLike, seed_sequence, stream, uniforms
from spsim.datasets._part import part_of
from spsim.slots import read_params, without_rows

if TYPE_CHECKING:
    from mudata import MuData


@refuses_unknown()
def drop_modality(mdata: MuData, name: str, *, fraction: float = 0.5, rng: RNGLike = 0) -> MuData:
    """Leave a modality out of a random share of the spots, and keep what was dropped as truth.

    This is the design of mosaic integration and of prediction out of sample: a method sees the other modalities
    everywhere and this one in some spots.

    Parameters
    ----------
    mdata
        A simulated object; it is not changed.
    name
        The modality.
    fraction
        Share of the spots to drop it from, in [0, 1); at least one spot keeps it.
    rng
        Seed (SPEC 7).

    Returns
    -------
    A new ``MuData`` in which ``mdata[name]`` holds the remaining spots. The dropped counts are kept in the modality's
    ``uns["spsim"]``, after those that were dropped from it before, and returned by :func:`spsim.get.dropped`; a blind
    copy has neither.

    Raises
    ------
    KeyError
        No such modality, or the object was not simulated by spsim.
    ValueError
        A share outside [0, 1), or one that leaves no spot.

    Examples
    --------
    >>> import spsim as sps
    >>> mosaic = sps.datasets.drop_modality(sps.datasets.multiomics(), "protein", fraction=0.25)
    >>> mosaic["protein"].n_obs, sps.get.dropped(mosaic["protein"]).shape
    (972, (324, 100))
    """
    read_params(multimodal("mdata", mdata))
    _validate.known_key("name", name, mdata.mod)
    _validate.probability("fraction", fraction)
    for index in (mdata.obs_names, *(part.obs_names for part in mdata.mod.values())):
        _validate.unique("obs_names of mdata and its modalities", index.tolist())
    adata = mdata[name]
    n_dropped = round(fraction * adata.n_obs)
    if n_dropped == adata.n_obs:
        msg = f"fraction must leave at least one of {adata.n_obs} spots, got {fraction}"
        raise ValueError(msg)
    order = np.argsort(uniforms(stream(seed_sequence(rng), name), Purpose.MISSING, adata.n_obs), kind="stable")
    is_dropped = np.isin(np.arange(adata.n_obs), order[:n_dropped])
    remaining = without_rows(adata, is_dropped)
    parts = {key: remaining if key == name else part.copy() for key, part in mdata.mod.items()}
    return part_of(mdata, parts, mdata.obs_names, np.arange(mdata.n_obs))
