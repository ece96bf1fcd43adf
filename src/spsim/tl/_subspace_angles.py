"""Angles between an embedding and the true factors, on an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, metrics
from spsim._keywords import refuses_unknown
from spsim.metrics._arrays import matrix, unit_columns
from spsim.metrics._factor_space import angles, basis
from spsim.tl._draws import Draws
from spsim.tl._lookup import Found, find
from spsim.tl._score import Row, Score, tidy
from spsim.tl._store import chosen_key, stored
from spsim.tl._told_apart import seen_columns
from spsim.tl._undefined import constant_factors, warn_undefined

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike


@refuses_unknown()
def subspace_angles(
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
    """Principal angles between the space of an embedding and that of the true factors.

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
    ``chance``, ``null`` (which unrelated estimates: :func:`spsim.metrics.null_of`), ``ceiling`` (0,
    but for as many of the largest as the method has angles beyond the factors it sees what these factors, together with
    unrelated columns, leave) and ``n``. Factors that do not vary over the spots take no part. Also written to ``uns[key_added]``.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"][:, :3]
    >>> table = sps.tl.subspace_angles(mdata, "X_guess")
    >>> table["score"].round(3).abs().tolist()
    [0.0, 0.0, 0.0]
    """
    found = find(data, key, "obsm", truth, groups=groups, block=block)
    table = _table(found, Draws(found=found, n_chance=n_chance, rng=rng))
    warn_undefined(constant_factors(found))
    return stored(data, table, chosen_key(key_added, f"{key}_subspace_angles"), copy=copy)


def _table(found: Found, draws: Draws) -> DataFrame:
    import pandas as pd

    score = metrics.subspace_angles(found.values, found.factors)
    columns: dict[str, Any] = {"score": score}
    chance = draws.linear_chance(lambda columns, target: _largest(angles(columns, target), len(score)))
    if chance is not None:
        columns |= {"chance": chance.mean, "ceiling": _ceiling(draws, len(score)), "null": draws.null}
    return pd.DataFrame({**columns, "n": len(found.rows)}, index=[f"angle_{i + 1}" for i in range(len(score))])


def _ceiling(draws: Draws, n_angles: int) -> np.ndarray:
    """Angles of the best ``n_angles`` directions of what is seen and of columns that know nothing of the truth."""
    seen = seen_columns(draws.found)
    n_seen = basis(unit_columns(matrix("truth", seen))[0]).shape[1] if seen.shape[1] else 0
    if n_seen >= n_angles:
        return np.zeros(n_angles)
    best = draws.mean_beside_seen(lambda columns, target: _largest(angles(columns, target)[-n_angles:], n_angles))
    return np.where(np.arange(n_angles) < n_angles - n_seen, best, 0.0)


def _largest(found: np.ndarray, n_angles: int) -> np.ndarray:
    """As many of the largest angles as the result has; dimensions that a draw lacks are lost, at a right angle.

    Columns of a draw move apart: they span more than those of a result whose columns depend on each other.
    """
    lost = np.full(max(0, n_angles - len(found)), np.pi / 2)
    return np.concatenate([lost, found])[:n_angles]


def _rows(found: Found, draws: Draws) -> Iterator[Row]:
    return tidy(_table(found, draws).iloc[:1], score="subspace_angle", target="factors")


def _needs(found: Found) -> str:
    return "" if np.ptp(found.values, axis=0).any() else "no column of the embedding varies"


SCORES = (Score(name="subspace_angle", slot="obsm", better="lower", needs=_needs, rows=_rows),)
