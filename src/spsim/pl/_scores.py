"""A table of scores as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, _validate
from spsim._keywords import refuses_unknown
from spsim.pl._colours import BACKGROUND, COLOUR_MAP, grey, text_on
from spsim.pl._panels import FONT, root_of, shown_once
from spsim.pl._scale import bar_below
from spsim.pl._tables import stored_table

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from mudata import MuData
    from pandas import DataFrame

WIDTH, HEIGHT = 1.25, 0.4  # inches of a cell
SMALL_PRINT = 8  # points
BAR, BELOW = 0.12, 0.12  # inches of the bar's height and of the gap above it


@refuses_unknown()
def scores(data: AnnData | MuData, *, table_key: str = _keys.EVALUATE, names: Sequence[str] | None = None) -> Figure:
    """Draw a table of scores: one column per result, one row per score and target.

    A cell shows the value and, smaller, chance and ceiling. Its colour is where the value lies between chance or worse
    (dark) and the best that any method could have (bright): 1, or 0 where lower is better, whatever this method's own
    ceiling, so that a factor which nobody sees stays dark. Grey is where chance or ceiling is unknown. Rows marked with an arrow downwards are
    better when lower.

    Parameters
    ----------
    data
        Object that :func:`spsim.tl.evaluate` was called on.
    table_key
        Key in ``uns`` of the table.
    names
        Scores to draw, in this order; all in the table by default.

    Returns
    -------
    The figure.

    Raises
    ------
    KeyError
        No such table: :func:`spsim.tl.evaluate` was not called, or wrote elsewhere.
    ValueError
        A score that the table does not have.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"]
    >>> table = sps.tl.evaluate(mdata, ["X_guess"])
    >>> figure = sps.pl.scores(mdata, names=["factor_recovery"])
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()][0]
    'factor recovery · squares'
    """
    import matplotlib.pyplot as plt

    shown = ("score", "key", "target", "value", "chance", "ceiling", "direction")
    table = stored_table(data, table_key, "evaluate(data, keys)", columns=shown)
    known = list(dict.fromkeys(table["score"]))
    wanted = known if names is None else _validate.listed("names", names)
    for name in wanted:
        _validate.one_of("names", name, known)
    rows = _rows(table, [str(name) for name in wanted])
    keys = list(dict.fromkeys(table["key"]))
    figure, ax = plt.subplots(layout="constrained", dpi=150)
    _draw(ax, table, keys, rows)
    beside, above = _label(ax, table, keys, rows)
    figure.set_size_inches(beside + WIDTH * len(keys), above + HEIGHT * len(rows) + BELOW + BAR + 0.6)
    return shown_once(figure)


def _rows(table: DataFrame, chosen: Sequence[str]) -> list[tuple[str, str]]:
    targets = {name: dict.fromkeys(table.loc[table["score"] == name, "target"]) for name in chosen}
    return [(name, target) for name in chosen for target in targets[name]]


def _draw(ax: Axes, table: DataFrame, keys: list[str], rows: list[tuple[str, str]]) -> None:
    from matplotlib import colormaps

    cells = table.set_index(["key", "score", "target"])
    known = [
        (i, j, cells.loc[(key, *row)])
        for i, row in enumerate(rows)
        for j, key in enumerate(keys)
        if (key, *row) in cells.index
    ]
    place = np.full((len(rows), len(keys)), np.nan)
    colours = colormaps[COLOUR_MAP].with_extremes(bad=grey(BACKGROUND))
    for i, j, cell in known:
        place[i, j] = _place(cell["value"], cell["chance"], cell["ceiling"], cell["direction"])
    image = ax.imshow(np.ma.masked_invalid(place), cmap=colours, vmin=0, vmax=1, aspect="auto")
    for i, j, cell in known:
        colour = text_on(colours(np.ma.masked_invalid([place[i, j]]))[0])
        ax.text(j, i - 0.14, _number(cell["value"]), ha="center", va="center", fontsize="medium", color=colour)
        text = f"{_number(cell['chance'])} … {_number(cell['ceiling'])}"
        ax.text(j, i + 0.26, text, ha="center", va="center", fontsize=SMALL_PRINT, color=colour)
    bar = root_of([ax]).colorbar(image, cax=bar_below(ax, BELOW, BAR), ticks=[0, 1], orientation="horizontal")
    bar.ax.set_xticklabels(["chance", "best"], fontsize=FONT)
    bar.set_label("small print: chance … ceiling", fontsize=FONT)


def _label(ax: Axes, table: DataFrame, keys: list[str], rows: list[tuple[str, str]]) -> tuple[float, float]:
    """Name columns and rows, and return the inches that the names take beside and above the cells."""
    lower = set(table.loc[table["direction"] == "lower", "score"])
    names = [f"{score.replace('_', ' ')} · {target}{' ↓' if score in lower else ''}" for score, target in rows]
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(keys)), keys, fontsize=FONT)
    ax.set_yticks(range(len(rows)), names, fontsize=FONT)
    beside, above = _width(ax, ax.get_yticklabels()), 0.2
    longest = _width(ax, ax.get_xticklabels())
    if longest > WIDTH:
        # Names that are wider than their columns would run into each other.
        ax.set_xticks(range(len(keys)), keys, fontsize=FONT, rotation=45, ha="left", rotation_mode="anchor")
        above += longest / 2**0.5
        beside += max(longest / 2**0.5 - WIDTH / 2, 0)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    paper = ax.get_facecolor()
    for i in range(1, len(rows)):
        ax.axhline(i - 0.5, color=paper, linewidth=3 if rows[i][0] != rows[i - 1][0] else 0.7)
    for j in range(1, len(keys)):
        ax.axvline(j - 0.5, color=paper, linewidth=3)
    return beside + 0.3, above


def _width(ax: Axes, labels: Sequence[Text]) -> float:
    """Inches of the longest."""
    return max(label.get_window_extent().width / root_of([ax]).dpi for label in labels)


def _place(value: float, chance: float, ceiling: float, direction: str) -> float:
    """Where a value lies between chance (0) and the best of its score (1), NaN where the method's range is unknown."""
    if not np.isfinite([value, chance, ceiling]).all():
        return np.nan
    best = min(ceiling, 0) if direction == "lower" else max(ceiling, 1)
    room = best - chance
    return float(np.clip((value - chance) / room, 0, 1)) if room else np.nan


def _number(value: float) -> str:
    return "?" if np.isnan(value) else f"{value:.2f}"
