"""Scores of an embedding that need no match of factors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate, metrics
from spsim.tl._chance import chance_of
from spsim.tl._lookup import Found, find
from spsim.tl._store import stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike


def variance_recovered(
    data: AnnData | MuData,
    key: str,
    *,
    truth: AnnData | MuData | None = None,
    n_chance: int = 100,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Share of each true factor's variance that is linear in an embedding, in whatever rotation.

    Parameters
    ----------
    data
        Object with an estimate in ``obsm``.
    key
        Key of the estimate; ``"rna:X_pca"`` means ``obsm["X_pca"]`` of the modality ``rna``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    n_chance
        Draws of unrelated estimates, as smooth in space as this one; 0 leaves chance and ceiling out.
    rng
        Seed of the draws.
    key_added
        Key to write; ``f"{key}_variance_recovered"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per true factor: ``score`` (R2), ``chance``, ``chance_p95``, ``ceiling`` (1 for factors that load what was
    given to the method; for others what those explain of them, or chance if that is more) and ``n``. Also written to
    ``uns[key_added]``.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> mdata.obsm["X_mixed"] = mdata.obsm["spatial_factors"] @ [
    ...     [1, 1, 0, 0],
    ...     [1, -1, 0, 0],
    ...     [0, 0, 1, 1],
    ...     [0, 0, 1, 2],
    ... ]
    >>> sps.tl.variance_recovered(mdata, "X_mixed")["score"].round(2).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    import pandas as pd

    found = find(data, key, "obsm", truth)
    columns = {"score": metrics.variance_recovered(found.values, found.factors)}
    columns |= variance_range(found, n_chance=n_chance, rng=rng)
    table = pd.DataFrame({**columns, "n": len(found.rows)}, index=found.factors.columns)
    return stored(data, table, key_added or f"{key}_variance_recovered", copy=copy)


def subspace_angles(
    data: AnnData | MuData,
    key: str,
    *,
    truth: AnnData | MuData | None = None,
    n_chance: int = 20,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Principal angles between the space of an embedding and that of the true factors.

    Parameters
    ----------
    data
        Object with an estimate in ``obsm``.
    key
        Key of the estimate; ``"rna:X_pca"`` means ``obsm["X_pca"]`` of the modality ``rna``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    n_chance
        Draws of unrelated estimates, as smooth in space as this one; 0 leaves chance and ceiling out.
    rng
        Seed of the draws.
    key_added
        Key to write; ``f"{key}_subspace_angles"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per angle, ``angle_1`` the largest and the one to report: ``score`` in radians (lower is better),
    ``chance``, ``ceiling`` (0, but chance for as many of the largest as the method has angles beyond the factors it
    sees) and ``n``. Also written to ``uns[key_added]``.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"][:, :3]
    >>> table = sps.tl.subspace_angles(mdata, "X_guess")
    >>> table["score"].round(3).abs().tolist()
    [0.0, 0.0, 0.0]
    """
    import pandas as pd

    found = find(data, key, "obsm", truth)
    score = metrics.subspace_angles(found.values, found.factors)
    columns = {"score": score}
    chance = chance_of(_of_factors(metrics.subspace_angles, found), found, n_chance=n_chance, rng=rng)
    if chance is not None:
        n_unseen = max(0, len(score) - int(found.visible.sum()))
        ceiling = np.where(np.arange(len(score)) < n_unseen, chance.mean, 0.0)
        columns |= {"chance": chance.mean, "ceiling": ceiling}
    table = pd.DataFrame({**columns, "n": len(found.rows)}, index=[f"angle_{i + 1}" for i in range(len(score))])
    return stored(data, table, key_added or f"{key}_subspace_angles", copy=copy)


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
    return stored(data, table, key_added or f"{key}_amari_error", copy=copy)


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
    return stored(data, table, key_added or f"{key}_pairwise_distance_correlation", copy=copy)


def variance_range(found: Found, *, n_chance: int, rng: RNGLike) -> dict[str, np.ndarray]:
    """Return chance and ceiling of R2, one entry per true factor; nothing without draws."""
    chance = chance_of(_of_factors(metrics.variance_recovered, found), found, n_chance=n_chance, rng=rng)
    if chance is None:
        return {}
    seen = found.factors.loc[:, found.visible]
    explained = metrics.variance_recovered(seen, found.factors) if found.visible.any() else np.zeros(len(found.visible))
    ceiling = metrics.factor_ceiling(found.visible, chance=np.maximum(chance.mean, explained))
    return {"chance": chance.mean, "chance_p95": chance.p95, "ceiling": ceiling}


def _of_factors(metric: Callable[..., np.ndarray | float], found: Found) -> Callable[[np.ndarray], np.ndarray | float]:
    truth = found.factors.to_numpy()
    return lambda estimate: metric(estimate, truth)


def _one_number(name: str, metric: Callable[..., float], found: Found, *, n_chance: int, rng: RNGLike) -> DataFrame:
    import pandas as pd

    score = _of_factors(metric, found)
    columns = {"score": score(found.values)}
    chance = chance_of(score, found, n_chance=_validate.whole("n_chance", n_chance), rng=rng)
    if chance is not None:
        columns["chance"] = float(chance.mean)
    return pd.DataFrame({**columns, "n": len(found.rows)}, index=[name])
