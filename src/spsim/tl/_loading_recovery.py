"""Loadings against the true ones, on an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, metrics
from spsim._keywords import refuses_unknown
from spsim.metrics._arrays import as_array
from spsim.metrics._loading_recovery import program
from spsim.tl._array_in import array_in
from spsim.tl._features import loading_pair
from spsim.tl._lookup import find, holder
from spsim.tl._store import chosen_key, stored
from spsim.tl._undefined import constant_factors, is_constant, unscored_programs, warn_undefined

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike


@refuses_unknown()
def loading_recovery(
    data: AnnData | MuData,
    key: str,
    *,
    loadings_key: str,
    block: str = _keys.SPATIAL_BLOCK,
    truth: AnnData | MuData | None = None,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Score which features of each true factor an estimate's loadings find, under the match of the factors.

    Parameters
    ----------
    data
        Object with an estimate in ``obsm`` and its loadings in ``varm``.
    key
        Key of the estimate; ``"rna:X_nmf"`` means ``obsm["X_nmf"]`` of the modality ``rna``.
    loadings_key
        Key in ``varm`` of what holds the estimate; ``"rna:LFs"`` for one modality's loadings of an estimate at the top.
    block
        Name of the block whose factors are the truth (:func:`spsim.get.blocks` lists them): the spatial ones by default, or
        those of cell types, of programs, … Of a block that only modalities have, such as ``"nonspatial"``, that of the
        key's modality is meant.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation and feature name. Give the whole one
        where features were filtered.
    key_added
        Key to write; ``f"{key}_loading_recovery"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per true factor: ``auroc`` (chance 0.5), ``average_precision`` and ``precision_at_support`` (chance
    ``support_share``), ``support_size``, ``scored`` (False where the factor has no feature, or all, or does not vary over the spots: then
    these are NaN), ``match``; and for all factors together, the same in each row, ``assignment_accuracy`` and ``assignment_ari`` of the features' main
    factor, ``n_assigned`` (features with one) and ``n``. For the assignment each component's loadings are multiplied by
    the sum of its absolute values over the spots. All features that the truth has of the modality are scored: those that
    ``data`` lost have loadings 0. Also written to ``uns[key_added]``.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> rna = mdata["rna"]
    >>> rna.obsm["X_guess"], rna.varm["W_guess"] = rna.obsm["spatial_factors"], rna.varm["spatial_loadings"]
    >>> sps.tl.loading_recovery(mdata, "rna:X_guess", loadings_key="W_guess")["auroc"].tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    import pandas as pd

    found = find(data, key, "obsm", truth, block=block)
    holding, own_key = holder(found.where, loadings_key, "varm")
    matched = metrics.factor_recovery(found.values, found.factors)
    loadings, n_components = as_array("loadings_key", array_in(holding, "varm", own_key)), np.shape(found.values)[1]
    if loadings.ndim != 2 or loadings.shape[1] != n_components:
        msg = (
            f"loadings_key must name loadings with a column for each of the {n_components} components of {key!r}, got "
            f"{loadings_key!r} of shape {loadings.shape}"
        )
        raise ValueError(msg)
    scaled = loadings * np.abs(found.values).sum(axis=0)
    estimate, true = loading_pair(found, scaled, holding.var_names)
    # No component can be told to be a factor that does not vary, so what loads on it is left out.
    result = metrics.loading_recovery(estimate, true * ~is_constant(found), match=matched.match, sign=matched.sign)
    support_size = [np.count_nonzero(program(column)) for column in true.T]
    warn_undefined([*constant_factors(found), *unscored_programs(found, result)])
    columns = {name: getattr(result, name) for name in ("auroc", "average_precision", "precision_at_support")}
    columns |= {"support_size": support_size, "support_share": np.divide(support_size, result.n)}
    columns |= {"scored": result.scored, "match": matched.match}
    overall = {name: getattr(result, name) for name in ("assignment_accuracy", "assignment_ari", "n_assigned", "n")}
    table = pd.DataFrame({**columns, **overall}, index=found.factors.columns)
    return stored(data, table, chosen_key(key_added, f"{key}_loading_recovery"), copy=copy)


@refuses_unknown()
def loadings_clustering(
    data: AnnData | MuData,
    key: str,
    *,
    block: str = _keys.SPATIAL_BLOCK,
    truth: AnnData | MuData | None = None,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Cluster the features by an estimate's loadings and compare with the truth.

    Parameters
    ----------
    data
        Object with loadings in ``varm``.
    key
        Key of the loadings; ``"rna:LFs"`` means ``varm["LFs"]`` of the modality ``rna``.
    block
        Name of the block whose factors are the truth (:func:`spsim.get.blocks` lists them): the spatial ones by default, or
        those of cell types, of programs, … Of a block that only modalities have, such as ``"nonspatial"``, that of the
        key's modality is meant.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation and feature name. Give the whole one
        where features were filtered.
    rng
        Seed of k-means.
    key_added
        Key to write; ``f"{key}_loadings_clustering"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    Rows ``ari`` (against k-means on the true loadings, as published) and ``ari_main_factor`` (against each feature's
    largest true loading), columns ``score`` and ``n``, the number of features; chance is 0. All features that the truth
    has of the modality are clustered: those that ``data`` lost have loadings 0. Also written to ``uns[key_added]``.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> mdata["rna"].varm["W_guess"] = mdata["rna"].varm["spatial_loadings"][:, ::-1]
    >>> sps.tl.loadings_clustering(mdata, "rna:W_guess").loc["ari_main_factor", "score"]
    np.float64(1.0)

    References
    ----------
    :cite:t:`townes2023nonnegative` report ``ari``.
    """
    import pandas as pd

    found = find(data, key, "varm", truth, block=block)
    scores = metrics.loadings_clustering(*loading_pair(found, found.values, found.where.var_names), rng=rng)
    n_features = scores.pop("n")
    table = pd.DataFrame({"score": scores, "n": n_features})
    return stored(data, table, chosen_key(key_added, f"{key}_loadings_clustering"), copy=copy)
