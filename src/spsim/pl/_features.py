"""Measured features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate
from spsim._objects import as_dense, unimodal
from spsim.pl._factors import draw_values
from spsim.pl._panels import figure_of, own_row, panels
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
        counts = as_dense(raw_layer(adata[:, name])).ravel()
        draw_values(ax, adata, np.sqrt(np.maximum(counts, 0)), title=name, groups=groups)
    return figure_of(drawn)
