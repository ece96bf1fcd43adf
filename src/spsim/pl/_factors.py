"""True spatial factors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, get
from spsim.pl._colours import COLOUR_MAP
from spsim.pl._panels import figure_of, own_row, panels
from spsim.pl._spots import aspect, draw_spots

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from mudata import MuData


def factors(
    data: AnnData | MuData,
    *,
    block: str = _keys.SPATIAL_BLOCK,
    groups: str | None = None,
    axes: Sequence[Axes] | None = None,
) -> Figure:
    """Draw the true factors of a block, by default the spatial ones, side by side, as squidpy would (row 0 on top).

    Parameters
    ----------
    data
        A simulated object or one modality of it.
    block
        Name of the block (:func:`spsim.get.blocks` lists them); non-spatial factors belong to modalities.
    groups
        Column of ``obs`` (slice, sample) whose parts are drawn side by side; by default the one that the object records.
    axes
        Where to draw, one per factor; a new figure without it.

    Returns
    -------
    The figure.

    Raises
    ------
    ValueError
        Not one of ``axes`` per factor.

    Examples
    --------
    >>> import spsim as sps
    >>> figure = sps.pl.factors(sps.datasets.quilt(n_side=12))
    >>> [ax.get_title() for ax in figure.axes]
    ['squares', 'corners', 'scotland', 'checkers']
    """
    table = get.factors(data, block=block)
    n_panels = table.shape[1]
    drawn = (
        panels(1, n_panels, aspect=aspect(data, groups))[1][0]
        if axes is None
        else own_row("axes", axes, n_panels, per="factor")
    )
    for ax, name in zip(drawn, table.columns, strict=True):
        draw_values(ax, data, table[name].to_numpy(), title=str(name), groups=groups)
    return figure_of(drawn)


def draw_values(ax: Axes, data: AnnData | MuData, values: np.ndarray, *, title: str, groups: str | None = None) -> None:
    """Draw one value per spot."""
    spots = draw_spots(ax, data, groups=groups, cmap=COLOUR_MAP)
    spots.set_array(np.asarray(values, float))
    ax.set_title(title, fontsize="small")
