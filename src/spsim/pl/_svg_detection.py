"""Precision and recall of spatially variable features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate
from spsim._keywords import refuses_unknown
from spsim.pl._colours import PALETTE
from spsim.pl._panels import FONT, figure_of, own_axes, single_panel
from spsim.pl._tables import stored_table

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from mudata import MuData


@refuses_unknown()
def svg_detection(data: AnnData | MuData, key: str, *, table_key: str | None = None, ax: Axes | None = None) -> Figure:
    """Draw the precision-recall curve of a ranking of features, and the level of chance.

    Parameters
    ----------
    data
        Object that :func:`spsim.tl.svg_detection` was called on.
    key
        Key of the ranking, as given there; it names the curve.
    table_key
        Key in ``uns`` of the table; ``f"{key}_svg_detection"`` by default.
    ax
        Where to draw, for example the axes of another ranking (``figure.axes[0]``); a new figure without it.

    Returns
    -------
    The figure.

    Raises
    ------
    KeyError
        No such table: :func:`spsim.tl.svg_detection` was not called, or wrote elsewhere.

    Examples
    --------
    >>> import spsim as sps
    >>> rna = sps.datasets.quilt(n_side=12, n_spatial=20, n_nonspatial=30)["rna"]
    >>> rna.var["guess"] = [1.0] * 25 + [0.0] * 25
    >>> table = sps.tl.svg_detection(rna, "guess")
    >>> figure = sps.pl.svg_detection(rna, "guess")
    >>> figure.axes[0].get_legend_handles_labels()[1]
    ['guess: average precision 0.80', 'chance 0.40']
    """
    name = f"{_validate.text('key', key)}_svg_detection" if table_key is None else table_key
    maker = f"svg_detection(data, {_validate.shown(key)})"
    found = stored_table(data, name, maker, columns=("score", "chance"), rows=("average_precision",))
    precision = found.loc["average_precision"]
    curve = stored_table(data, f"{name}_curve", maker, columns=("recall", "precision"))
    axes = single_panel(aspect=1) if ax is None else own_axes("ax", ax)
    n_drawn = sum(line.get_linestyle() == "-" for line in axes.lines)
    axes.step(
        np.append(0, curve["recall"]),
        np.append(curve["precision"].iloc[0], curve["precision"]),
        where="pre",
        color=PALETTE[n_drawn % len(PALETTE)],
        label=f"{key}: average precision {precision['score']:.2f}",
    )
    _add_chance(axes, float(precision["chance"]))
    axes.set(xlim=(0, 1.01), ylim=(0, 1.03), xlabel="recall", ylabel="precision")
    axes.spines[["top", "right"]].set_visible(False)
    # Below the curves, which cross any place beside them.
    axes.legend(frameon=False, fontsize=FONT, loc="upper left", bbox_to_anchor=(-0.1, -0.14))
    return figure_of([axes])


def _add_chance(axes: Axes, level: float) -> None:
    label = f"chance {level:.2f}"
    if label not in axes.get_legend_handles_labels()[1]:
        axes.axhline(level, color="grey", linestyle="--", linewidth=1, label=label)
