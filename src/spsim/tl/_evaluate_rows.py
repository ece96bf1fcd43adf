"""Rows of the tidy table of :func:`spsim.tl.evaluate`, one generator per kind of result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _validate
from spsim.slots import addressed
from spsim.tl._domain_agreement import domain_agreement, visible_labels
from spsim.tl._domain_continuity import domain_continuity
from spsim.tl._factor_distance import amari_error, pairwise_distance_correlation
from spsim.tl._factor_recovery import factor_recovery
from spsim.tl._label_factors import label_factors
from spsim.tl._lookup import all_keys, find
from spsim.tl._neighborhood import neighborhood_purity
from spsim.tl._subspace_angles import subspace_angles
from spsim.tl._svg_detection import is_ranking, svg_detection
from spsim.tl._variance_recovered import variance_recovered

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

# Bounds of scores whose ceiling does not depend on what a method sees.
BEST = {"auroc": 1.0, "average_precision": 1.0, "precision_at_count": 1.0, "tpr": 1.0, "fdr": 0.0}
# Above 6 columns neighbours are searched among all pairs; 5,000 spots give a share to +-0.014 at worst.
N_SAMPLED = 5000

Row = dict[str, Any]


def rows_of_key(data: AnnData | MuData, key: str, options: dict[str, Any]) -> Iterator[Row]:
    """Yield every score that fits what the key holds."""
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
    where, own_key = addressed(data, key)
    return own_key in getattr(where, slot)


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
