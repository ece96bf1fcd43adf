"""Neighbours in an embedding, on an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate, metrics
from spsim._keywords import refuses_unknown
from spsim.metrics._arrays import matrix
from spsim.metrics._groups import group_members
from spsim.metrics._labels import label_codes
from spsim.metrics._neighborhood import same_label_counts
from spsim.metrics._sampling import sampled_rows
from spsim.slots import addressed
from spsim.tl._array_in import array_in
from spsim.tl._domain_agreement import label_target
from spsim.tl._draws import Draws
from spsim.tl._groups import group_labels
from spsim.tl._lookup import Found, all_keys, find, holder
from spsim.tl._names import truth_rows
from spsim.tl._score import Row, Score, tidy
from spsim.tl._store import chosen_key, stored
from spsim.tl._undefined import single_label, warn_undefined

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike

# Above 6 columns neighbours are searched among all pairs; 5,000 spots give a share to +-0.014 at worst.
N_SAMPLED = 5000
# Pairs to compare for each draw of chance: all 5,000 spots up to a lattice of 100 x 100. Beyond, a draw looks at fewer, at
# least 250: the mean over 20 draws then rests on as many spots as the score itself.
MAX_PAIRS, MIN_DRAWN = 50_000_000, 250


@refuses_unknown()
def neighborhood_jaccard(
    data: AnnData | MuData,
    key: str,
    *,
    reference_key: str,
    groups: str | None = None,
    n_neighbors: int = 49,
    n_sampled: int | None = None,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Overlap of neighbours in an embedding with those in a reference space of each modality. Needs no truth.

    Parameters
    ----------
    data
        Object with an embedding in ``obsm``.
    key
        Key of the embedding; ``"rna:X_emb"`` means ``obsm["X_emb"]`` of the modality ``rna``.
    reference_key
        Key in ``obsm`` of each modality's reference space, such as ``"X_pca"``, the same for every method that is
        compared; ``"rna:X_pca"`` for one modality only.
    groups
        Column of ``obs`` (slice, sample, also one that ``anndata.concat`` wrote): neighbours are searched within the
        spot's group. By default the one that the object records, if it was simulated.
    n_neighbors
        Neighbours to compare, without the spot itself (the papers' 50 has it among them).
    n_sampled
        Spots in the seeded sample over which the mean is taken: above 6 columns the search grows with the square of
        the spots. None takes all.
    rng
        Seed of the sample.
    key_added
        Key to write; ``f"{key}_neighborhood_jaccard"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per modality that has the reference (``data`` for an ``AnnData``): ``score`` and ``n``, the spots over which
    the mean is taken. Also written to ``uns[key_added]``.

    Raises
    ------
    KeyError
        No such key, or no modality with such a reference.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.multiomics(n_side=12)
    >>> for adata in mdata.mod.values():
    ...     adata.obsm["X_reference"] = adata.X
    >>> mdata.obsm["X_rna"] = mdata["rna"].X
    >>> sps.tl.neighborhood_jaccard(mdata, "X_rna", reference_key="X_reference").loc["rna", "score"]
    np.float64(1.0)
    """
    import pandas as pd

    where, own_key = holder(data, key, "obsm")
    rows = {}
    for name, part, reference in _references(data, reference_key):
        shared = part.obs_names[part.obs_names.isin(where.obs_names)]
        near = array_in(where, "obsm", own_key)[truth_rows(shared, where)]
        space = array_in(part, "obsm", reference)[truth_rows(shared, part)]
        labels = group_labels(groups, shared, data, (where, part))
        score = metrics.neighborhood_jaccard(
            near, space, groups=labels, n_neighbors=n_neighbors, n_sampled=n_sampled, rng=rng
        )
        rows[name] = {"score": score, "n": _n_scored(len(shared), n_sampled)}
    table = pd.DataFrame(list(rows.values()), index=list(rows))
    return stored(data, table, chosen_key(key_added, f"{key}_neighborhood_jaccard"), copy=copy)


