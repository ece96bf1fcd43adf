"""The object that modalities were taken from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate
from spsim._keywords import refuses_unknown
from spsim._objects import unimodal
from spsim._recipe import as_recipe
from spsim.designs import Design
from spsim.slots import as_mudata, modality_name, read_index, read_params, without_pulling, write_whole

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData


@refuses_unknown()
def join_modalities(modalities: Mapping[str, AnnData] | MuData) -> MuData:
    """Join modalities of one simulation again, with the truth of the whole: what ``MuData({...})`` alone leaves out.

    Each modality carries its own record. Of these come factors, labels and coordinates of the observations, and the record
    of the whole.

    Parameters
    ----------
    modalities
        Modalities by name, or a ``MuData`` made of them, whose other content is kept; not changed. They may be filtered
        or shuffled, and may lack spots that others have.

    Returns
    -------
    A new ``MuData``, whose top level holds what :func:`spsim.simulate` writes there.

    Raises
    ------
    KeyError
        A modality that was not simulated by spsim, or whose truth was taken out or half lost.
    TypeError
        Something else than modalities.
    ValueError
        No modality, one under another name than it was simulated with, or modalities of different simulations or
        measurements.

    Examples
    --------
    >>> import mudata
    >>> import spsim as sps
    >>> mdata = sps.datasets.multiomics(n_side=12)
    >>> parts = {name: adata[:, :50].copy() for name, adata in mdata.mod.items()}
    >>> joined = sps.datasets.join_modalities(parts)
    >>> sps.get.domains(joined).equals(sps.get.domains(mdata)), joined.shape
    (True, (144, 100))
    """
    parts: Any = getattr(modalities, "mod", modalities)
    if not isinstance(parts, Mapping):
        msg = f"modalities must be a mapping from names to AnnData, or a MuData, got {_validate.shown(modalities)}"
        raise TypeError(msg)
    if not parts:
        msg = "modalities must hold at least one modality, got none"
        raise ValueError(msg)
    for name, adata in parts.items():
        _check(name, adata)
    params = _common_params(parts)
    with without_pulling():
        mdata = _copied(modalities)
    write_whole(mdata, is_shared=_is_shared(params))
    _check_places(mdata)
    return mdata


def _copied(modalities: Any) -> MuData:
    if hasattr(modalities, "mod"):
        return modalities.copy()
    return as_mudata({name: adata.copy() for name, adata in modalities.items()})


def _check(name: str, adata: AnnData) -> None:
    own = modality_name(unimodal(f"modalities[{name!r}]", adata))
    if own != name:
        msg = f"modalities: {name!r} was simulated as {own!r}; give it that name"
        raise ValueError(msg)
    _validate.unique(f"obs_names of modalities[{name!r}]", adata.obs_names.tolist())


def _common_params(parts: Mapping[str, AnnData]) -> dict[str, Any]:
    params = {name: read_params(adata) for name, adata in parts.items()}
    first, *others = params
    for name in others:
        if params[name] != params[first]:
            msg = (
                f"modalities must be of one simulation, measured with one seed, got {first!r} and {name!r} of different ones: "
                "they have no truth in common; simulate them in one scenario, or measure the whole again "
                "(spsim.datasets.resample)"
            )
            raise ValueError(msg)
    return params[first]


def _is_shared(params: dict[str, Any]) -> bool:
    """Whether all modalities measure one set of observations."""
    design = params["scenario"].get("design")
    return design is None or len(as_recipe("design", design, Design).n_observations(1)) == 1


def _check_places(mdata: MuData) -> None:
    """Refuse modalities in which one name means different observations."""
    if _keys.INDEX not in mdata.obs:
        return
    places = mdata.obs[_keys.INDEX]
    for name, adata in mdata.mod.items():
        if not np.array_equal(places.loc[adata.obs_names], read_index(adata)[0]):
            msg = f"modalities must agree on which observation a name means, but {name!r} has others; rename them alike"
            raise ValueError(msg)
