"""True domains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import get
from spsim.pl._colours import domain_colours
from spsim.pl._panels import single_panel
from spsim.pl._spots import draw_spots

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from mudata import MuData
LEGEND_ROWS = 12


def domains(data: AnnData | MuData, *, ax: Axes | None = None) -> Axes:
    """Draw the true domains, as squidpy would (row 0 on top).

    Parameters
    ----------
    data
        A simulated object or one modality of it.
    ax
        Where to draw; a new figure without it.

    Returns
    -------
    The axes.

    Examples
    --------
    >>> import spsim as sps
    >>> ax = sps.pl.domains(sps.datasets.ggblocks(n_side=12))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['background', 'block_1', 'block_2', 'block_3', 'block_4']
    """
    labels = get.domains(data)
    names = list(labels.cat.categories)
    colours = domain_colours(names, list(get.factors(data).columns))
    axes = single_panel(legend_columns=-(-len(names) // LEGEND_ROWS)) if ax is None else ax
    draw_spots(axes, data, facecolors=np.array([colours[name] for name in names], object)[labels.cat.codes].tolist())
    _legend(axes, colours)
    return axes


def _legend(axes: Axes, colours: dict[str, str]) -> None:
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], linestyle="", marker="s", color=colour, label=name) for name, colour in colours.items()]
    axes.legend(
        handles=handles,
        loc="center left",
        bbox_to_anchor=(1, 0.5),
        frameon=False,
        fontsize="small",
        ncols=-(-len(handles) // LEGEND_ROWS),
    )
