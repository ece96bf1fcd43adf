"""A MuData around modalities, the same with mudata 0.3 and 0.4."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from anndata import AnnData
    from mudata import MuData
    from pandas import Index


def without_pulling() -> AbstractContextManager[object]:
    """Return a context in which mudata copies no columns from modalities to the top, as 0.4 does by default.

    Never set globally: the option belongs to the user.
    """
    import mudata

    if hasattr(mudata, "settings"):
        return mudata.settings.override(pull_on_update=False)
    return mudata.set_options(pull_on_update=False)


def check_writable() -> None:
    """Refuse to write with a mudata that cannot write what this anndata makes, before a file is begun."""
    from importlib.metadata import version

    anndata, mudata = version("anndata"), version("mudata")
    if _numbers(anndata) >= (0, 13) and _numbers(mudata) < (0, 3, 9):
        msg = (
            f"mudata {mudata} cannot write objects of anndata {anndata}: install mudata 0.3.9 or newer, or "
            "anndata before 0.13"
        )
        raise RuntimeError(msg)


def as_mudata(modalities: Mapping[str, AnnData]) -> MuData:
    """Wrap modalities, leaving their columns where they are."""
    from mudata import MuData

    with without_pulling():
        return MuData(dict(modalities))


def in_order(modalities: Mapping[str, AnnData], names: Index) -> MuData:
    """Wrap modalities that have different observations, in the order of ``names``."""
    mdata = as_mudata(modalities)
    wanted = names[names.isin(mdata.obs_names)]
    if mdata.obs_names.equals(wanted):
        return mdata
    with without_pulling():
        ordered = mdata[wanted].copy()
        for name, adata in modalities.items():
            ordered[name].var = adata.var.copy()
        return ordered


def some_rows(adata: AnnData, rows: np.ndarray) -> AnnData:
    """Return some observations, with all categories of features.

    Where modalities have different ones of the same column, mudata 0.3 makes objects of it, which HDF5 cannot hold if all
    are missing.
    """
    part = adata[rows].copy()
    part.var = adata.var.copy()
    return part


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers that a version begins with, without what marks it as a pre-release."""
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(number) for number in found.group().split(".")) if found else ()
