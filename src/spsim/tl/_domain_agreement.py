"""Agreement of a partition with the true domains, on an object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, get
from spsim._keywords import refuses_unknown
from spsim.metrics._domain_agreement import AGREEMENT, agreement_of_codes
from spsim.metrics._groups import group_members
from spsim.metrics._labels import label_codes
from spsim.tl._draws import Draws
from spsim.tl._lookup import Found, find
from spsim.tl._score import Row, Score, tidy
from spsim.tl._store import chosen_key, stored
from spsim.tl._told_apart import as_told_apart, domains_told_apart
from spsim.tl._undefined import single_label, warn_undefined

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike


@refuses_unknown()
def domain_agreement(
    data: AnnData | MuData,
    key: str,
    *,
    label: str = _keys.DOMAIN,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
    visible: Iterable[str] | None = None,
    n_chance: int = 20,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Compare a partition of the spots with the true domains.

    Parameters
    ----------
    data
        Object with labels in ``obs``.
    key
        Key of the labels; ``"rna:leiden"`` means ``obs["leiden"]`` of the modality ``rna``.
    label
        Name of the true label: the domains by default, or another one that the truth records, such as ``"cell_type"``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    groups
        Column of ``obs`` (slice, sample, also one that ``anndata.concat`` wrote) within which unrelated labels are drawn;
        by default the one that the truth records.
    visible
        Names of the factors that a perfect method sees, for its ceiling; by default those that load what was given to
        the method: the modality for ``"rna:leiden"``, all modalities for labels at the top.
    n_chance
        Draws of unrelated labels, as smooth in space as these; 0 leaves chance out.
    rng
        Seed of the draws.
    key_added
        Key to write; ``f"{key}_domain_agreement"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per score (``ari``, ``nmi``, …, and ``n``, the number of spots):

    ``score``
        Value over all spots.
    ``ceiling``
        Value of the true domains, or categories of another label, as far as what was given to the method tells them apart:
        what no feature sees, or all features confuse, is one.
    ``chance``
        Mean over labels shifted in space (:func:`spsim.metrics.domain_chance`), or shuffled if there are no places.
    ``null``
        Which of the two, ``toroidal_shift`` or ``permutation``.
    ``foreground``, ``foreground_ceiling``, ``foreground_chance``
        The same outside the background, which otherwise dominates (only if there is such a spot).

    All are NaN where there is one true label only, which a warning says.

    Also written to ``uns[key_added]``, and where there are groups a table of groups × scores, each over the spots of one
    group, to ``uns[f"{key_added}_groups"]``.

    Raises
    ------
    KeyError
        No such key, or no truth.
    ValueError
        Names that do not align, labels that are missing, no such visible factor.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.ggblocks(n_side=12)
    >>> mdata.obs["guess"] = mdata.obs["domain"].astype(str).replace({"block_4": "block_3"})
    >>> sps.tl.domain_agreement(mdata, "guess").loc[["ari", "completeness"], "score"].round(2).to_dict()
    {'ari': 0.87, 'completeness': 1.0}
    """
    found = find(data, key, "obs", truth, groups=groups, label=label)
    table = _table(found, Draws(found=found, n_chance=n_chance, rng=rng), visible)
    warn_undefined(single_label(found))
    by_group = {} if found.groups is None else {"groups": _by_group(found)}
    return stored(data, table, chosen_key(key_added, f"{key}_domain_agreement"), copy=copy, **by_group)


def visible_labels(found: Found, visible: Iterable[str] | None = None) -> np.ndarray:
    """Return the best partition of a method that sees the named factors, by default what it was given."""
    if found.label != _keys.DOMAIN:
        if visible is not None:
            msg = f"visible says which factors make the domains; label={found.label!r} has no such ceiling: leave visible out"
            raise ValueError(msg)
        return as_told_apart(found, found.true_labels)
    holding, rows = found.held_labels
    if visible is not None:
        return get.visible_domains(holding, visible).to_numpy()[rows].astype(str)
    spatial = replace(found, block=_keys.SPATIAL_BLOCK)
    seen = get.visible_domains(holding, spatial.factors.columns[spatial.visible])
    return domains_told_apart(found, seen.to_numpy()[rows].astype(str))


def label_target(found: Found) -> str:
    """Return what the tidy table calls the spots of all categories of a label."""
    return "domains" if found.label == _keys.DOMAIN else found.label


def _table(found: Found, draws: Draws, visible: Iterable[str] | None = None) -> DataFrame:
    import pandas as pd

    codes = {"score": found.values, "ceiling": visible_labels(found, visible), "truth": found.true_labels}
    coded = {name: label_codes("labels", labels)[0] for name, labels in codes.items()}
    foreground = found.foreground
    columns: dict[str, Any] = _columns(coded, draws, np.ones(len(foreground), bool))
    if foreground.any():
        inside = _columns(coded, draws, foreground)
        columns |= {"foreground" if name == "score" else f"foreground_{name}": inside[name] for name in inside}
    table = pd.DataFrame(columns)
    return table.assign(null=draws.null) if draws.n_chance else table


def _by_group(found: Found) -> DataFrame:
    import pandas as pd

    labels, truth = (label_codes("labels", values)[0] for values in (found.values, found.true_labels))
    members = group_members(found.groups, len(truth))
    rows = {str(name): agreement_of_codes(labels[own], truth[own]) for name, own in members.items()}
    return pd.DataFrame(list(rows.values()), index=list(rows))


def _columns(coded: dict[str, np.ndarray], draws: Draws, mask: np.ndarray) -> dict[str, dict[str, float]]:
    true = coded["truth"][mask]
    columns = {name: agreement_of_codes(coded[name][mask], true) for name in ("score", "ceiling")}
    if draws.n_chance:
        drawn = [agreement_of_codes(labels[mask], true) for labels in draws.labels]
        columns["chance"] = {name: float(np.mean([scores[name] for scores in drawn])) for name in drawn[0]}
    return columns


def _rows(found: Found, draws: Draws) -> Iterator[Row]:
    table = _table(found, draws)
    for target, prefix in ((label_target(found), ""), ("foreground", "foreground_")):
        own = {prefix.rstrip("_") or "score": "score", f"{prefix}ceiling": "ceiling", f"{prefix}chance": "chance"}
        if next(iter(own)) in table:  # there may be no spot outside the background
            part = table[[name for name in (*own, "null") if name in table]].rename(columns=own)
            yield from tidy(part.drop(index="n").assign(n=int(part.loc["n", "score"])), target=target)


# nmi and v_measure are one number: here it stands once.
SCORES = tuple(Score(name=name, slot="obs", better="higher", rows=_rows) for name in AGREEMENT if name != "v_measure")
