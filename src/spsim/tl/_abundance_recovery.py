"""Differences of composition between conditions, from estimated labels, on an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, _validate, metrics
from spsim._keywords import refuses_unknown
from spsim.tl._draws import Draws
from spsim.tl._groups import column_labels
from spsim.tl._lookup import Found, find
from spsim.tl._score import Row, Score, tidy
from spsim.tl._slices import no_slices, slices_of
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike
    from spsim.metrics import AbundanceRecovery

CONDITION = "condition"
BEST = {"rmse": 0.0, "pearson": 1.0}
NAMES = {"rmse": "abundance_rmse", "pearson": "abundance_pearson"}
PERMUTED = "permuted_conditions"


@refuses_unknown()
def abundance_recovery(
    data: AnnData | MuData,
    key: str,
    *,
    condition: str = CONDITION,
    label: str = _keys.DOMAIN,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
    reference: str | None = None,
    n_chance: int = 20,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Score which domains or types are found to be more abundant in one condition than in another.

    Clusters are given to true labels one to one, by the assignment with the most spots in common.

    Parameters
    ----------
    data
        Object with labels in ``obs``.
    key
        Key of the labels; ``"rna:leiden"`` means ``obs["leiden"]`` of the modality ``rna``.
    condition
        Column of ``obs`` with the condition of each sample.
    label
        Name of the true label: the domains by default, or another one that the truth records, such as ``"cell_type"``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    groups
        Column of ``obs`` with the samples; by default the one that the truth records.
    reference
        Condition that the others are compared with; by default the first category, else the first that occurs.
    n_chance
        Draws of conditions that are dealt out to the samples anew; 0 leaves chance out.
    rng
        Seed of the draws.
    key_added
        Key to write; ``f"{key}_abundance_recovery"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    Rows ``rmse`` and ``pearson`` of the estimated log2 folds against the true ones, over all labels and conditions
    (:func:`spsim.metrics.abundance_recovery`): ``score``, ``ceiling``, ``chance`` and ``n``, the number of samples. Also
    written to ``uns[key_added]``, and a table of the folds, with columns ``label``, ``condition``, ``truth``,
    ``estimate`` and ``matched``, to ``uns[f"{key_added}_folds"]``.

    Raises
    ------
    KeyError
        No such key, label or column, or no truth.
    ValueError
        No samples, a sample with two conditions, fewer than two conditions, no such reference, names that do not align.

    Examples
    --------
    >>> import spsim as sps
    >>> design = sps.designs.Slices(n_slices=4, missing={"slice_3": ["block_2"], "slice_4": ["block_2"]})
    >>> mdata = sps.simulate(sps.Scenario(design=design, n_side=12, modalities=[{"name": "rna"}]))
    >>> mdata.obs["condition"] = (
    ...     mdata.obs["slice"].isin(["slice_3", "slice_4"]).map({True: "treated", False: "control"})
    ... )
    >>> mdata.obs["guess"] = mdata.obs["domain"].astype(str)
    >>> sps.tl.abundance_recovery(mdata, "guess")["score"].round(6).to_dict()
    {'rmse': 0.0, 'pearson': 1.0}
    """
    import pandas as pd

    n_draws = _validate.whole("n_chance", n_chance)
    found = find(data, key, "obs", truth, groups=groups, label=label)
    result = _result(found, condition, reference, n_draws=n_draws, rng=rng)
    folds = pd.DataFrame(
        {
            "label": np.repeat([str(name) for name in result.names], len(result.contrasts)),
            "condition": np.tile([str(name) for name in result.contrasts], len(result.names)),
            "truth": result.truth.ravel(),
            "estimate": result.estimate.ravel(),
            "matched": np.repeat(result.matched, len(result.contrasts)),
        }
    ).rename(index=str)
    return stored(data, _table(result), chosen_key(key_added, f"{key}_abundance_recovery"), copy=copy, folds=folds)


def _result(found: Found, condition: str, reference: str | None, **draws: object) -> AbundanceRecovery:
    labels, samples = found.true_labels, slices_of(found)
    conditions = column_labels("condition", condition, found.names, (found.where, found.data, found.source))
    base = _first(found, condition, conditions) if reference is None else reference
    return metrics.abundance_recovery(
        found.values,
        labels,
        samples,
        conditions,
        reference=base,
        **draws,  # type: ignore[arg-type]
    )


def _first(found: Found, condition: str, conditions: np.ndarray) -> object:
    """The first category that occurs; of a column without categories the first in order."""
    own = condition.rpartition(":")[2]
    for holder in (found.where, found.data, found.source):
        if own in holder.obs and hasattr(holder.obs[own], "cat"):
            present = set(conditions.tolist())
            return next((name for name in holder.obs[own].cat.categories if name in present), None)
    return min(conditions.tolist(), key=str)


def _table(result: AbundanceRecovery) -> DataFrame:
    import pandas as pd

    table = pd.DataFrame({"score": result.scores, "ceiling": BEST})
    if result.chance:
        table = table.assign(chance=pd.Series(result.chance), null=PERMUTED)
    return table.assign(n=result.n)


def _rows(found: Found, draws: Draws) -> Iterator[Row]:
    result = _result(found, CONDITION, None, n_draws=draws.n_chance, rng=draws.seed)
    return tidy(_table(result).rename(index=NAMES), target="conditions")


def _needs(found: Found) -> str:
    reason = found.missing_label or no_slices(found)
    return reason or ("" if _has_conditions(found) else f"needs a column {CONDITION!r} of obs")


def _has_conditions(found: Found) -> bool:
    return any(CONDITION in holder.obs for holder in (found.where, found.data, found.source))


def _offered(found: Found) -> bool:
    return _has_conditions(found) and not no_slices(found) and not found.missing_label


SCORES = tuple(
    Score(name=name, slot="obs", better=better, needs=_needs, offered=_offered, rows=_rows)  # type: ignore[arg-type]
    for name, better in ((NAMES["rmse"], "lower"), (NAMES["pearson"], "higher"))
)
