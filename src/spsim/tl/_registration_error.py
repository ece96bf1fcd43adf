"""Aligned coordinates against the true frame, on an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, metrics
from spsim._keywords import refuses_unknown
from spsim.tl._draws import Draws
from spsim.tl._lookup import Found, find
from spsim.tl._score import Row, Score, tidy, when_named
from spsim.tl._slices import no_slices, places_of, slices_of
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

# What chance is of: the slices as they were measured.
UNALIGNED = "unaligned"


@refuses_unknown()
def registration_error(
    data: AnnData | MuData,
    key: str,
    *,
    truth: AnnData | MuData | None = None,
    groups: str | None = None,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Compare aligned coordinates of several slices with the true ones, up to one motion of all slices together.

    Parameters
    ----------
    data
        Object with aligned coordinates in ``obsm``.
    key
        Key of the coordinates; ``"rna:aligned"`` means ``obsm["aligned"]`` of the modality ``rna``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    groups
        Column of ``obs`` with the slices; by default the one that the truth records.
    key_added
        Key to write; ``f"{key}_registration_error"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per slice, over the spots in the area that all slices share (:func:`spsim.metrics.shared_area`):

    ``score``
        Root mean squared distance to the true positions, in coordinate units, after the one turn or reflection and shift
        of all slices together that fits best. No scale is taken out.
    ``ceiling``, ``chance``
        0, and the same of the slices as they were measured, ``obsm["spatial"]``.
    ``angle``, ``shift``, ``scale``, ``is_reflected``, ``residual``
        What the error consists of (:class:`spsim.metrics.RegistrationError`): the turn in degrees and the shift that the
        slice still needs, its size (1 is right), whether it is mirrored, and what no motion of its own would mend.
    ``n``
        Spots.

    Also written to ``uns[key_added]``.

    Raises
    ------
    KeyError
        No such key or column, no truth, or a truth without ``obsm["spatial_true"]``.
    ValueError
        No slices, names that do not align, another number of columns than the coordinates have, slices that share no
        area.

    Examples
    --------
    >>> import spsim as sps
    >>> design = sps.designs.Slices(n_slices=3, turn=60, shift=4)
    >>> mdata = sps.simulate(sps.Scenario(design=design, n_side=12, modalities=[{"name": "rna"}]))
    >>> mdata.obsm["aligned"] = mdata.obsm["spatial_true"] + [100, 50]
    >>> sps.tl.registration_error(mdata, "aligned")["score"].round(6).to_dict()
    {'slice_1': 0.0, 'slice_2': 0.0, 'slice_3': 0.0}
    """
    table = _table(find(data, key, "obsm", truth, groups=groups))
    return stored(data, table, chosen_key(key_added, f"{key}_registration_error"), copy=copy)


def _table(found: Found) -> DataFrame:
    import pandas as pd

    slices, true = slices_of(found), places_of(found, _keys.SPATIAL_TRUE)
    inside = metrics.shared_area(true, slices)
    result = metrics.registration_error(found.values, true, slices, shared=inside)
    unaligned = metrics.registration_error(places_of(found, _keys.SPATIAL), true, slices, shared=inside)
    columns = {
        "score": result.score,
        "ceiling": 0.0,
        "chance": unaligned.score,
        "null": UNALIGNED,
        "angle": result.angle,
        "shift": result.shift,
        "scale": result.scale,
        "is_reflected": result.is_reflected,
        "residual": result.residual,
        "n": result.n,
    }
    return pd.DataFrame(columns, index=[str(name) for name in result.names])


def _rows(found: Found, draws: Draws) -> Iterator[Row]:
    return tidy(_table(found), score="registration_error")


def _needs(found: Found) -> str:
    reason = no_slices(found)
    if reason:
        return reason
    try:
        n_axes = places_of(found, _keys.SPATIAL_TRUE).shape[1]
    except KeyError:
        return f"the truth has no obsm[{_keys.SPATIAL_TRUE!r}]"
    n_columns = np.shape(found.values)[1]
    return "" if n_columns == n_axes else f"needs {n_axes} columns, one per axis, got {n_columns}"


SCORES = (Score(name="registration_error", slot="obsm", better="lower", needs=_needs, offered=when_named, rows=_rows),)
