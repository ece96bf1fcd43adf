"""True spatial factors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, get
from spsim._keywords import refuses_unknown
from spsim.pl._colours import COLOUR_MAP, MISSING, grey
from spsim.pl._panels import figure_of, own_row, panels
from spsim.pl._scale import add_colour_bar, colour_spots
from spsim.pl._scale_bar import add_scale_bar
from spsim.pl._spots import aspect, draw_spots
from spsim.pl._titles import set_title

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from mudata import MuData


@refuses_unknown()
def factors(
    data: AnnData | MuData,
    *,
    block: str = _keys.SPATIAL_BLOCK,
    groups: str | None = None,
    axes: Sequence[Axes] | None = None,
) -> Figure:
    """Draw the true factors of a block, by default the spatial ones, side by side, as squidpy would (row 0 on top).

    Each panel has a colour bar. Its scale ends at the 99th percentile, so that single spots do not take it over, and
    begins at the 1st where there are negative values; pointed ends say that there are values beyond. A scale bar is drawn
    where the layout's unit is a length.

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
        draw_values(ax, data, table[name].to_numpy(), title=str(name), label="factor", groups=groups)
    add_scale_bar(drawn[0], data)
    return figure_of(drawn)


def draw_values(
    ax: Axes,
    data: AnnData | MuData,
    values: np.ndarray,
    *,
    title: str,
    label: str,
    colour: str | None = None,
    root: bool = False,
    groups: str | None = None,
) -> None:
    """Draw one value per spot, with a colour bar that a label explains, under a title that a colour may belong to."""
    from matplotlib import colormaps

    spots = draw_spots(ax, data, groups=groups, cmap=colormaps[COLOUR_MAP].with_extremes(bad=grey(MISSING)))
    colour_spots(spots, np.asarray(values, float), root=root)
    set_title(ax, title, colour=colour)
    add_colour_bar(ax, spots, label)
