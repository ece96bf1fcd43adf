"""Leakage between shared and private blocks, on an object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, metrics
from spsim._keywords import refuses_unknown
from spsim._random import seed_sequence
from spsim.tl._components import components_of, with_kinds
from spsim.tl._lookup import Found, find
from spsim.tl._store import chosen_key, stored
from spsim.tl._undefined import constant_factors, warn_undefined

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike


@refuses_unknown()
def factor_leakage(
    data: AnnData | MuData,
    key: str,
    *,
    kinds: Iterable[str] | None = None,
    shared_key: str | None = None,
    block: str = _keys.SPATIAL_BLOCK,
    truth: AnnData | MuData | None = None,
    n_folds: int = 5,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Measure how much of a modality's private factors its shared block holds, and the reverse.

    Parameters
    ----------
    data
        Object with an estimate in ``obsm``.
    key
        Key of the estimate; ``"rna:X_nmf"`` means ``obsm["X_nmf"]`` of the modality ``rna``.
    kinds
        Kind of each component of ``key`` as in :func:`factor_kind`, for example the column of :func:`energy_kinds`.
        Components of the kinds ``background`` and ``nonspatial`` are in no block.
    shared_key
        In place of ``kinds``, for methods that keep them apart: key of the shared block, where ``key`` holds the block that
        is private to its modality.
    block
        Name of the block whose factors are the truth (:func:`spsim.get.blocks` lists them): the spatial ones by default, or
        those of cell types, of programs, … Of a block that only modalities have, such as ``"nonspatial"``, that of the
        key's modality is meant.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    n_folds
        Folds of the cross-validation.
    rng
        Seed of the folds.
    key_added
        Key to write; ``f"{key}_factor_leakage"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per factor that the modality of ``key`` sees, or, where ``key`` lies at the top, that any sees: one for each
    modality, as in ``rna:block_1``. Columns ``kind`` (``shared`` if another modality sees it too, else ``private``),
    ``in_shared`` and ``in_private`` (held-out R2 of the factor from each block), ``floor`` (its R2 from the true factors
    of the other kind), ``leak`` (R2 from the block where it does not belong, above the floor: 0 is best, 1 worst; NaN for
    a factor that does not vary) and ``n``. Also written to ``uns[key_added]``. The means of ``leak`` by ``kind`` are the two numbers to report.

    Raises
    ------
    KeyError
        No such key, or no truth.
    ValueError
        Neither or both of ``kinds`` and ``shared_key``, a kind that is none, a private block that is in no modality, names
        that do not align.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.published("spamv_2")
    >>> active = sps.get.activity(mdata)
    >>> mdata.obsm["X_shared"] = sps.get.factors(mdata).loc[:, active.all()].to_numpy()
    >>> mdata["rna"].obsm["X_private"] = sps.get.factors(mdata).loc[:, ~active.loc["protein"]].to_numpy()
    >>> table = sps.tl.factor_leakage(mdata, "rna:X_private", shared_key="X_shared")
    >>> table.groupby("kind")["leak"].mean().round(2).to_dict()
    {'private': 0.0, 'shared': 0.0}
    """
    import pandas as pd

    found, words = with_kinds(find(data, key, "obsm", truth, block=block), kinds, shared_key)
    modalities = [str(name) for name in found.activity.index]
    seed = seed_sequence(rng)
    if found.modality is not None:
        table = _of_modality(found, words, found.modality, modalities, n_folds, seed)
    else:
        tables = {name: _of_modality(found, words, name, modalities, n_folds, seed) for name in modalities}
        table = pd.concat(
            [part.rename(index=lambda factor, name=name: f"{name}:{factor}") for name, part in tables.items()]
        )
    warn_undefined(constant_factors(found))
    return stored(data, table, chosen_key(key_added, f"{key}_factor_leakage"), copy=copy)


def _of_modality(
    found: Found, words: list[str], modality: str, modalities: list[str], n_folds: int, rng: RNGLike
) -> DataFrame:
    import pandas as pd

    in_shared, in_private = components_of(words, modality, modalities)
    seen, elsewhere = found.activity.loc[modality].to_numpy(bool), found.activity.drop(index=modality).any().to_numpy()
    is_shared, is_private = seen & elsewhere, seen & ~elsewhere
    factors = found.factors.to_numpy()
    result = metrics.factor_leakage(
        found.values[:, in_shared],
        found.values[:, in_private],
        factors[:, is_shared],
        factors[:, is_private],
        n_folds=n_folds,
        rng=rng,
    )
    table = pd.DataFrame(
        {
            "kind": ["shared"] * is_shared.sum() + ["private"] * is_private.sum(),
            "in_shared": np.concatenate([result.shared_in_shared, result.private_in_shared]),
            "in_private": np.concatenate([result.shared_in_private, result.private_in_private]),
            "floor": np.concatenate([result.shared_floor, result.private_floor]),
        },
        index=[*found.factors.columns[is_shared], *found.factors.columns[is_private]],
    )
    wrong = table["in_private"].where(table["kind"] == "shared", table["in_shared"])
    room = 1 - table["floor"]
    table["leak"] = ((wrong - table["floor"]).clip(lower=0) / room.where(room > 0, np.inf)).to_numpy()
    table["n"] = result.n
    return table
