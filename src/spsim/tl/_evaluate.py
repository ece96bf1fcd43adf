"""All scores that fit some results, in one tidy table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate
from spsim._keywords import refuses_unknown
from spsim._random import seed_sequence
from spsim._warn import warn_user
from spsim.tl._evaluated import Result, find_results
from spsim.tl._lookup import Found
from spsim.tl._scores import SCORES
from spsim.tl._store import stored
from spsim.tl._undefined import undefined_of, warn_undefined

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike
    from spsim.tl._score import Row, Score

COLUMNS = ("key", "score", "target", "value", "ceiling", "chance", "null", "direction", "n")
# Seconds before progress is shown, to a terminal only.
PATIENCE = 3.0


@refuses_unknown()
def evaluate(
    data: AnnData | MuData,
    keys: Iterable[str],
    *,
    block: str = _keys.SPATIAL_BLOCK,
    label: str = _keys.DOMAIN,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
    scores: Iterable[str] | None = None,
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

    All keys are checked before anything is computed. A score that does not fit a result, or cannot be computed for it, is
    left out: a warning says so, and a second table why.

    Parameters
    ----------
    data
        Object with results in it.
    keys
        Keys of results; ``"rna:leiden"`` means ``obs["leiden"]`` of the modality ``rna``.
    block
        Name of the block whose factors are the truth (:func:`spsim.get.blocks` lists them): the spatial ones by default, or
        those of cell types, of programs, … Of a block that only modalities have, such as ``"nonspatial"``, that of the
        key's modality is meant.
    label
        Name of the true label that partitions and neighbourhoods are compared with: the domains by default, or another one
        that the truth records, such as ``"cell_type"``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by name. Give the whole one where features were
        filtered: those that ``data`` lost are then scored as untested.
    groups
        Column of ``obs`` (slice, sample, also one that ``anndata.concat`` wrote) whose spots are no neighbours of each
        other, wherever they lie; by default the one that the truth records. The table keeps one row per score.
    scores
        Names of the scores to compute, as the table's column ``score`` has them; by default all that fit, but for
        ``registration_error`` and ``correspondence_accuracy``, which are about coordinates and are computed where they
        are named.
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
    One row per key, score and target: ``key``, ``score``, ``target`` (a factor's name; ``factors``, ``domains`` or
    the name of another label, ``foreground``, ``space`` or ``features``), ``value``, ``ceiling`` (of a perfect method that sees what this one was
    given; for continuity the true domains' own value, which is no bound), ``chance`` (of unrelated results), both NaN
    where there is none, all three NaN where the truth is the same in all that is scored (a warning names it once), ``null`` (what these results are: ``toroidal_shift``, ``matched_variogram``, ``permutation``, or
    ``none``, see :func:`spsim.metrics.null_of`), ``direction`` (``higher`` or ``lower`` is better) and ``n`` (spots or features). Also written
    to ``uns[key_added]``, and the scores that were left out, with columns ``key``, ``score`` and ``reason``, to
    ``uns[f"{key_added}_left_out"]`` if there are any. ``nmi`` and ``v_measure`` are one number, which stands here once.

    Raises
    ------
    KeyError
        A key that is nowhere, no such block, label or column of groups, or no truth.
    TypeError
        A single text in place of keys or scores, a result that holds no numbers.
    ValueError
        No key, no such score, names that do not align, NaN in a result, mostly spots that lie on each other without
        ``groups``.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"]
    >>> mdata["rna"].obs["guess"] = mdata.obs["domain"]
    >>> table = sps.tl.evaluate(mdata, ["X_guess", "rna:guess"])
    >>> table.groupby("key")["score"].nunique().to_dict()
    {'X_guess': 6, 'rna:guess': 17}
    """
    import pandas as pd

    chosen = _chosen(scores)
    found = _several("keys", keys, "result")
    copy, key_added = _validate.flag("copy", copy), _validate.text("key_added", key_added)
    where = {"groups": groups, "block": block, "label": label}
    results = find_results(data, found, truth, n_chance=n_chance, rng=seed_sequence(rng), **where)
    rows, left_out = _rows(results, chosen, is_named=scores is not None)
    table = pd.DataFrame(rows, columns=list(COLUMNS)).rename(index=str)
    missing = pd.DataFrame(left_out, columns=["key", "score", "reason"]).rename(index=str)
    if not copy:
        data.uns.pop(f"{key_added}_left_out", None)  # of an earlier call
    warn_undefined(_undefined(results, rows))
    if left_out:
        some = "; ".join(f"{key!r}: {score} ({reason})" for key, score, reason in left_out[:3])
        more = f" and {len(left_out) - 3} more" if len(left_out) > 3 else ""
        noted = "" if copy else f"; uns['{key_added}_left_out'] lists all"
        warn_user(f"evaluate left out {some}{more}{noted}")
    return stored(data, table, key_added, copy=copy, **({"left_out": missing} if left_out else {}))


def _undefined(results: list[Result], rows: list[Row]) -> Iterator[str]:
    """Why rows are NaN."""
    keys = {row["key"] for row in rows if np.isnan(row["value"])}
    for result in results:
        if result.key in keys and isinstance(result.found, Found):
            yield from undefined_of(result.found)


def _chosen(scores: Iterable[str] | None) -> list[Score]:
    """The records of the named scores, in the order of the table."""
    if scores is None:
        return list(SCORES)
    names = _several("scores", scores, "score")
    for name in names:
        _validate.one_of("scores", name, list(dict.fromkeys(score.name for score in SCORES)))
    return [score for score in SCORES if score.name in names]


def _several(name: str, values: Iterable[str], what: str) -> list[str]:
    chosen = [_validate.text(name, value) for value in _validate.listed(name, values)]
    if not chosen:
        msg = f"{name} must name at least one {what}, got none"
        raise ValueError(msg)
    _validate.unique(name, chosen)
    return chosen


def _rows(
    results: list[Result], chosen: list[Score], *, is_named: bool
) -> tuple[list[Row], list[tuple[str, str, str]]]:
    """Rows of the table, and key, name and reason of each score that is left out."""
    from tqdm.auto import tqdm

    rows: list[Row] = []
    left_out: list[tuple[str, str, str]] = []
    tasks = [(result, own) for result in results for own in _by_function(result, chosen, is_named=is_named)]
    for result, scores in tqdm(tasks, desc="evaluate", unit="score", delay=PATIENCE, disable=None, leave=False):
        reasons = {score.name: score.needs(result.found) for score in scores}
        fitting = {score.name: score.better for score in scores if not reasons[score.name]}
        try:
            computed = list(scores[0].rows(result.found, result.draws)) if fitting else []
        except (ValueError, ArithmeticError) as error:
            computed, reasons = [], {name: str(error) for name in fitting} | {k: r for k, r in reasons.items() if r}
        rows += [
            {"key": result.key, **row, "direction": fitting[row["score"]]}
            for row in computed
            if row["score"] in fitting
        ]
        left_out += [(result.key, name, reason) for name, reason in reasons.items() if reason]
    return rows, left_out


def _by_function(result: Result, chosen: list[Score], *, is_named: bool) -> list[list[Score]]:
    """Scores of the result's slot that were named or are offered for it, those of one function together: it is called once."""
    functions: dict[Any, list[Score]] = {}
    for score in chosen:
        if score.slot == result.slot and (is_named or score.offered(result.found)):
            functions.setdefault(score.rows, []).append(score)
    return list(functions.values())
