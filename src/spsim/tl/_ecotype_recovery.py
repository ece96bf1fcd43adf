"""Ecotypes of cells against the true ones, on an object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate, get, metrics
from spsim._keywords import refuses_unknown
from spsim.metrics._ecotype_recovery import ACCURACY, CONFIDENCE, F1, MATCHED, NONE, recovery_of_parts
from spsim.metrics._groups import group_members
from spsim.slots import is_torn
from spsim.tl._draws import Draws
from spsim.tl._groups import column_labels
from spsim.tl._lookup import Found, find
from spsim.tl._score import Row, Score, tidy
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike
    from spsim.metrics import EcotypeRecovery

ECOTYPE, CELL_TYPE = "ecotype", "cell_type"
PERMUTED = "permuted_in_types"
NAMES = {F1: "ecotype_f1", MATCHED: "ecotype_f1_matched", ACCURACY: "ecotype_accuracy", CONFIDENCE: "ecotype_auroc"}


@refuses_unknown()
def ecotype_recovery(
    data: AnnData | MuData,
    key: str,
    *,
    confidence: str | None = None,
    label: str = ECOTYPE,
    cell_type: str = CELL_TYPE,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
    n_chance: int = 20,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Score estimated ecotypes of cells against the true ones, within each cell type.

    Labels that are all names of ecotypes are taken as they are, also where an ecotype has no cell here; others, such as
    numbers of clusters, are given to ecotypes one to one, by the assignment with the most cells in common.

    Parameters
    ----------
    data
        Object with labels in ``obs``.
    key
        Key of the labels; ``"rna:guess"`` means ``obs["guess"]`` of the modality ``rna``.
    confidence
        Column of ``obs`` that says how sure it is that a cell belongs to an ecotype at all; by default whether its label
        is not ``outside``.
    label
        Name of the true label.
    cell_type
        Name of the label with the types, within which ecotypes are compared.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    groups
        Column of ``obs`` with the samples; by default the one that the truth records.
    n_chance
        Draws of labels that are permuted within types; 0 leaves chance out.
    rng
        Seed of the draws.
    key_added
        Key to write; ``f"{key}_ecotype_recovery"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per score of :func:`spsim.metrics.ecotype_recovery`:

    ``f1``
        Mean over types and ecotypes of the F1 of an ecotype against the rest of its type: the main score.
    ``f1_matched``
        The same with labels given to ecotypes within each type anew.
    ``accuracy``
        Share of the cells of ecotypes whose label is right.
    ``confidence_auroc``
        Whether cells outside ecotypes have a lower confidence; NaN without such cells or any confidence.

    and the columns ``score``, ``ceiling``, ``chance``, ``chance_p95`` (mean and 95th percentile over the draws), ``null``
    and ``n``, the number of cells. Also written to ``uns[key_added]``, with the F1 of each type (rows) and ecotype in both
    readings as ``uns[f"{key_added}_types"]`` and ``uns[f"{key_added}_matched"]``, and where there are samples a table of
    samples × scores, each over the cells of one, as ``uns[f"{key_added}_groups"]``: fit on the other samples for
    leave-one-sample-out. Labels mean the same ecotypes in all samples, except in ``f1_matched``. A type and ecotype that a sample has no cells of is in none of its means; ``n_states`` says how
    many are.

    Raises
    ------
    KeyError
        No such key, label or column, or no truth.
    ValueError
        Names that do not align, labels that are missing, no cell in an ecotype.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.ecotypes()
    >>> rna = mdata["rna"]
    >>> rna.obs["guess"] = rna.obs["ecotype"].astype(str)
    >>> sps.tl.ecotype_recovery(mdata, "rna:guess")["score"].to_dict()
    {'f1': 1.0, 'f1_matched': 1.0, 'accuracy': 1.0, 'confidence_auroc': 1.0}
    """
    import pandas as pd

    n_draws = _validate.whole("n_chance", n_chance)
    found = find(data, key, "obs", truth, groups=groups, label=label)
    true, types = found.true_labels, replace(found, label=cell_type).true_labels
    sure = None if confidence is None else _confidence(found, confidence)
    result = metrics.ecotype_recovery(
        found.values, true, types, confidence=sure, ecotypes=_ecotypes(found), n_draws=n_draws, rng=rng
    )
    tables = {
        name: pd.DataFrame(values, [str(t) for t in result.types], [str(e) for e in result.ecotypes])
        for name, values in (("types", result.f1), ("matched", result.f1_matched))
    }
    if found.groups is not None:
        tables["groups"] = _by_group(found, types, sure)
    return stored(data, _table(result), chosen_key(key_added, f"{key}_ecotype_recovery"), copy=copy, **tables)


def _confidence(found: Found, key: str) -> np.ndarray:
    return column_labels("confidence", key, found.names, (found.where, found.data))


def _table(result: EcotypeRecovery) -> DataFrame:
    import pandas as pd

    table = pd.DataFrame({"score": result.overall}).assign(ceiling=1.0)
    if result.chance:
        table = table.assign(chance=pd.Series(result.chance), chance_p95=pd.Series(result.chance_p95), null=PERMUTED)
    return table.assign(n=result.n)


def _ecotypes(found: Found) -> list[str]:
    """Names of all ecotypes: those that have cells, and the other ones of their pattern, which a part may lack."""
    own = list(dict.fromkeys(label for label in found.true_labels.tolist() if label != NONE))
    if is_torn(found.source):
        return own
    pattern = [str(name) for name in get.activity(found.source).columns]
    return pattern if set(own) <= set(pattern) else own


def _by_group(found: Found, types: np.ndarray, confidence: np.ndarray | None) -> DataFrame:
    """Scores of each group; of one without a cell in an ecotype there are none."""
    import pandas as pd

    parts = group_members(found.groups, len(types))
    rows = recovery_of_parts(
        found.values, found.true_labels, types, parts, confidence=confidence, ecotypes=_ecotypes(found)
    )
    return pd.DataFrame(list(rows.values()), index=list(rows))


def _rows(found: Found, draws: Draws) -> Iterator[Row]:
    types = replace(found, label=CELL_TYPE).true_labels
    result = metrics.ecotype_recovery(
        found.values, found.true_labels, types, ecotypes=_ecotypes(found), n_draws=draws.n_chance, rng=draws.seed
    )
    return tidy(_table(result).dropna(subset="score").rename(index=NAMES), target=found.label)


def _needs(found: Found) -> str:
    if found.label != ECOTYPE:
        return f"needs label={ECOTYPE!r}, got {found.label!r}"
    return found.missing_label or replace(found, label=CELL_TYPE).missing_label


def _offered(found: Found) -> bool:
    return not _needs(found)


SCORES = tuple(
    Score(name=name, slot="obs", better="higher", needs=_needs, offered=_offered, rows=_rows) for name in NAMES.values()
)
