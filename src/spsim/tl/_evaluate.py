"""All scores that fit some results, in one tidy table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate
from spsim.tl._domain_agreement import domain_agreement, visible_labels
from spsim.tl._domain_continuity import domain_continuity
from spsim.tl._factor_recovery import factor_recovery
from spsim.tl._factor_space import amari_error, pairwise_distance_correlation, subspace_angles, variance_recovered
from spsim.tl._label_factors import label_factors
from spsim.tl._lookup import all_keys, find
from spsim.tl._neighborhood import neighborhood_purity
from spsim.tl._store import stored
from spsim.tl._svg_detection import is_ranking, svg_detection

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike

COLUMNS = ("key", "score", "target", "value", "ceiling", "chance", "direction", "n")
LOWER = {"subspace_angle", "amari_error", "chaos", "pas", "geary", "fdr"}
# Bounds of scores whose ceiling does not depend on what a method sees.
BEST = {"auroc": 1.0, "average_precision": 1.0, "precision_at_count": 1.0, "tpr": 1.0, "fdr": 0.0}
# Above 6 columns neighbours are searched among all pairs; 5,000 spots give a share to +-0.014 at worst.
N_SAMPLED = 5000

Row = dict[str, Any]


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
    rows = [{"key": key, **row} for key in chosen for row in _rows_of_key(data, key, options)]
    for row in rows:
        row["direction"] = "lower" if row["score"] in LOWER else "higher"
    return stored(data, pd.DataFrame(rows, columns=list(COLUMNS)).rename(index=str), key_added, copy=copy)


def _rows_of_key(data: AnnData | MuData, key: str, options: dict[str, Any]) -> Iterator[Row]:
    slots = [slot for slot in ("obsm", "obs") if _has(data, key, slot)]
    is_table = _is_squidpy_table(data, key)
    if not slots and not is_table:
        tables = [name for name, table in _tables(data).items() if is_ranking(table)]
        _validate.known_key("keys", key, [*all_keys(data, "obsm"), *all_keys(data, "obs"), *tables])
    if "obsm" in slots:
        yield from _factor_rows(data, key, options)
    if "obs" in slots:
        yield from _label_rows(data, key, options)
    if is_table:
        table = svg_detection(data, key, truth=options["truth"], copy=True)
        rows = table.loc[[name for name in BEST if name in table.index]]
        yield from _rows(rows.assign(ceiling=[BEST[name] for name in rows.index]), target="features")


def _factor_rows(data: AnnData | MuData, key: str, options: dict[str, Any]) -> Iterator[Row]:
    unseeded = {"truth": options["truth"], "n_chance": options["n_chance"], "copy": True}
    recovered = factor_recovery(data, key, **options, copy=True)
    yield from _rows(recovered, score="factor_recovery")
    yield from _rows(variance_recovered(data, key, **options, copy=True), score="variance_recovered")
    if not recovered["score"].any():
        return  # constant columns only, which span no space
    angles = subspace_angles(data, key, **options, copy=True)
    yield from _rows(angles.iloc[:1], score="subspace_angle", target="factors")
    if _amari_fits(data, key, options["truth"]):
        yield from _rows(amari_error(data, key, **options, copy=True), target="factors")
    yield from _rows(pairwise_distance_correlation(data, key, **unseeded), target="factors")
    n_spots = int(recovered["n"].iloc[0])
    purity = neighborhood_purity(data, key, **unseeded, n_sampled=N_SAMPLED, n_neighbors=min(49, n_spots - 1))
    yield from _rows(purity.rename(index={"all": "domains"}), score="neighborhood_purity")


def _label_rows(data: AnnData | MuData, key: str, options: dict[str, Any]) -> Iterator[Row]:
    found = find(data, key, "obs", options["truth"])
    _check_labels(key, found.values)
    draws = {"n_chance": options["n_chance"], "rng": options["rng"]}
    agreement = domain_agreement(data, key, **options, copy=True)
    for score, table in label_factors(found, visible_labels(found), **draws).items():
        yield from _rows(table.assign(n=len(found.rows)), score=score)
    for target, prefix in (("domains", ""), ("foreground", "foreground_")):
        yield from _agreement_rows(agreement, target, prefix)
    continuity = domain_continuity(data, key, truth=options["truth"], copy=True)
    yield from _rows(continuity.rename(columns={"truth": "ceiling"}), target="space")


def _agreement_rows(table: DataFrame, target: str, prefix: str) -> Iterator[Row]:
    own = {"score": prefix.rstrip("_") or "score", "ceiling": f"{prefix}ceiling", "chance": f"{prefix}chance"}
    columns = {old: new for new, old in own.items() if old in table}
    if "score" not in columns.values():
        return  # no spot outside the background
    part = table[list(columns)].rename(columns=columns)
    yield from _rows(part.drop(index="n").assign(n=int(part.loc["n", "score"])), target=target)


def _rows(table: DataFrame, *, score: str | None = None, target: str | None = None) -> Iterator[Row]:
    """Rows of the tidy table: a table's index names the target, or the score."""
    for name, row in table.iterrows():
        yield {
            "score": score or str(name),
            "target": target or str(name),
            "value": float(row["score"]),
            "ceiling": float(row.get("ceiling", np.nan)),
            "chance": float(row.get("chance", np.nan)),
            "n": int(row["n"]),
        }


def _has(data: AnnData | MuData, key: str, slot: str) -> bool:
    modality, _, own_key = key.partition(":")
    parts = getattr(data, "mod", {})
    where, name = (parts[modality], own_key) if own_key and modality in parts else (data, key)
    return name in getattr(where, slot)


def _tables(data: AnnData | MuData) -> dict[str, Any]:
    parts = getattr(data, "mod", {})
    return dict(data.uns) | {f"{name}:{key}": part.uns[key] for name, part in parts.items() for key in part.uns}


def _is_squidpy_table(data: AnnData | MuData, key: str) -> bool:
    return is_ranking(_tables(data).get(key))


def _amari_fits(data: AnnData | MuData, key: str, truth: AnnData | MuData | None) -> bool:
    """Whether there are as many independent columns as factors."""
    found = find(data, key, "obsm", truth)
    n_factors = found.factors.shape[1]
    arrays = np.asarray(found.values, float), found.factors.to_numpy(float)
    return all(a.shape[1] == n_factors == np.linalg.matrix_rank(a - a.mean(axis=0)) for a in arrays)


def _check_labels(key: str, labels: np.ndarray) -> None:
    if labels.dtype.kind == "f" and (labels != np.floor(labels)).any():
        msg = f"obs[{key!r}] must hold labels, got numbers that are not whole"
        raise ValueError(msg)
