"""Neighbours in an embedding, on an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, _validate, metrics
from spsim.slots import addressed
from spsim.tl._chance import chance_of
from spsim.tl._lookup import all_keys, find, holder, truth_rows
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike


def neighborhood_jaccard(
    data: AnnData | MuData,
    key: str,
    *,
    reference_key: str,
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
        near = np.asarray(where.obsm[own_key])[truth_rows(shared, where)]
        space = np.asarray(part.obsm[reference])[truth_rows(shared, part)]
        score = metrics.neighborhood_jaccard(near, space, n_neighbors=n_neighbors, n_sampled=n_sampled, rng=rng)
        rows[name] = {"score": score, "n": _n_scored(len(shared), n_sampled)}
    table = pd.DataFrame(list(rows.values()), index=list(rows))
    return stored(data, table, chosen_key(key_added, f"{key}_neighborhood_jaccard"), copy=copy)


def neighborhood_purity(
    data: AnnData | MuData,
    key: str,
    *,
    truth: AnnData | MuData | None = None,
    n_neighbors: int = 49,
    n_chance: int = 20,
    n_sampled: int | None = None,
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
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    n_neighbors
        Neighbours to look at, without the spot itself.
    n_chance
        Draws of unrelated embeddings, as smooth in space as this one; 0 leaves chance out.
    n_sampled
        Spots in the seeded sample over which the mean is taken: above 6 columns the search grows with the square of
        the spots. None takes all.
    key_added
        Key to write; ``f"{key}_neighborhood_purity"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    Rows ``all`` and, if there is such a spot, ``foreground`` (the mean over spots outside the background), columns
    ``score``, ``chance`` and ``n``. A domain of no more than ``n_neighbors`` spots cannot reach 1. Also written to
    ``uns[key_added]``.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.ggblocks()
    >>> mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"]
    >>> sps.tl.neighborhood_purity(mdata, "X_guess")["score"].tolist()
    [1.0, 1.0]
    """
    import pandas as pd

    found = find(data, key, "obsm", truth)
    foreground = np.asarray(found.domains != _keys.BACKGROUND)
    masks = {"all": np.ones(len(foreground), bool)} | ({"foreground": foreground} if foreground.any() else {})

    def one(embedding: np.ndarray, mask: np.ndarray) -> float:
        return metrics.neighborhood_purity(
            embedding, found.domains, n_neighbors=n_neighbors, foreground=mask, n_sampled=n_sampled
        )

    def score(embedding: np.ndarray) -> np.ndarray:
        return np.array([one(embedding, mask) for mask in masks.values()])

    columns = {"score": score(found.values)}
    chance = chance_of(score, found, n_chance=n_chance, rng=0)
    if chance is not None:
        columns["chance"] = chance.mean
    n_scored = [_n_scored(int(mask.sum()), n_sampled) for mask in masks.values()]
    table = pd.DataFrame({**columns, "n": n_scored}, index=list(masks))
    return stored(data, table, chosen_key(key_added, f"{key}_neighborhood_purity"), copy=copy)


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
