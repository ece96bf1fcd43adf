"""Spots that a modality does not measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, _validate
from spsim._keywords import refuses_unknown
from spsim._objects import as_dense, multimodal
from spsim._random import Purpose, RNGLike, seed_sequence, stream, uniforms
from spsim.slots import in_order, raw_layer, read_params, read_truth

if TYPE_CHECKING:
    from anndata import AnnData
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
    ``uns["spsim"]`` and returned by :func:`spsim.get.dropped`; a blind copy has neither.

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
    remaining, dropped = adata[~is_dropped].copy(), adata[is_dropped]
    remaining.uns[_keys.UNS] = dict(adata.uns[_keys.UNS]) | {
        _keys.DROPPED: as_dense(raw_layer(dropped)).astype(np.float32),
        _keys.DROPPED_NAMES: np.array(dropped.obs_names, dtype=str),
        _keys.DROPPED_FEATURES: np.array(adata.var_names, dtype=str),
    }
    return _mosaic(mdata, {key: remaining if key == name else part.copy() for key, part in mdata.mod.items()})


def _mosaic(mdata: MuData, modalities: dict[str, AnnData]) -> MuData:
    """Wrap modalities of different spots under the top-level tables of the whole object, in its order."""
    mosaic = in_order(modalities, mdata.obs_names)
    # Spots that no modality measures are no longer there.
    rows = mdata.obs_names.get_indexer(mosaic.obs_names)
    mosaic.obs = mdata.obs.iloc[rows].copy()
    for entry in read_truth(mdata):
        slot, key = entry["slot"], entry["key"]
        if slot in ("obsm", "obsp") and key in getattr(mdata, slot):
            values = getattr(mdata, slot)[key][rows]
            getattr(mosaic, slot)[key] = values[:, rows] if slot == "obsp" else values
    mosaic.uns[_keys.UNS] = dict(mdata.uns[_keys.UNS])
    return mosaic
