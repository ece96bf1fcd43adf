"""Agreement of a partition with the true domains, on an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, get, metrics
from spsim.tl._lookup import holder, truth_rows
from spsim.tl._store import stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


def domain_agreement(
    data: AnnData | MuData,
    key: str,
    *,
    truth: AnnData | MuData | None = None,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Compare a partition of the spots with the true domains.

    Parameters
    ----------
    data
        Object with labels in ``obs``.
    key
        Key of the labels; ``"rna:leiden"`` means ``obs["leiden"]`` of the modality ``rna``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    key_added
        Key to write; ``f"{key}_domain_agreement"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per score (``ari``, ``nmi``, …, and ``n``, the number of spots), columns ``score`` (all spots) and
    ``foreground`` (spots outside the background, which otherwise dominates). Also written to ``uns[key_added]``.

    Raises
    ------
    KeyError
        No such key, or no truth.
    ValueError
        Names that do not align, labels that are missing.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.ggblocks(n_side=12)
    >>> mdata.obs["guess"] = mdata.obs["domain"].astype(str).replace({"block_4": "block_3"})
    >>> sps.tl.domain_agreement(mdata, "guess").loc[["ari", "completeness"], "score"].round(2).to_dict()
    {'ari': 0.87, 'completeness': 1.0}
    """
    import pandas as pd

    source = data if truth is None else truth
    where, own_key = holder(data, key, "obs")
    domains = get.domains(source).to_numpy()[truth_rows(where.obs_names, source)].astype(str)
    labels = where.obs[own_key].to_numpy()
    foreground = domains != _keys.BACKGROUND
    columns = {"score": metrics.domain_agreement(labels, domains)}
    if foreground.any():
        columns["foreground"] = metrics.domain_agreement(labels, domains, foreground=np.asarray(foreground))
    return stored(data, pd.DataFrame(columns), key_added or f"{key}_domain_agreement", copy=copy)
