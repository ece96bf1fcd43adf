"""All scores that fit some results, in one tidy table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from spsim import _keys
from spsim.tl._evaluate_rows import rows_of_key
from spsim.tl._store import stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike

COLUMNS = ("key", "score", "target", "value", "ceiling", "chance", "direction", "n")
LOWER = {"subspace_angle", "amari_error", "chaos", "pas", "geary", "fdr"}


def evaluate(
    data: AnnData | MuData,
    keys: Iterable[str],
    *,
    truth: AnnData | MuData | None = None,
    n_chance: int = 20,
    rng: RNGLike = 0,
    key_added: str = _keys.EVALUATE,
    copy: bool = False,
) -> DataFrame:
    """Compute every score that fits each of some results.

    Factors (``obsm``) get matched correlation and R2 of each true factor, the scores of the whole embedding and the
    purity of neighbourhoods. Labels (``obs``) get agreement with the domains, continuity in space and, since agreement
    alone hides it, what the clusters' indicators hold of each true factor. Tables that squidpy writes for spatially
    variable features (``uns``) get ranking and detection scores.

    Parameters
    ----------
    data
        Object with results in it.
    keys
        Keys of results; ``"rna:leiden"`` means ``obs["leiden"]`` of the modality ``rna``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by name.
    n_chance
        Draws of unrelated results, as smooth in space; 0 leaves chance out.
    rng
        Seed of the draws.
    key_added
        Key to write.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per key, score and target: ``key``, ``score``, ``target`` (a factor's name; ``factors``, ``domains``,
    ``foreground``, ``space`` or ``features``), ``value``, ``ceiling`` (of a perfect method that sees what this one was
    given; for continuity the true domains' own value, which is no bound), ``chance`` (of unrelated results), both NaN
    where there is none, ``direction`` (``higher`` or ``lower`` is better) and ``n`` (spots or features). Also written
    to ``uns[key_added]``.

    Raises
    ------
    KeyError
        A key that is nowhere, or no truth.
    ValueError
        No key, names that do not align, what the single scores refuse.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"]
    >>> mdata["rna"].obs["guess"] = mdata.obs["domain"]
    >>> table = sps.tl.evaluate(mdata, ["X_guess", "rna:guess"])
    >>> table.groupby("key")["score"].nunique().to_dict()
    {'X_guess': 6, 'rna:guess': 18}
    """
    import pandas as pd

    if isinstance(keys, str):
        msg = f"keys must be several, as in [{keys!r}], got the single text {keys!r}"
        raise TypeError(msg)
    chosen = list(keys)
    if not chosen:
        msg = "keys must name at least one result, got none"
        raise ValueError(msg)
    options = {"truth": truth, "n_chance": n_chance, "rng": rng}
    rows = [{"key": key, **row} for key in chosen for row in rows_of_key(data, key, options)]
    for row in rows:
        row["direction"] = "lower" if row["score"] in LOWER else "higher"
    return stored(data, pd.DataFrame(rows, columns=list(COLUMNS)).rename(index=str), key_added, copy=copy)
