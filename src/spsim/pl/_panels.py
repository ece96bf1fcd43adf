"""A row or grid of equal panels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDE = 2.2  # inches


def panels(n_rows: int, n_columns: int) -> tuple[Figure, list[list[Axes]]]:
    """Return a figure and its axes by row and column, without touching pyplot's state."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(SIDE * n_columns, (SIDE + 0.3) * n_rows), layout="constrained", dpi=150)
    return figure, [list(row) for row in figure.subplots(n_rows, n_columns, squeeze=False)]


def figure_of(axes: Sequence[Axes]) -> Figure:
    """Return the figure that some axes belong to."""
    figure = axes[0].get_figure(root=True)
    if figure is None:
        msg = "axes must belong to a figure, got removed ones"
        raise ValueError(msg)
    return figure


def single_panel(*, legend_columns: int = 0) -> Axes:
    """Return the axes of a figure that has room for a legend on the right."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2 * SIDE * (1 + 0.6 * legend_columns), 2 * SIDE), layout="constrained", dpi=150)
    return figure.subplots()
