"""Continuity of labels in space, on an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from spsim import _keys, _validate, metrics
from spsim._keywords import refuses_unknown
from spsim.metrics._domain_continuity import continuity
from spsim.tl._draws import Draws
from spsim.tl._lookup import Found, find
from spsim.tl._score import Row, Score, tidy
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


@refuses_unknown()
def domain_continuity(
    data: AnnData | MuData,
    key: str,
    *,
    label: str = _keys.DOMAIN,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
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
    label
        Name of the true label: the domains by default, or another one that the truth records, such as ``"cell_type"``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    groups
        Column of ``obs`` (slice, sample, also one that ``anndata.concat`` wrote): spots of different groups are no
        neighbours, wherever they lie, and every score is the mean over groups weighted by their numbers of spots. By
        default the one that the truth records.
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

    Raises
    ------
    KeyError
        No such key, graph or column of groups, or no truth.
    ValueError
        Names that do not align, or mostly spots that lie on each other: name their ``groups``.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.ggblocks(n_side=12)
    >>> mdata.obs["guess"] = mdata.obs["domain"]
    >>> table = sps.tl.domain_continuity(mdata, "guess")
    >>> bool((table["score"] == table["truth"]).all()), list(table.index)
    (True, ['chaos', 'pas', 'moran', 'geary'])
    """
    found = find(data, key, "obs", truth, groups=groups, label=label)
    return stored(data, _table(found, graph_key), chosen_key(key_added, f"{key}_domain_continuity"), copy=copy)


def _table(found: Found, graph_key: str | None = None) -> DataFrame:
    import pandas as pd

    places, graph = found.coordinates, _graph(found, graph_key)
    columns = {
        name: continuity(labels, places, groups=found.groups, graph=graph)
        for name, labels in (("score", found.values), ("truth", found.true_labels))
    }
    return pd.DataFrame({**columns, "n": len(found.rows)})


def _graph(found: Found, key: str | None) -> Any:
    if key is not None:
        _validate.known_key("obsp", key, found.where.obsp)
        return found.where.obsp[key][found.order][:, found.order]
    try:
        return metrics.lattice_graph(found.coordinates, groups=found.groups)
    except ValueError:
        return None


def _rows(found: Found, draws: Draws) -> Iterator[Row]:
    return tidy(_table(found).rename(columns={"truth": "ceiling"}), target="space")


def _needs_places(found: Found) -> str:
    return "needs places, but the truth has no coordinates" if found.places is None else ""


def _needs_lattice(found: Found) -> str:
    if found.places is None:
        return _needs_places(found)
    return "" if _graph(found, None) is not None else "needs a lattice, or a graph of your own (tl.domain_continuity)"


SCORES = (
    Score(name="chaos", slot="obs", better="lower", needs=_needs_places, rows=_rows),
    Score(name="pas", slot="obs", better="lower", needs=_needs_places, rows=_rows),
    Score(name="moran", slot="obs", better="higher", needs=_needs_lattice, rows=_rows),
    Score(name="geary", slot="obs", better="lower", needs=_needs_lattice, rows=_rows),
)
