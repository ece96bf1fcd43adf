"""Measured features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, _validate
from spsim._objects import as_dense, unimodal
from spsim.pl._factors import draw_values
from spsim.pl._panels import figure_of, own_row, panels
from spsim.pl._scale_bar import add_scale_bar
from spsim.pl._spots import aspect
from spsim.slots import raw_layer

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def features(
    adata: AnnData, names: Sequence[str], *, groups: str | None = None, axes: Sequence[Axes] | None = None
) -> Figure:
    """Draw raw counts of some features side by side, on a square-root colour scale.

    Values of which some are negative have a linear scale. Colour bars, the ends of their scales and the scale bar are
    those of :func:`spsim.pl.factors`.

    Parameters
    ----------
    adata
        One modality.
    names
        Features to draw.
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
        No feature, or not one of ``axes`` per feature.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> figure = sps.pl.features(mdata["rna"], ["rna_0", "rna_1"])
    >>> len(figure.axes)
    2
    """
    unimodal("adata", adata)
    chosen = [str(_validate.text("names", name)) for name in _validate.listed("names", names)]
    if not chosen:
        msg = "names must hold at least one feature, got none"
        raise ValueError(msg)
    drawn = (
        panels(1, len(chosen), aspect=aspect(adata, groups))[1][0]
        if axes is None
        else own_row("axes", axes, len(chosen), per="feature")
    )
    for ax, name in zip(drawn, chosen, strict=True):
        if name not in adata.var_names:
            msg = f"names: no feature {_validate.shown(name)}{_validate.closest(name, adata.var_names)}"
            raise KeyError(msg)
        draw_feature(ax, adata, name, groups=groups)
    add_scale_bar(drawn[0], adata)
    return figure_of(drawn)


def draw_feature(ax: Axes, adata: AnnData, name: str, *, groups: str | None = None) -> None:
    """Draw what was measured of a feature."""
    values = np.asarray(as_dense(raw_layer(adata[:, name]))).ravel()
    draw_values(ax, adata, values, title=name, label=measured_as(adata), root=True, groups=groups)


def measured_as(adata: AnnData) -> str:
    """Return what the numbers of a modality are."""
    return "counts" if _keys.COUNTS in adata.layers else "values"
