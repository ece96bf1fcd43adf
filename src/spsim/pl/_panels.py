"""Grids of equal panels, shaped like what they show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from spsim import _validate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, FigureBase

SIDE = 2.2  # inches, of a square panel; others have its area
MOST = 4.0  # as many times wider than high, or higher than wide, may a panel be
WIDEST = 16.0  # inches; columns that do not fit go on below
BAR, TITLE = 0.7, 0.35  # inches beside and above a panel
FONT = "small"  # 8.3 points in matplotlib's own style


def panels(n_rows: int, n_columns: int, *, aspect: float) -> tuple[Figure, list[list[Axes]]]:
    """Return a figure of pyplot's and its axes by row and column; columns that do not fit go on below."""
    import matplotlib.pyplot as plt

    figure = plt.figure(figsize=_grid_size(n_rows, n_columns, aspect), layout="constrained", dpi=150)
    return figure, _grid(figure, n_rows, n_columns, aspect)


def panels_and_below(
    n_rows: int, n_columns: int, *, aspect: float, width: float, height: float
) -> tuple[Figure, list[list[Axes]], Axes]:
    """Return such a figure and axes that are at least ``width`` inches wide, ``height`` inches high and below all."""
    import matplotlib.pyplot as plt

    above = _grid_size(n_rows, n_columns, aspect)
    size = max(above[0], width), above[1] + height
    figure = plt.figure(figsize=size, layout="constrained", dpi=150)
    upper, lower = figure.subfigures(2, 1, squeeze=False, height_ratios=[above[1], height])[:, 0]
    return figure, _grid(upper, n_rows, n_columns, aspect), lower.subplots()


def single_panel(*, aspect: float) -> Axes:
    """Return the axes of a figure, twice as wide and high as one of many panels."""
    import matplotlib.pyplot as plt

    width, height = _size(aspect)
    return plt.subplots(figsize=(2 * width, 2 * height + 2 * TITLE), layout="constrained", dpi=150)[1]


def own_axes(name: str, axes: object) -> Axes:
    """Return what a user gave to draw on, if it is axes of matplotlib's."""
    from matplotlib.axes import Axes

    if not isinstance(axes, Axes):
        msg = f"{name} must be axes of matplotlib's, got {_validate.shown(axes)}"
        raise TypeError(msg)
    return axes


def own_row(name: str, axes: object, n_panels: int, *, per: str) -> list[Axes]:
    """Return the axes that a user gave to draw on, one per panel."""
    row = _validate.listed(name, axes)
    if len(row) != n_panels:
        msg = f"{name} must be one per {per} ({n_panels}), got {len(row)}"
        raise ValueError(msg)
    return [own_axes(name, ax) for ax in row]


def without_empty_rows(figure: Figure) -> None:
    """Take out rows of which nothing is shown, with their share of the figure's height."""
    places = {ax: place for ax in figure.axes if (place := ax.get_subplotspec()) is not None}
    grid = next(iter(places.values())).get_gridspec()
    shown = {place.rowspan.start for ax, place in places.items() if ax.get_visible()}
    for ax, place in places.items():
        if place.rowspan.start not in shown:
            ax.remove()
    row = (figure.get_figheight() - TITLE) / grid.nrows
    grid.set_height_ratios([1.0 if number in shown else 1e-3 for number in range(grid.nrows)])
    figure.set_figheight(row * len(shown) + TITLE)


def shown_once(figure: Figure) -> Figure:
    """Return a figure that a notebook shows as the value of its cell, but not a second time as an open figure."""
    import matplotlib.pyplot as plt

    if "inline" in plt.get_backend():
        plt.close(figure)
    return figure


def root_of(axes: Sequence[Axes]) -> Figure:
    """Return the figure that some axes belong to."""
    figure = axes[0].get_figure(root=True)
    if figure is None:
        msg = "axes must belong to a figure, got removed ones"
        raise ValueError(msg)
    return figure


def figure_of(axes: Sequence[Axes]) -> Figure:
    """Return the figure that some axes belong to, as the value of a cell."""
    return shown_once(root_of(axes))


def _grid(host: FigureBase, n_rows: int, n_columns: int, aspect: float) -> list[list[Axes]]:
    n_bands, n_wide = _bands(n_columns, aspect)
    cells = host.add_gridspec(n_bands * n_rows, n_wide)
    return [
        [host.add_subplot(cells[(j // n_wide) * n_rows + i, j % n_wide]) for j in range(n_columns)]
        for i in range(n_rows)
    ]


def _grid_size(n_rows: int, n_columns: int, aspect: float) -> tuple[float, float]:
    n_bands, n_wide = _bands(n_columns, aspect)
    width, height = _size(aspect)
    return (width + BAR) * n_wide, (height + TITLE) * n_rows * n_bands + TITLE


def _bands(n_columns: int, aspect: float) -> tuple[int, int]:
    """Into how many bands of how many columns, as equal as possible, a row is broken."""
    most = max(int(WIDEST // (_size(aspect)[0] + BAR)), 1)
    n_bands = -(-n_columns // most)
    return n_bands, -(-n_columns // n_bands)


def _size(aspect: float) -> tuple[float, float]:
    stretch = min(max(aspect, 1 / MOST), MOST) ** 0.5
    return SIDE * stretch, SIDE / stretch
