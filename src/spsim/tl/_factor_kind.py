"""Shared or private: kinds of components against kinds of true factors, on an object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate, metrics
from spsim._keywords import refuses_unknown
from spsim._objects import multimodal
from spsim.tl._array_in import array_in
from spsim.tl._components import with_kinds
from spsim.tl._draws import Draws
from spsim.tl._factor_recovery import factor_range
from spsim.tl._lookup import Found, find
from spsim.tl._store import chosen_key, stored
from spsim.tl._undefined import constant_factors, is_constant, warn_undefined

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike


@refuses_unknown()
def factor_kind(
    data: AnnData | MuData,
    key: str,
    *,
    kinds: Iterable[str] | None = None,
    shared_key: str | None = None,
    block: str = _keys.SPATIAL_BLOCK,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
    n_chance: int = 100,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Compare the kinds given to components with those of the true factors they are matched to.

    The kind of a true factor is ``shared`` if all modalities see it, ``private_<modality>`` if one does,
    ``shared_<modality>_<modality>`` if some do, and ``background`` if none does. A match counts only where its
    correlation is above the 95th percentile of chance.

    Parameters
    ----------
    data
        Object with an estimate in ``obsm``.
    key
        Key of the estimate; ``"rna:X_nmf"`` means ``obsm["X_nmf"]`` of the modality ``rna``.
    kinds
        Kind of each component of ``key`` in the same words, your own or the column of :func:`energy_kinds`; ``nonspatial``
        is a word too.
    shared_key
        In place of ``kinds``, for methods that keep them apart: key of the shared block, where ``key`` holds the block that
        is private to its modality. The components of the shared block are counted first.
    block
        Name of the block whose factors are the truth (:func:`spsim.get.blocks` lists them): the spatial ones by default, or
        those of cell types, of programs, … Of a block that only modalities have, such as ``"nonspatial"``, that of the
        key's modality is meant.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    groups
        Column of ``obs`` (slice, sample, also one that ``anndata.concat`` wrote) within which unrelated estimates are
        drawn; by default the one that the truth records.
    n_chance
        Draws of unrelated estimates; with 0 every match counts.
    rng
        Seed of the draws.
    key_added
        Key to write; ``f"{key}_factor_kind"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per true factor, then one per component that is matched to none (``component_3``): ``kind`` (of the true
    factor, else empty), ``estimated_kind`` (of the component, else empty), ``match`` (column of the component, else
    -1), ``status`` (``matched``, ``lost``, ``constant`` where the factor does not vary over the spots, ``spurious`` or, for
    components of the kind ``background``, ``unused``); and,
    the same in each row, ``accuracy`` and ``macro_f1`` over the matched factors and ``n``, their number. Also written
    to ``uns[key_added]``. ``pandas.crosstab(table["kind"], table["estimated_kind"])`` is the confusion matrix.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.multiomics(n_side=12)
    >>> mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"]
    >>> kinds = ["private_rna", "private_protein", "private_rna", "shared"]
    >>> sps.tl.factor_kind(mdata, "X_guess", kinds=kinds).loc["block_4", ["kind", "status", "estimated_kind"]].tolist()
    ['private_rna', 'matched', 'shared']
    """
    import pandas as pd

    found = find(data, key, "obsm", truth, groups=groups, block=block)
    found, names = with_kinds(found, kinds, shared_key)
    true_kinds = _true_kinds(found)
    match = _matches_above_chance(found, Draws(found=found, n_chance=n_chance, rng=rng))
    result = metrics.factor_kind(names, true_kinds, match=match)
    others = [k for k in range(len(names)) if k not in match]
    table = pd.DataFrame(
        {
            "kind": [*true_kinds, *[""] * len(others)],
            "estimated_kind": [names[k] if k >= 0 else "" for k in [*match, *others]],
            "match": [*match, *others],
            "status": [
                *np.select([is_constant(found), np.array(match) >= 0], ["constant", "matched"], "lost").tolist(),
                *["unused" if names[k] == "background" else "spurious" for k in others],
            ],
            **{name: result[name] for name in ("accuracy", "macro_f1", "n")},
        },
        index=[*found.factors.columns, *[f"component_{k}" for k in others]],
    )
    warn_undefined(constant_factors(found))
    return stored(data, table, chosen_key(key_added, f"{key}_factor_kind"), copy=copy)


@refuses_unknown()
def energy_kinds(
    data: MuData,
    key: str,
    *,
    loadings_key: str,
    threshold: float = 0.1,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Kind of each component of an estimate from the share of its energy in each modality.

    Parameters
    ----------
    data
        Object with an estimate in ``obsm`` and its loadings in ``varm`` of each modality or at the top.
    key
        Key of the estimate.
    loadings_key
        Key of the loadings in each modality, or of those of all features at the top, where muon puts them.
    threshold
        A component is in the modalities where its share is above this.
    key_added
        Key to write; ``f"{key}_energy_kinds"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per component, column ``kind``, in the words of :func:`factor_kind`. Also written to ``uns[key_added]``.

    Raises
    ------
    KeyError
        No such key, in ``obsm`` or in ``varm`` of each modality or at the top.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.multiomics(n_side=12)
    >>> sps.tl.energy_kinds(mdata, "spatial_factors", loadings_key="spatial_loadings", copy=True)["kind"].tolist()
    ['private_rna', 'private_protein', 'private_rna', 'private_rna']
    """
    import pandas as pd

    multimodal("data", data)
    _validate.known_key("obsm", _validate.text("key", key), data.obsm)
    _validate.text("loadings_key", loadings_key)
    loadings = _loadings(data, loadings_key)
    kinds = metrics.energy_kinds(array_in(data, "obsm", key), loadings, threshold=threshold)
    table = pd.DataFrame({"kind": kinds}, index=[f"component_{k}" for k in range(len(kinds))])
    return stored(data, table, chosen_key(key_added, f"{key}_energy_kinds"), copy=copy)


def _loadings(data: MuData, key: str) -> dict[str, Any]:
    """Loadings of each modality: its own or, where not all have them, its rows of those at the top."""
    lacking = [name for name, part in data.mod.items() if key not in part.varm]
    if not lacking:
        return {name: array_in(part, "varm", key) for name, part in data.mod.items()}
    if key not in data.varm:
        _validate.known_key(f"varm of modality {lacking[0]!r}", key, data.mod[lacking[0]].varm)
    whole = array_in(data, "varm", key)
    return {name: whole[np.asarray(data.varmap[name]).ravel() > 0] for name in data.mod}


def _true_kinds(found: Found) -> list[str]:
    active = found.activity
    # Activity as the loadings of one feature per modality: kinds of true factors in the words of the metric.
    varying = np.tile([[0.0], [1.0]], (1, active.shape[1]))
    loadings = {str(name): row.to_numpy(float)[None] for name, row in active.iterrows()}
    return metrics.energy_kinds(varying, loadings, threshold=0)


def _matches_above_chance(found: Found, draws: Draws) -> list[int]:
    result = metrics.factor_recovery(found.values, found.factors)
    chance = factor_range(draws).get("chance_p95", np.zeros(len(result.score)))
    return np.where(result.score > chance, result.match, -1).tolist()
