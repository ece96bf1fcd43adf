"""Factor recovery on an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import get, metrics
from spsim.tl._lookup import holder, truth_rows
from spsim.tl._store import stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


def factor_recovery(
    data: AnnData | MuData,
    key: str,
    *,
    loadings_key: str | None = None,
    truth: AnnData | MuData | None = None,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Compare estimated factors with the true ones.

    Each true factor is matched to at most one estimate (Hungarian assignment on the absolute Pearson correlation). The
    one-sided value, the best of any estimate, stands beside it: it may use one estimate twice and so hides a lost
    factor.

    Parameters
    ----------
    data
        Object with an estimate in ``obsm``.
    key
        Key of the estimate; ``"rna:X_nmf"`` means ``obsm["X_nmf"]`` of the modality ``rna``.
    loadings_key
        Key of the estimate's loadings in ``varm`` of the same object; compared under the match of the factors.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation (and feature) name.
    key_added
        Key to write; ``f"{key}_factor_recovery"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per true factor: ``score``, ``one_sided``, ``sign``, ``match`` (column of the estimate, -1 if none),
    ``constant_truth`` (no variance, so nothing can recover it) and, given loadings, ``loading_correlation``. Also written to ``uns[key_added]``.

    Raises
    ------
    KeyError
        No such key, or no truth.
    ValueError
        Names that do not align, NaN in the estimate.

    Examples
    --------
    >>> import spsim as sps
    >>> from sklearn.decomposition import NMF
    >>> mdata = sps.datasets.quilt(n_spatial=200)
    >>> nmf = NMF(4, init="nndsvda", solver="mu", beta_loss="kullback-leibler", max_iter=500, random_state=0)
    >>> mdata.obsm["X_nmf"] = nmf.fit_transform(mdata["rna"].X)
    >>> bool(sps.tl.factor_recovery(mdata, "X_nmf")["score"].min() > 0.99)
    True

    References
    ----------
    :cite:t:`townes2023nonnegative` use the one-sided value.
    """
    import pandas as pd

    source = data if truth is None else truth
    where, own_key = holder(data, key, "obsm")
    table = get.factors(source)
    true_factors = table.to_numpy()[truth_rows(where.obs_names, source)]
    loadings = {} if loadings_key is None else _loadings(where, loadings_key, source)
    result = metrics.factor_recovery(np.asarray(where.obsm[own_key]), true_factors, **loadings)
    columns = {name: getattr(result, name) for name in ("score", "one_sided", "sign", "match", "constant_truth")}
    if loadings:
        columns["loading_correlation"] = result.loading_correlation
    return stored(data, pd.DataFrame(columns, index=table.columns), key_added or f"{key}_factor_recovery", copy=copy)


def _loadings(where: AnnData | MuData, key: str, source: AnnData | MuData) -> dict[str, np.ndarray]:
    holding, own_key = holder(where, key, "varm")
    return {
        "loadings": np.asarray(holding.varm[own_key]),
        "true_loadings": get.loadings(source).loc[holding.var_names].to_numpy(),
    }
