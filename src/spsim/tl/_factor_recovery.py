"""Factor recovery on an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, metrics
from spsim._keywords import refuses_unknown
from spsim.metrics._factor_recovery import matched_correlation
from spsim.tl._array_in import array_in
from spsim.tl._draws import Draws
from spsim.tl._factor_ceiling import factor_ceiling
from spsim.tl._features import loading_pair
from spsim.tl._lookup import Found, find, holder
from spsim.tl._score import Row, Score, tidy
from spsim.tl._store import chosen_key, stored
from spsim.tl._undefined import constant_factors, warn_undefined

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike


@refuses_unknown()
def factor_recovery(
    data: AnnData | MuData,
    key: str,
    *,
    loadings_key: str | None = None,
    block: str = _keys.SPATIAL_BLOCK,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
    n_chance: int = 100,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Compare estimated factors with the true ones.

    Each true factor is matched to at most one estimate (Hungarian assignment on the absolute Pearson correlation). The
    one-sided value, the best of any estimate, stands beside it: it may use one estimate twice and so hides a lost
    factor.

    Parameters
    ----------
    data
        Object with an estimate in ``obsm``.
    key
        Key of the estimate; ``"rna:X_nmf"`` means ``obsm["X_nmf"]`` of the modality ``rna``.
    loadings_key
        Key of the estimate's loadings in ``varm`` of the same object; compared under the match of the factors.
    block
        Name of the block whose factors are the truth (:func:`spsim.get.blocks` lists them): the spatial ones by default, or
        those of cell types, of programs, … Of a block that only modalities have, such as ``"nonspatial"``, that of the
        key's modality is meant.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation (and feature) name.
    groups
        Column of ``obs`` (slice, sample, also one that ``anndata.concat`` wrote) within which unrelated estimates are
        drawn; by default the one that the truth records.
    n_chance
        Draws of unrelated estimates, as smooth in space as this one; 0 leaves chance and ceiling out.
    rng
        Seed of the draws.
    key_added
        Key to write; ``f"{key}_factor_recovery"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per true factor:

    ``score``, ``one_sided``
        Absolute correlation with the matched component, and with the best one for this factor alone.
    ``sign``, ``match``
        Sign of the matched correlation; the component's column, -1 if none was left.
    ``constant_truth``
        Whether the factor has no variance over the scored spots, so that nothing can recover it: all its scores, chance
        and ceiling are NaN, and a warning names it.
    ``loading_correlation``
        Correlation of the loadings under the same match (only with ``loadings_key``), over all features that the truth
        has of the modality: those that ``data`` lost have loadings 0. NaN for a factor that no feature loads on.
    ``variance_recovered``
        R2 of the factor on all components together: whether it is there at all, in any rotation.
    ``chance``, ``chance_p95``
        Mean and 95th percentile of ``score`` over unrelated estimates.
    ``null``
        What these are (:func:`spsim.metrics.null_of`).
    ``ceiling``
        ``score`` of a perfect method: 1 for a factor that loads what was given to the method, unless all features confuse
        it with another one; of others, the correlation with the best combination of what is seen and of unrelated
        components. An estimate of a modality, ``"rna:…"``, was given that modality; one at the top all of them.
    ``n``
        Number of spots: those of the estimate, which may be fewer than the truth has.

    Also written to ``uns[key_added]``, and all signed correlations (true factors × components) to
    ``uns[f"{key_added}_correlation"]``.

    Raises
    ------
    KeyError
        No such key, or no truth.
    ValueError
        Names that do not align, NaN in the estimate.

    Examples
    --------
    >>> import spsim as sps
    >>> from sklearn.decomposition import NMF
    >>> mdata = sps.datasets.quilt(n_spatial=200)
    >>> nmf = NMF(4, init="nndsvda", solver="mu", beta_loss="kullback-leibler", max_iter=500, random_state=0)
    >>> mdata.obsm["X_nmf"] = nmf.fit_transform(mdata["rna"].X)
    >>> bool(sps.tl.factor_recovery(mdata, "X_nmf")["score"].min() > 0.99)
    True

    References
    ----------
    :cite:t:`townes2023nonnegative` use the one-sided value.
    """
    import pandas as pd

    found = find(data, key, "obsm", truth, groups=groups, block=block)
    draws = Draws(found=found, n_chance=n_chance, rng=rng)
    loadings = {} if loadings_key is None else _loadings(found, loadings_key)
    result = metrics.factor_recovery(found.values, found.factors, **loadings)
    columns = {name: getattr(result, name) for name in ("score", "one_sided", "sign", "match", "constant_truth")}
    if loadings:
        columns["loading_correlation"] = result.loading_correlation
    columns["variance_recovered"] = metrics.variance_recovered(found.values, found.factors)
    columns |= factor_range(draws)
    warn_undefined(constant_factors(found))
    names = found.factors.columns
    table = pd.DataFrame({**columns, "n": result.n}, index=names)
    correlation = pd.DataFrame(result.correlation, index=names, columns=map(str, range(result.correlation.shape[1])))
    return stored(data, table, chosen_key(key_added, f"{key}_factor_recovery"), copy=copy, correlation=correlation)


def factor_range(draws: Draws) -> dict[str, Any]:
    """Return chance and ceiling of matched correlations, one entry per true factor; nothing without draws."""
    chance = draws.linear_chance(matched_correlation)
    if chance is None:
        return {}
    # No component correlates more with a factor than the best combination of all.
    ceiling = np.sqrt(factor_ceiling(draws))
    return {"chance": chance.mean, "chance_p95": chance.p95, "ceiling": ceiling, "null": draws.null}


def _rows(found: Found, draws: Draws) -> Iterator[Row]:
    import pandas as pd

    score = metrics.factor_recovery(found.values, found.factors).score
    table = pd.DataFrame({"score": score, **factor_range(draws), "n": len(found.rows)}, index=found.factors.columns)
    yield from tidy(table, score="factor_recovery")


SCORES = (Score(name="factor_recovery", slot="obsm", better="higher", rows=_rows),)


def _loadings(found: Found, key: str) -> dict[str, np.ndarray]:
    holding, own_key = holder(found.where, key, "varm")
    loadings, true = loading_pair(found, array_in(holding, "varm", own_key), holding.var_names)
    return {"loadings": loadings, "true_loadings": true}
