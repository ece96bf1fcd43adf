"""What a partition holds of the true factors: the clusters' indicators as an embedding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from spsim import _keys
from spsim.metrics._arrays import matrix, unit_columns
from spsim.metrics._factor_recovery import match_columns, matched_values, only_varying
from spsim.metrics._labels import label_codes
from spsim.tl._domain_agreement import visible_labels
from spsim.tl._draws import Draws
from spsim.tl._lookup import Found
from spsim.tl._score import Row, Score, tidy

NAMES = ("factor_recovery", "variance_recovered")


def _rows(found: Found, draws: Draws) -> Iterator[Row]:
    """Matched correlation and R2 of each true factor.

    The ceiling is that of the best partition of a method that sees what this one saw, for blocks that are made of a label;
    chance that of the labels shifted in space.
    """
    import pandas as pd

    target = unit_columns(matrix("truth", found.factors))[0]
    columns = {"score": _scores(label_codes("labels", found.values)[0], target)}
    if draws.n_chance:
        columns["chance"] = np.mean([_scores(codes, target) for codes in draws.labels], axis=0)
    best = _best_partition(found)
    if best is not None:
        ceiling = _scores(label_codes("labels", best)[0], target)
        columns["ceiling"] = np.maximum(ceiling, columns.get("chance", 0))
    for i, name in enumerate(NAMES):
        own = {column: values[i] for column, values in columns.items()}
        table = pd.DataFrame({**own, "null": draws.null, "n": len(found.rows)}, index=found.factors.columns)
        yield from tidy(table, score=name)


def _best_partition(found: Found) -> np.ndarray | None:
    """Domains as far as they can be seen for the spatial factors; for other blocks the label of that name, if any, so too."""
    if found.block == _keys.SPATIAL_BLOCK:
        return visible_labels(replace(found, label=_keys.DOMAIN))
    named = replace(found, label=found.block)
    if named.missing_label:
        return None
    unseen = np.isin(named.true_labels, found.factors.columns[~found.visible])
    return np.where(unseen, "", visible_labels(named))  # nothing tells categories apart that load on nothing


def _needs(found: Found) -> str:
    return found.missing_block


def _scores(codes: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Correlation with the matched indicator, and R2 on all of them, of targets with mean 0 and length 1.

    Both follow from the sums over each cluster, since an indicator is 1 at its n_k spots and 0 elsewhere: the product with
    it, centred, is the sum, its length is sqrt(n_k (1 - n_k / n)), and a target's projection is its cluster means.
    """
    sizes = np.bincount(codes)
    sums = np.array([np.bincount(codes, weights=column) for column in target.T])
    length = np.sqrt(sizes * (1 - sizes / len(codes)))
    similarity = np.abs(sums) / np.where(length > 0, length, np.inf)
    matched = matched_values(similarity, match_columns(similarity))
    return only_varying(np.clip(np.transpose([matched, (sums**2 / sizes).sum(axis=1)]), 0, 1), target).T


SCORES = tuple(Score(name=name, slot="obs", better="higher", needs=_needs, rows=_rows) for name in NAMES)
