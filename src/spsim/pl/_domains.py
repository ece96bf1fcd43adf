"""True domains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from spsim import _keys, get
from spsim._keywords import refuses_unknown
from spsim.pl._colours import MISSING, domain_colours, grey
from spsim.pl._legend import legend_beside
from spsim.pl._panels import figure_of, own_axes, single_panel
from spsim.pl._scale_bar import add_scale_bar
from spsim.pl._spots import aspect, draw_spots
from spsim.pl._titles import set_title

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from mudata import MuData

NO_LABEL = "NA"


@refuses_unknown()
def domains(
    data: AnnData | MuData, *, label: str = _keys.DOMAIN, groups: str | None = None, ax: Axes | None = None
) -> Figure:
    """Draw the true domains or another true label, as squidpy would (row 0 on top), with a legend.

    Spots without a label are ``NA`` in the legend. A scale bar is drawn where the layout's unit is a length.

    Parameters
    ----------
    data
        A simulated object or one modality of it.
    label
        Name of the label, such as ``"cell_type"``.
    groups
        Column of ``obs`` (slice, sample) whose parts are drawn side by side; by default the one that the object records.
    ax
        Where to draw; a new figure, as wide as the legend needs, without it.

    Returns
    -------
    The figure.

    Examples
    --------
    >>> import spsim as sps
    >>> figure = sps.pl.domains(sps.datasets.ggblocks(n_side=12))
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['background', 'block_1', 'block_2', 'block_3', 'block_4']
    """
    axes = single_panel(aspect=aspect(data, groups)) if ax is None else own_axes("ax", ax)
    colours = draw_domains(axes, data, groups, label)
    set_title(axes, label)
    add_scale_bar(axes, data)
    legend_beside(axes, colours, widen=ax is None)
    return figure_of([axes])


def draw_domains(
    ax: Axes,
    data: AnnData | MuData,
    groups: str | None = None,
    label: str = _keys.DOMAIN,
    frame: str = _keys.SPATIAL,
    colours: Mapping[str, str] | None = None,
) -> list[tuple[str, str]]:
    """Draw the domains, or another label, and return each with its colour."""
    labels = get.domains(data, label=label)
    names = list(labels.cat.categories)
    if colours is None:
        colours = domain_colours(names, list(get.factors(data).columns) if label == _keys.DOMAIN else [])
    missing = grey(MISSING)
    draw_spots(ax, data, groups=groups, frame=frame, facecolors=[colours.get(own, missing) for own in labels])
    return [*((name, colours[name]) for name in names), *([(NO_LABEL, missing)] if labels.isna().any() else [])]
