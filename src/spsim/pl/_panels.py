"""A row or grid of equal panels, shaped like what they show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from spsim import _validate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDE = 2.2  # inches, of a square panel; others have its area
MOST = 4.0  # as many times wider than high, or higher than wide, may a panel be


def panels(n_rows: int, n_columns: int, *, aspect: float) -> tuple[Figure, list[list[Axes]]]:
    """Return a figure of pyplot's and its axes by row and column."""
    import matplotlib.pyplot as plt

    width, height = _size(aspect)
    size = width * n_columns, (height + 0.3) * n_rows
    figure, axes = plt.subplots(n_rows, n_columns, squeeze=False, figsize=size, layout="constrained", dpi=150)
    return figure, [list(row) for row in axes]


def panels_and_below(
    n_rows: int, n_columns: int, *, aspect: float, height: float
) -> tuple[Figure, list[list[Axes]], Axes]:
    """Return a figure of pyplot's, its axes by row and column, and wide axes below them, ``height`` inches high."""
    import matplotlib.pyplot as plt

    width, own = _size(aspect)
    above = (own + 0.3) * n_rows
    size = max(width * n_columns, 2 * SIDE), above + height
    figure = plt.figure(figsize=size, layout="constrained", dpi=150)
    upper, lower = figure.subfigures(2, 1, squeeze=False, height_ratios=[above, height])[:, 0]
    axes = upper.subplots(n_rows, n_columns, squeeze=False)
    return figure, [list(row) for row in axes], lower.subplots()


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


def shown_once(figure: Figure) -> Figure:
    """Return a figure that a notebook shows as the value of its cell, but not a second time as an open figure."""
    import matplotlib.pyplot as plt

    if "inline" in plt.get_backend():
        plt.close(figure)
    return figure


def figure_of(axes: Sequence[Axes]) -> Figure:
    """Return the figure that some axes belong to."""
    figure = axes[0].get_figure(root=True)
    if figure is None:
        msg = "axes must belong to a figure, got removed ones"
        raise ValueError(msg)
    return shown_once(figure)


def single_panel(*, aspect: float, legend_columns: int = 0) -> Axes:
    """Return the axes of a figure that has room for a legend on the right."""
    import matplotlib.pyplot as plt

    width, height = _size(aspect)
    size = 2 * width + 1.2 * SIDE * legend_columns, max(2 * height, SIDE)
    return plt.subplots(figsize=size, layout="constrained", dpi=150)[1]


def _size(aspect: float) -> tuple[float, float]:
    stretch = min(max(aspect, 1 / MOST), MOST) ** 0.5
    return SIDE * stretch, SIDE / stretch
