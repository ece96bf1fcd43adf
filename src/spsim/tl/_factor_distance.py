"""One number for a whole embedding, on an object."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from spsim import metrics
from spsim.tl._chance import chance_of, of_factors
from spsim.tl._lookup import Found, find
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike


def amari_error(
    data: AnnData | MuData,
    key: str,
    *,
    truth: AnnData | MuData | None = None,
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
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
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
    One row, ``amari_error``: ``score`` (0 to 1, lower is better), ``chance`` and ``n``. A perfect method that sees all
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
    found = find(data, key, "obsm", truth)
    table = _one_number("amari_error", metrics.amari_error, found, n_chance=n_chance, rng=rng)
    return stored(data, table, chosen_key(key_added, f"{key}_amari_error"), copy=copy)


def pairwise_distance_correlation(
    data: AnnData | MuData,
    key: str,
    *,
    truth: AnnData | MuData | None = None,
    n_chance: int = 20,
    n_sampled: int | None = 5000,
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
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    n_chance
        Draws of unrelated estimates, as smooth in space as this one; 0 leaves chance out.
    n_sampled
        Spots in the seeded sample that is taken if there are more, since time and memory grow with their square; None
        takes all.
    key_added
        Key to write; ``f"{key}_pairwise_distance_correlation"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row, ``pairwise_distance_correlation``: ``score`` (-1 to 1, higher is better), ``chance`` and ``n``, the number
    of spots that were used. Also written to ``uns[key_added]``.

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
    found = find(data, key, "obsm", truth)

    def score(estimate: np.ndarray, truth: np.ndarray) -> float:
        return metrics.pairwise_distance_correlation(estimate, truth, n_sampled=n_sampled)

    table = _one_number("pairwise_distance_correlation", score, found, n_chance=n_chance, rng=0)
    table["n"] = len(found.rows) if n_sampled is None else min(n_sampled, len(found.rows))
    return stored(data, table, chosen_key(key_added, f"{key}_pairwise_distance_correlation"), copy=copy)


def _one_number(name: str, metric: Callable[..., float], found: Found, *, n_chance: int, rng: RNGLike) -> DataFrame:
    import pandas as pd

    score = of_factors(metric, found)
    columns = {"score": score(found.values)}
    chance = chance_of(score, found, n_chance=n_chance, rng=rng)
    if chance is not None:
        columns["chance"] = float(chance.mean)
    return pd.DataFrame({**columns, "n": len(found.rows)}, index=[name])
