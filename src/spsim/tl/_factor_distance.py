"""One number for a whole embedding, on an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, metrics
from spsim._keywords import refuses_unknown
from spsim.metrics._arrays import matrix
from spsim.metrics._distances import TrueDistances
from spsim.metrics._factor_space import mixing
from spsim.metrics._sampling import sampled_rows
from spsim.tl._draws import Draws
from spsim.tl._lookup import Found, find
from spsim.tl._score import Row, Score, tidy
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike


@refuses_unknown()
def amari_error(
    data: AnnData | MuData,
    key: str,
    *,
    block: str = _keys.SPATIAL_BLOCK,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
    n_chance: int = 20,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Distance of an embedding from the true factors up to their order and scale.

    Parameters
    ----------
    data
        Object with an estimate in ``obsm``, with as many columns as there are true factors.
    key
        Key of the estimate; ``"rna:X_ica"`` means ``obsm["X_ica"]`` of the modality ``rna``.
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
        Draws of unrelated estimates, as smooth in space as this one; 0 leaves chance out.
    rng
        Seed of the draws.
    key_added
        Key to write; ``f"{key}_amari_error"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row, ``amari_error``: ``score`` (0 to 1, lower is better), ``chance``, ``null`` (which unrelated estimates:
    :func:`spsim.metrics.null_of`) and ``n``. A perfect method that sees all
    factors has 0. Also written to ``uns[key_added]``.

    Raises
    ------
    ValueError
        Another number of columns than of factors, or columns that depend on each other.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> mdata.obsm["X_guess"] = -2 * mdata.obsm["spatial_factors"][:, ::-1]
    >>> sps.tl.amari_error(mdata, "X_guess")["score"].round(6).tolist()
    [0.0]
    """
    found = find(data, key, "obsm", truth, groups=groups, block=block)
    table = _amari(found, Draws(found=found, n_chance=n_chance, rng=rng))
    return stored(data, table, chosen_key(key_added, f"{key}_amari_error"), copy=copy)


@refuses_unknown()
def pairwise_distance_correlation(
    data: AnnData | MuData,
    key: str,
    *,
    block: str = _keys.SPATIAL_BLOCK,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
    n_chance: int = 20,
    n_sampled: int | None = 5000,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Correlate the distances between all pairs of spots in an embedding with those in the true factors.

    Parameters
    ----------
    data
        Object with an estimate in ``obsm``.
    key
        Key of the estimate; ``"rna:X_pca"`` means ``obsm["X_pca"]`` of the modality ``rna``.
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
        Draws of unrelated estimates, as smooth in space as this one; 0 leaves chance out.
    n_sampled
        Spots in the seeded sample that is taken if there are more, since time and memory grow with their square; None
        takes all.
    rng
        Seed of the sample and the draws.
    key_added
        Key to write; ``f"{key}_pairwise_distance_correlation"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row, ``pairwise_distance_correlation``: ``score`` (-1 to 1, higher is better), ``chance``, ``null`` (which unrelated
    estimates: :func:`spsim.metrics.null_of`) and ``n``, the number of spots that were used. Also written to ``uns[key_added]``.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"][:, ::-1]
    >>> sps.tl.pairwise_distance_correlation(mdata, "X_guess")["score"].round(6).tolist()
    [1.0]

    References
    ----------
    :cite:t:`townes2023nonnegative` report it.
    """
    found = find(data, key, "obsm", truth, groups=groups, block=block)
    table = _distances(found, Draws(found=found, n_chance=n_chance, rng=rng), n_sampled=n_sampled)
    return stored(data, table, chosen_key(key_added, f"{key}_pairwise_distance_correlation"), copy=copy)


def _amari(found: Found, draws: Draws) -> DataFrame:
    score, truth = metrics.amari_error(found.values, found.factors), draws.true_factors.astype(float)
    length = np.linalg.norm(truth - truth.mean(axis=0), axis=0)
    chance = draws.linear_chance(
        lambda columns, target: mixing(columns * draws.estimates.length, target * length) if len(length) > 1 else 0.0
    )
    return _one_number("amari_error", score, chance, draws, n=len(found.rows))


def _amari_needs(found: Found) -> str:
    n_factors, arrays = found.factors.shape[1], (np.asarray(found.values, float), found.factors.to_numpy(float))
    (n_columns, rank), (_, true_rank) = ((a.shape[1], np.linalg.matrix_rank(a - a.mean(axis=0))) for a in arrays)
    if n_columns == n_factors == rank == true_rank:
        return ""
    return f"needs {n_factors} independent columns, as many as there are factors, got {n_columns} of rank {rank}" + (
        f", and the factors have rank {true_rank}" if true_rank < n_factors else ""
    )


def _distances(found: Found, draws: Draws, *, n_sampled: int | None = 5000) -> DataFrame:
    truth = matrix("truth", draws.true_factors)
    rows = sampled_rows(len(truth), n_sampled, draws.seed)
    distances = TrueDistances(truth[rows])
    score = distances.correlation(matrix("estimate", found.values)[rows])
    chance = draws.chance(lambda null: distances.correlation(null[rows]))
    return _one_number("pairwise_distance_correlation", score, chance, draws, n=len(rows))


def _distances_needs(found: Found) -> str:
    return "" if np.ptp(found.values, axis=0).any() else "no column of the embedding varies"


def _one_number(name: str, score: float, chance: metrics.Chance | None, draws: Draws, *, n: int) -> DataFrame:
    import pandas as pd

    columns = {} if chance is None else {"chance": float(chance.mean), "null": draws.null}
    return pd.DataFrame({"score": score, **columns, "n": n}, index=[name])


def _amari_rows(found: Found, draws: Draws) -> Iterator[Row]:
    return tidy(_amari(found, draws), target="factors")


def _distance_rows(found: Found, draws: Draws) -> Iterator[Row]:
    return tidy(_distances(found, draws), target="factors")


SCORES = (
    Score(name="amari_error", slot="obsm", better="lower", needs=_amari_needs, rows=_amari_rows),
    Score(
        name="pairwise_distance_correlation",
        slot="obsm",
        better="higher",
        needs=_distances_needs,
        rows=_distance_rows,
    ),
)
