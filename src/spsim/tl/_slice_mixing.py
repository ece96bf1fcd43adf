"""How far slices mix in an embedding, on an object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate, metrics
from spsim._keywords import refuses_unknown
from spsim.tl._draws import Draws
from spsim.tl._lookup import Found, find
from spsim.tl._score import Row, Score, tidy
from spsim.tl._slices import no_slices, slices_of
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike
    from spsim.metrics import SliceMixing

SHARED = "shared"
MORE = {"lisi": metrics.slice_lisi, "kbet": metrics.slice_kbet}
MIXING, SEPARATION = "slice_mixing", "slice_separation"
# Which embedding the chance is of.
APART, UNRELATED = "slices_apart", "unrelated"


@refuses_unknown()
def slice_mixing(
    data: AnnData | MuData,
    key: str,
    *,
    label: str = _keys.DOMAIN,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
    n_neighbors: int = 49,
    more: Iterable[str] = (),
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Score how far slices mix where they have the same domain, and whether a domain that one slice has stays apart.

    Mixing says nothing of domains: an embedding without any information mixes perfectly. Read it beside
    :func:`domain_agreement` or :func:`neighborhood_purity`.

    Parameters
    ----------
    data
        Object with an embedding in ``obsm``.
    key
        Key of the embedding; ``"rna:X_emb"`` means ``obsm["X_emb"]`` of the modality ``rna``.
    label
        Name of the true label within which slices should mix: the domains by default, or another one that the truth
        records, such as ``"cell_type"``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    groups
        Column of ``obs`` with the slices; by default the one that the truth records.
    n_neighbors
        Neighbours to look at, without the spot itself; in a small domain at most the others of a slice of
        mean size there.
    more
        Further measures by scib-metrics, ``"lisi"`` and ``"kbet"``, which need the extra ``integration``.
    rng
        Seed of the choice among equally near spots.
    key_added
        Key to write; ``f"{key}_slice_mixing"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    Row ``shared``, the spots of all domains that several slices have, then one row per domain:

    ``score``
        Domains of several slices: share of a spot's nearest others of its domain that are of another slice, over the
        share that is expected if slices are dealt out within the domain. Domains of one slice: share of the nearest
        others, of all spots, that are of that slice.
    ``ceiling``
        Of the true domains as an embedding, slices dealt out within them: 1, less for small domains of one slice.
    ``chance``
        Domains of several slices: of an embedding that keeps slices apart. Domains of one slice: of an unrelated
        embedding. ``null`` names which of the two, ``slices_apart`` or ``unrelated``.
    ``n``, ``n_slices``, ``n_neighbors``
        Spots, slices that have the domain, and neighbours that were looked at.
    ``lisi``, ``lisi_ceiling``, ``lisi_chance``, ``kbet``, …
        The measures in ``more`` (:func:`spsim.metrics.slice_lisi`, :func:`spsim.metrics.slice_kbet`); NaN for domains of
        one slice.

    Also written to ``uns[key_added]``.

    Raises
    ------
    ImportError
        ``more`` without scib-metrics.
    KeyError
        No such key, label or column, or no truth.
    ValueError
        No slices, names that do not align, no domain in two slices, no such measure.

    Examples
    --------
    >>> import spsim as sps
    >>> design = sps.designs.Slices(n_slices=3, missing={"slice_3": ["block_2"]})
    >>> mdata = sps.simulate(sps.Scenario(design=design, n_side=12, modalities=[{"name": "rna"}]))
    >>> mdata.obsm["X_apart"] = mdata.obs[["slice"]].apply(lambda column: column.cat.codes).to_numpy(float)
    >>> sps.tl.slice_mixing(mdata, "X_apart")[["score", "ceiling", "chance"]].loc["shared"].round(2).tolist()
    [0.01, 1.0, 0.01]
    """
    measures = [_validate.text("more", name) for name in _validate.listed("more", more)]
    for name in measures:
        _validate.one_of("more", name, MORE)
    found = find(data, key, "obsm", truth, groups=groups, label=label)
    table = _table(found, measures, n_neighbors=n_neighbors, rng=rng)
    return stored(data, table, chosen_key(key_added, f"{key}_slice_mixing"), copy=copy)


def _table(found: Found, more: Iterable[str] = (), **options: Any) -> DataFrame:
    import pandas as pd

    labels, values = found.true_labels, found.values
    slices = slices_of(found)
    result = metrics.slice_mixing(values, slices, labels, **options)
    several = result.n_slices > 1
    columns: dict[str, Any] = {
        "score": [result.shared, *result.score],
        "ceiling": [1.0, *result.ceiling],
        "chance": [result.shared_chance, *result.chance],
        "null": [APART, *np.where(several, APART, UNRELATED)],
        "n": [int(result.n[several].sum()), *result.n],
        "n_slices": [len(set(slices.tolist())), *result.n_slices],
        "n_neighbors": [int(result.n_neighbors[several].max()), *result.n_neighbors],
    }
    for name in more:
        columns |= _columns(name, MORE[name](values, slices, labels, **options))
    return pd.DataFrame(columns, index=[SHARED, *map(str, result.names)])


def _columns(name: str, result: SliceMixing) -> dict[str, list[float]]:
    several = result.n_slices > 1
    shared = float(np.average(result.ceiling[several], weights=result.n[several]))
    return {
        name: [result.shared, *result.score],
        f"{name}_ceiling": [shared, *result.ceiling],
        f"{name}_chance": [result.shared_chance, *result.chance],
    }


def _rows(found: Found, draws: Draws) -> Iterator[Row]:
    table = _table(found, rng=draws.seed)
    alone = table["n_slices"] == 1
    yield from tidy(table[~alone], score=MIXING)
    yield from tidy(table[alone], score=SEPARATION)


def _needs(found: Found) -> str:
    return found.missing_label or no_slices(found)


def _offered(found: Found) -> bool:
    return not no_slices(found) and not found.missing_label


SCORES = tuple(
    Score(name=name, slot="obsm", better="higher", needs=_needs, offered=_offered, rows=_rows)
    for name in (MIXING, SEPARATION)
)
