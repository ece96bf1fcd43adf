"""Variance of the true factors in an embedding, on an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from spsim import _keys, metrics
from spsim._keywords import refuses_unknown
from spsim.metrics._factor_space import explained
from spsim.tl._draws import Draws
from spsim.tl._factor_ceiling import factor_ceiling
from spsim.tl._lookup import Found, find
from spsim.tl._score import Row, Score, tidy
from spsim.tl._store import chosen_key, stored
from spsim.tl._undefined import constant_factors, warn_undefined

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike


@refuses_unknown()
def variance_recovered(
    data: AnnData | MuData,
    key: str,
    *,
    block: str = _keys.SPATIAL_BLOCK,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
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
        Key to write; ``f"{key}_variance_recovered"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per true factor: ``score`` (R2), ``chance``, ``chance_p95``, ``null`` (which unrelated estimates:
    :func:`spsim.metrics.null_of`), ``ceiling`` (1 for factors that load what was
    given to the method and that some feature tells apart; for others what is seen explains of them together with unrelated
    columns) and ``n``. NaN, and named
    in a warning, where a factor does not vary over the scored spots. Also written to
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
    found = find(data, key, "obsm", truth, groups=groups, block=block)
    table = _table(found, Draws(found=found, n_chance=n_chance, rng=rng))
    warn_undefined(constant_factors(found))
    return stored(data, table, chosen_key(key_added, f"{key}_variance_recovered"), copy=copy)


def _table(found: Found, draws: Draws) -> DataFrame:
    import pandas as pd

    columns = {"score": metrics.variance_recovered(found.values, found.factors), **_range(draws)}
    return pd.DataFrame({**columns, "n": len(found.rows)}, index=found.factors.columns)


def _range(draws: Draws) -> dict[str, Any]:
    """Chance and ceiling of R2, one entry per true factor; nothing without draws."""
    chance = draws.linear_chance(explained)
    if chance is None:
        return {}
    return {
        "chance": chance.mean,
        "chance_p95": chance.p95,
        "ceiling": factor_ceiling(draws),
        "null": draws.null,
    }


def _rows(found: Found, draws: Draws) -> Iterator[Row]:
    return tidy(_table(found, draws), score="variance_recovered")


SCORES = (Score(name="variance_recovered", slot="obsm", better="higher", rows=_rows),)