@refuses_unknown()
def neighborhood_purity(
    data: AnnData | MuData,
    key: str,
    *,
    label: str = _keys.DOMAIN,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
    n_neighbors: int = 49,
    n_chance: int = 20,
    n_sampled: int | None = None,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Mean share of a spot's nearest others in an embedding that are of its own true domain.

    Parameters
    ----------
    data
        Object with an embedding in ``obsm``.
    key
        Key of the embedding; ``"rna:X_emb"`` means ``obsm["X_emb"]`` of the modality ``rna``.
    label
        Name of the true label: the domains by default, or another one that the truth records, such as ``"cell_type"``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    groups
        Column of ``obs`` (slice, sample, also one that ``anndata.concat`` wrote): neighbours are searched within the
        spot's group, and unrelated embeddings are drawn within groups. By default the one that the truth records.
    n_neighbors
        Neighbours to look at, without the spot itself.
    n_chance
        Draws of unrelated embeddings, as smooth in space as this one; 0 leaves chance out.
    n_sampled
        Spots in the seeded sample over which the mean is taken: above 6 columns the search grows with the square of
        the spots. None takes all.
    rng
        Seed of the sample and the draws.
    key_added
        Key to write; ``f"{key}_neighborhood_purity"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    Rows ``all`` and, if there is such a spot, ``foreground`` (the mean over spots outside the background), columns
    ``score``, ``chance``, ``null`` (which unrelated embeddings: :func:`spsim.metrics.null_of`) and ``n``. A domain of no more than ``n_neighbors`` spots cannot reach 1. Where all spots are of one domain the scores are NaN. Also written to
    ``uns[key_added]``.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.ggblocks()
    >>> mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"]
    >>> sps.tl.neighborhood_purity(mdata, "X_guess")["score"].tolist()
    [1.0, 1.0]
    """
    found = find(data, key, "obsm", truth, groups=groups, label=label)
    draws = Draws(found=found, n_chance=n_chance, rng=rng)
    table = _purity(found, draws, n_neighbors=n_neighbors, n_sampled=n_sampled, n_drawn=n_sampled)
    if table["score"].isna().any():
        warn_undefined(single_label(found))
    return stored(data, table, chosen_key(key_added, f"{key}_neighborhood_purity"), copy=copy)


def _purity(found: Found, draws: Draws, *, n_neighbors: int, n_sampled: int | None, n_drawn: int | None) -> DataFrame:
    """Purity at a sample of ``n_sampled`` spots, its chance at a sample of ``n_drawn``."""
    import pandas as pd

    codes, foreground = label_codes("labels", found.true_labels)[0], found.foreground
    masks = {"all": np.ones(len(codes), bool)} | ({"foreground": foreground} if foreground.any() else {})
    samples, drawn = ({m: _sample(masks[m], n, draws.seed) for m in masks} for n in (n_sampled, n_drawn))

    def score(embedding: np.ndarray, samples: dict[str, np.ndarray]) -> np.ndarray:
        rows = np.unique(np.concatenate(list(samples.values())))  # spots of several samples are searched for once
        counts = np.zeros(len(codes), np.int64)
        counts[rows] = same_label_counts(embedding, codes, rows, groups=found.groups, n_neighbors=n_neighbors)
        shares = np.array([counts[own].sum() / (n_neighbors * len(own)) for own in samples.values()])
        return shares if codes.any() else np.full(len(shares), np.nan)  # of one label everywhere all neighbours are

    columns: dict[str, Any] = {"score": score(matrix("embedding", found.values), samples)}
    chance = draws.chance(lambda null: score(null, drawn))
    if chance is not None:
        columns |= {"chance": chance.mean, "null": draws.null}
    return pd.DataFrame({**columns, "n": [len(rows) for rows in samples.values()]}, index=list(masks))


def _sample(mask: np.ndarray, n_sampled: int | None, rng: RNGLike) -> np.ndarray:
    spots = np.flatnonzero(mask)
    return spots[sampled_rows(len(spots), n_sampled, rng)]


def _references(data: AnnData | MuData, key: str) -> list[tuple[str, AnnData, str]]:
    part, own_key = addressed(data, key)
    if part is not data:
        modality = key.partition(":")[0]
        _validate.known_key(f"obsm of modality {modality!r}", own_key, part.obsm)
        return [(modality, part, own_key)]
    parts = getattr(data, "mod", {"data": data})
    found = [(name, part, key) for name, part in parts.items() if key in part.obsm]
    if not found:
        _validate.known_key("reference_key in obsm", key, all_keys(data, "obsm"))
        msg = f"reference_key must be a key of the modalities, {key!r} is one of the top"
        raise KeyError(msg)
    return found


def _n_scored(n_spots: int, n_sampled: int | None) -> int:
    return n_spots if n_sampled is None else min(n_spots, n_sampled)


def _rows(found: Found, draws: Draws) -> Iterator[Row]:
    n_spots, smallest = len(found.rows), _smallest_group(found)
    n_drawn = min(N_SAMPLED, max(MIN_DRAWN, MAX_PAIRS // n_spots))
    table = _purity(found, draws, n_neighbors=min(49, smallest - 1), n_sampled=N_SAMPLED, n_drawn=n_drawn)
    return tidy(table.rename(index={"all": label_target(found)}), score="neighborhood_purity")


def _needs(found: Found) -> str:
    if not np.ptp(found.values, axis=0).any():
        return "no column of the embedding varies"
    if _smallest_group(found) < 2:
        return "needs at least 2 spots in each group"
    return found.missing_label


def _smallest_group(found: Found) -> int:
    return min(len(rows) for rows in group_members(found.groups, len(found.rows)).values())


SCORES = (Score(name="neighborhood_purity", slot="obsm", better="higher", needs=_needs, rows=_rows),)
