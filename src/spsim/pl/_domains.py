"""True domains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim import _keys, get
from spsim.pl._colours import BACKGROUND_COLOUR, domain_colours
from spsim.pl._panels import own_axes, single_panel
from spsim.pl._spots import aspect, draw_spots

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from mudata import MuData

LEGEND_ROWS = 12


def domains(
    data: AnnData | MuData, *, label: str = _keys.DOMAIN, groups: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the true domains or another true label, as squidpy would (row 0 on top).

    Parameters
    ----------
    data
        A simulated object or one modality of it.
    label
        Name of the label, such as ``"cell_type"``.
    groups
        Column of ``obs`` (slice, sample) whose parts are drawn side by side; by default the one that the object records.
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
    names = list(get.domains(data, label=label).cat.categories)
    axes = (
        single_panel(aspect=aspect(data, groups), legend_columns=-(-len(names) // LEGEND_ROWS))
        if ax is None
        else own_axes("ax", ax)
    )
    _legend(axes, draw_domains(axes, data, groups, label))
    return axes


def draw_domains(
    ax: Axes, data: AnnData | MuData, groups: str | None = None, label: str = _keys.DOMAIN
) -> dict[str, str]:
    """Draw the domains, or another label, and return the colour of each."""
    labels = get.domains(data, label=label)
    factors = list(get.factors(data).columns) if label == _keys.DOMAIN else []
    colours = domain_colours(list(labels.cat.categories), factors)
    draw_spots(ax, data, groups=groups, facecolors=[colours.get(own, BACKGROUND_COLOUR) for own in labels])
    return colours


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
