"""Continuity of labels in space, on an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spsim import _validate, metrics
from spsim.tl._lookup import Found, find
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


def domain_continuity(
    data: AnnData | MuData,
    key: str,
    *,
    truth: AnnData | MuData | None = None,
    graph_key: str | None = None,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Continuity of a partition in space beside that of the true domains, which is not the same as being right.

    Parameters
    ----------
    data
        Object with labels in ``obs``.
    key
        Key of the labels; ``"rna:leiden"`` means ``obs["leiden"]`` of the modality ``rna``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    graph_key
        Key in ``obsp`` of what holds the labels of a graph, for example squidpy's ``"spatial_connectivities"``; by
        default the graph of the lattice that the spots lie on.
    key_added
        Key to write; ``f"{key}_domain_continuity"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    Rows ``chaos``, ``pas``, ``geary`` (lower is more continuous) and ``moran`` (higher is), columns ``score``,
    ``truth`` (the true domains' own value: the closer the better, on either side) and ``n``. Spots off a lattice have no
    ``moran`` and ``geary`` unless you name a graph. Also written to ``uns[key_added]``.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.ggblocks(n_side=12)
    >>> mdata.obs["guess"] = mdata.obs["domain"]
    >>> table = sps.tl.domain_continuity(mdata, "guess")
    >>> bool((table["score"] == table["truth"]).all()), list(table.index)
    (True, ['chaos', 'pas', 'moran', 'geary'])
    """
    import pandas as pd

    found = find(data, key, "obs", truth)
    graph = _graph(found, graph_key)
    columns = {"score": _scores(found.values, found, graph), "truth": _scores(found.domains, found, graph)}
    table = pd.DataFrame({**columns, "n": len(found.rows)})
    return stored(data, table, chosen_key(key_added, f"{key}_domain_continuity"), copy=copy)


def _scores(labels: Any, found: Found, graph: Any) -> dict[str, float]:
    places = found.coordinates
    scores = {"chaos": metrics.chaos(labels, places), "pas": metrics.pas(labels, places)}
    if graph is not None:
        autocorrelation = metrics.label_autocorrelation(labels, graph)
        scores |= {name: autocorrelation[name] for name in ("moran", "geary")}
    return scores


def _graph(found: Found, key: str | None) -> Any:
    if key is not None:
        _validate.known_key("obsp", key, found.where.obsp)
        return found.where.obsp[key][found.order][:, found.order]
    try:
        return metrics.lattice_graph(found.coordinates)
    except ValueError:
        return None
