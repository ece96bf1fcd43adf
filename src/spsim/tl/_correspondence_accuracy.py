"""Matches between slices against the true partners, on an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate, metrics
from spsim._keywords import refuses_unknown
from spsim._objects import annotated, is_sparse
from spsim.metrics._correspondence_accuracy import partners_within
from spsim.metrics._labels import label_codes
from spsim.slots import addressed, read_spacing, read_truth
from spsim.tl._draws import Draws
from spsim.tl._lookup import Found, all_keys, find, found_in
from spsim.tl._names import truth_rows
from spsim.tl._score import Row, Score, tidy, when_named
from spsim.tl._slices import no_slices, places_of, slices_of
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame
    from scipy.sparse import csr_matrix

PARTNERS = "partners"
# What chance is of: spots of the partner slice drawn at random.
RANDOM = "random_spot"


@refuses_unknown()
def correspondence_accuracy(
    data: AnnData | MuData,
    key: str | np.ndarray | csr_matrix,
    *,
    label: str = _keys.DOMAIN,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Score matches between spots of several slices against the true partners.

    Partners are spots of different slices within half a spacing of each other in the true frame.

    Parameters
    ----------
    data
        Object with matches in ``obsp``, or with coordinates or an embedding in ``obsm``.
    key
        Key of a sparse matrix, spots × spots, in ``obsp``: weights of the matches, as of a transport plan; or, if there
        is none of that name, of coordinates or an embedding in ``obsm``: then each spot is matched to the nearest one of
        each other slice. ``"rna:plan"`` means that of the modality ``rna``. Or such a matrix itself, in the order of the
        spots of ``data``.
    label
        Name of the true label for the agreement of matched spots.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    groups
        Column of ``obs`` with the slices; by default the one that the truth records.
    key_added
        Key to write; ``f"{key}_correspondence_accuracy"`` by default, without the key for a matrix.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per ordered pair of slices, named ``"FIRST to SECOND"``; a pair that is given in one direction is read in both:

    ``score``
        Share of the first slice's spots whose match is a true partner; with weights, the mean share of a spot's weight
        that lies on partners. Spots without a match are misses.
    ``ceiling``
        Share of the spots that have a partner.
    ``chance``
        Of a spot drawn from the second slice: 1 / n for each partner.
    ``mass``
        Share of all weight of the pair that lies on partners.
    ``agreement``
        Share of the spots whose match has the same label, as papers print it.
    ``n``, ``n_matched``
        Spots of the first slice, and how many have a match.

    Also written to ``uns[key_added]``.

    Raises
    ------
    KeyError
        No such key, label or column, no truth, or a truth without places in one frame.
    TypeError
        A key that is neither a text nor a matrix.
    ValueError
        No slices, names that do not align, a matrix that does not fit.

    Examples
    --------
    >>> import spsim as sps
    >>> design = sps.designs.Slices(turn=30, shift=2)
    >>> mdata = sps.simulate(sps.Scenario(design=design, n_side=12, modalities=[{"name": "rna"}]))
    >>> mdata.obsm["aligned"] = mdata.obsm["spatial_true"] + [100, 50]
    >>> table = sps.tl.correspondence_accuracy(mdata, "aligned")
    >>> table[["score", "chance"]].round(3).to_dict("list")
    {'score': [1.0, 1.0], 'chance': [0.007, 0.007]}
    """
    found, plan = _found(data, key, truth, groups=groups, label=label)
    default = f"{key}_correspondence_accuracy" if isinstance(key, str) else "correspondence_accuracy"
    return stored(data, _table(found, plan), chosen_key(key_added, default), copy=copy)


def _found(
    data: AnnData | MuData, key: Any, truth: AnnData | MuData | None, **where: Any
) -> tuple[Found, np.ndarray | csr_matrix | None]:
    """What was found, and its matches in the order of the truth; None for coordinates."""
    if isinstance(key, str):
        part, own_key = addressed(data, key)
        matches = getattr(part, "obsp", {})
        if own_key not in matches:
            if own_key not in part.obsm:
                _validate.known_key("key in obsp or obsm", key, [*all_keys(data, "obsp"), *all_keys(data, "obsm")])
            return find(data, key, "obsm", truth, **where), None
        found, plan = find(data, key, "obsp", truth, **where), matches[own_key]
    else:
        annotated("data", data)
        found, plan = found_in(data, data, "", "obsp", truth, **where), key
        if len(getattr(plan, "shape", ())) != 2:
            msg = f"key must be a text or a matrix, spots × spots, got {_validate.shown(key)}"
            raise TypeError(msg)
    n_spots = len(found.order)
    if np.shape(plan) != (n_spots, n_spots):
        msg = f"key must be a text, or a matrix with a row and a column for each of {n_spots} spots, got shape {np.shape(plan)}"
        raise ValueError(msg)
    rows = plan.tocsr() if is_sparse(plan) else np.asarray(plan)
    return found, rows[found.order][:, found.order]


def _table(found: Found, plan: Any) -> DataFrame:
    import pandas as pd

    labels, slices = found.true_labels, slices_of(found)
    matches = metrics.nearest_correspondence(found.values, slices) if plan is None else plan
    result = metrics.correspondence_accuracy(matches, _partners(found, slices), slices, labels=labels)
    columns = {
        "score": result.score,
        "ceiling": result.ceiling,
        "chance": result.chance,
        "null": RANDOM,
        "mass": result.mass,
        "agreement": result.agreement,
        "n": result.n,
        "n_matched": result.n_matched,
    }
    return pd.DataFrame(columns, index=[f"{first} to {second}" for first, second in result.pairs])


def _partners(found: Found, slices: np.ndarray) -> csr_matrix:
    """The partners that the truth records; where it records none, they follow from the true frame."""
    parts = getattr(found.source, "mod", {})
    for held in (found.source, *([parts[found.modality]] if found.modality in parts else [])):
        for entry in read_truth(held):
            if entry["slot"] == "obsp" and PARTNERS in (entry.get("role"), entry["key"]):
                rows = truth_rows(found.names, held)
                return held.obsp[entry["key"]].tocsr()[rows][:, rows]
    codes = label_codes("slices", slices)[0]
    return partners_within(places_of(found, _keys.SPATIAL_TRUE), codes, read_spacing(found.source) / 2)


def _rows(found: Found, draws: Draws) -> Iterator[Row]:
    return tidy(_table(found, None), score="correspondence_accuracy")


def _needs(found: Found) -> str:
    return found.missing_label or no_slices(found)


SCORES = (
    Score(name="correspondence_accuracy", slot="obsm", better="higher", needs=_needs, offered=when_named, rows=_rows),
)
