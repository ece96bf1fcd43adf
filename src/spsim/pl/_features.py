"""Measured features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, _validate
from spsim._keywords import refuses_unknown
from spsim._objects import annotated, as_dense
from spsim.pl._factors import draw_values
from spsim.pl._panels import figure_of, own_row, panels
from spsim.pl._scale_bar import add_scale_bar
from spsim.pl._spots import aspect
from spsim.slots import addressed, raw_layer

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from mudata import MuData


@refuses_unknown()
def features(
    adata: AnnData | MuData, names: Sequence[str], *, groups: str | None = None, axes: Sequence[Axes] | None = None
) -> Figure:
    """Draw raw counts of some features side by side, on a square-root colour scale.

    Values of which some are negative have a linear scale. Colour bars, the ends of their scales and the scale bar are
    those of :func:`spsim.pl.factors`.

    Parameters
    ----------
    adata
        One modality, or an object of several.
    names
        Features to draw; ``"rna:CD4"`` means ``CD4`` of the modality ``rna``, where several have one of that name.
    groups
        Column of ``obs`` (slice, sample) whose parts are drawn side by side; by default the one that the object records.
    axes
        Where to draw, one per feature; a new figure without it.

    Returns
    -------
    The figure.

    Raises
    ------
    KeyError
        A feature that does not exist.
    ValueError
        No feature, one that several modalities have, or not one of ``axes`` per feature.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> figure = sps.pl.features(mdata, ["rna_0", "rna_1"])
    >>> len(figure.axes)
    2
    """
    annotated("adata", adata)
    chosen = [str(_validate.text("names", name)) for name in _validate.listed("names", names)]
    if not chosen:
        msg = "names must hold at least one feature, got none"
        raise ValueError(msg)
    found = [_found(adata, name) for name in chosen]
    drawn = (
        panels(1, len(chosen), aspect=aspect(found[0][0], groups))[1][0]
        if axes is None
        else own_row("axes", axes, len(chosen), per="feature")
    )
    for ax, name, (part, own_name) in zip(drawn, chosen, found, strict=True):
        draw_feature(ax, part, own_name, title=name, groups=groups)
    add_scale_bar(drawn[0], found[0][0])
    return figure_of(drawn)


def draw_feature(ax: Axes, adata: AnnData, name: str, *, title: str | None = None, groups: str | None = None) -> None:
    """Draw what was measured of a feature."""
    values = np.asarray(as_dense(raw_layer(adata[:, name]))).ravel()
    draw_values(ax, adata, values, title=title or name, label=measured_as(adata), root=True, groups=groups)


def measured_as(adata: AnnData) -> str:
    """Return what the numbers of a modality are."""
    return "counts" if _keys.COUNTS in adata.layers else "values"


def _found(data: AnnData | MuData, name: str) -> tuple[AnnData, str]:
    """Return the one modality that has a feature, and the feature's name there."""
    where, own_name = addressed(data, name)
    parts = dict(getattr(where, "mod", {"": where}))
    holding = [key for key, part in parts.items() if own_name in part.var_names]
    if len(holding) > 1:
        ways = _validate.listing(f"{key}:{own_name}" for key in holding)
        msg = f"names: {_validate.shown(name)} is a feature of several modalities: say which one, as {ways}"
        raise ValueError(msg)
    if not holding:
        known = [str(feature) for part in parts.values() for feature in part.var_names]
        msg = f"names: no feature {_validate.shown(name)}{_validate.closest(own_name, known)}"
        raise KeyError(msg)
    return parts[holding[0]], own_name
