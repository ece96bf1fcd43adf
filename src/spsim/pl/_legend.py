"""Legends beside what they explain: whole, whatever they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from spsim.pl._panels import FONT, root_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

Colours = Sequence[tuple[str, str]]
LEAST = 0.4  # share of a user's axes that a legend must leave


def legend_in_figure(figure: Figure, colours: Colours) -> None:
    """Add a legend to the right of a figure's panels, and widen the figure by as much."""

    def add(n_columns: int) -> Legend:
        return figure.legend(**_options(colours, n_columns), loc="outside right upper")

    width, height = figure.get_size_inches()
    legend = _columns_for(figure, add, height)
    figure.set_size_inches(width + _size(figure, legend)[0], height)


def legend_beside(ax: Axes, colours: Colours, *, widen: bool) -> None:
    """Add a legend to the right of axes: the figure is widened by as much, or else the axes give up their room."""

    def add(n_columns: int) -> Legend:
        return ax.legend(**_options(colours, n_columns), loc="center left", bbox_to_anchor=(1, 0.5))

    figure = root_of([ax])
    width, height = figure.get_size_inches()
    legend = _columns_for(figure, add, height if widen else ax.bbox.height / figure.dpi)
    beside = _size(figure, legend)[0]
    # The layout reckons with axes as wide as their place; where they are narrower, these still end where it ends.
    ax.set_anchor("E")
    if widen:
        figure.set_size_inches(width + beside, height)
    elif figure.get_layout_engine() is None:
        place = ax.get_position(original=True)
        share = max(1 - beside * figure.dpi / ax.bbox.width, LEAST)
        ax.set_position((place.x0, place.y0, share * place.width, place.height))


def _columns_for(figure: Figure, add: Any, height: float) -> Legend:
    """As few columns as make a legend at most as high."""
    legend = add(1)
    n_columns = -int(-_size(figure, legend)[1] // height)
    if n_columns == 1:
        return legend
    legend.remove()
    return add(n_columns)


def _options(colours: Colours, n_columns: int) -> dict[str, Any]:
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], linestyle="", marker="s", color=colour, label=name) for name, colour in colours]
    return {"handles": handles, "ncols": n_columns, "frameon": False, "fontsize": FONT, "handletextpad": 0.2}


def _size(figure: Figure, legend: Legend) -> tuple[float, float]:
    """Inches that a legend takes, with the gap around it; letters are a little wider at other resolutions."""
    box, dpi = legend.get_window_extent(), figure.dpi
    return 1.04 * box.width / dpi + 0.2, 1.04 * box.height / dpi + 0.1
