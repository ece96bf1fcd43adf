"""True factors beside the estimates they are matched to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, _validate, get
from spsim._keywords import refuses_unknown
from spsim.pl._colours import DIVERGING, text_on
from spsim.pl._factors import draw_values
from spsim.pl._panels import FONT, SIDE, panels_and_below, root_of, shown_once
from spsim.pl._scale_bar import add_scale_bar
from spsim.pl._spots import aspect
from spsim.pl._tables import stored_table
from spsim.pl._titles import set_title
from spsim.slots import addressed, block_names

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from mudata import MuData
    from pandas import DataFrame

MOST_NUMBERS = 24  # columns of a matrix that has a number in each cell
CELL = 0.42, 0.24  # inches that a number takes
AROUND = 1.8, 1.0  # inches beside and above or below the matrix


@refuses_unknown()
def factor_recovery(
    data: AnnData | MuData,
    key: str,
    *,
    block: str = _keys.SPATIAL_BLOCK,
    truth: AnnData | MuData | None = None,
    table_key: str | None = None,
) -> Figure:
    """Draw each true factor above its matched estimate, and the correlations of all pairs below.

    Frames mark the matched pairs. A row with several dark cells is a factor that was split, a column with several is a
    component that serves more than one factor.

    Parameters
    ----------
    data
        Object that :func:`spsim.tl.factor_recovery` was called on.
    key
        Key of the estimate, as given there.
    block
        Name of the block, as given there.
    truth
        The simulated object, if ``data`` has no truth in it.
    table_key
        Key in ``uns`` of the table; ``f"{key}_factor_recovery"`` by default.

    Returns
    -------
    The figure.

    Raises
    ------
    KeyError
        No such table: :func:`spsim.tl.factor_recovery` was not called, or wrote elsewhere.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"][:, ::-1]
    >>> table = sps.tl.factor_recovery(mdata, "X_guess")
    >>> figure = sps.pl.factor_recovery(mdata, "X_guess")
    >>> [ax.get_title() for ax in figure.axes][-2]
    'correlation of true factors and components of X_guess'
    """
    where, own_key = addressed(data, key)
    name = f"{key}_factor_recovery" if table_key is None else table_key
    maker = f"factor_recovery(data, {_validate.shown(key)})"
    table = stored_table(data, name, maker, columns=("score", "match", "sign"))
    correlation = stored_table(data, f"{name}_correlation", maker, rows=table.index)
    true_factors = get.factors(_holder(data if truth is None else truth, key, block), block=block).loc[where.obs_names]
    for factor in table.index:
        _validate.known_key(f"factors of block {block!r}", factor, true_factors.columns)
    estimate = np.asarray(where.obsm[own_key])
    width = max(AROUND[0] + CELL[0] * min(correlation.shape[1], MOST_NUMBERS), 2 * SIDE)
    height = AROUND[1] + CELL[1] * len(table)
    figure, axes, matrix = panels_and_below(2, len(table), aspect=aspect(where), width=width, height=height)
    for (name, row), above, below in zip(table.iterrows(), *axes, strict=True):
        draw_values(above, where, true_factors[name].to_numpy(), title=f"true {name}", label="factor")
        if row["match"] < 0:
            below.set_axis_off()
            set_title(below, "no estimate")
            continue
        sign = -1 if row["sign"] < 0 else 1
        title = f"{key} {int(row['match'])}: r = {sign * row['score']:.3f}"
        draw_values(below, where, sign * estimate[:, int(row["match"])], title=title, label="estimate")
    add_scale_bar(axes[0][0], where)
    set_title(matrix, f"correlation of true factors and components of {key}")
    _draw_matrix(matrix, correlation, [int(column) for column in table["match"]])
    return shown_once(figure)


def _holder(source: AnnData | MuData, key: str, block: str) -> AnnData | MuData:
    """What holds a block's factors: the truth or, if only modalities do, that of the key."""
    part, _ = addressed(source, key)
    _validate.text("block", block)
    return part if block not in block_names(source) and block in block_names(part) else source


def _draw_matrix(ax: Axes, table: DataFrame, match: list[int]) -> None:
    from matplotlib.patches import Rectangle

    values = table.to_numpy()
    image = ax.imshow(values, cmap=DIVERGING, vmin=-1, vmax=1, aspect="auto")
    # Components are numbered; where their numbers would not fit, only some of them are told.
    shown = range(0, values.shape[1], -(-values.shape[1] // (2 * MOST_NUMBERS)))
    ax.set_xticks(shown, table.columns[shown], fontsize=FONT)
    ax.set_yticks(range(values.shape[0]), table.index, fontsize=FONT)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    for row, column in enumerate(match):
        if column >= 0:
            ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor="black", linewidth=1.5))
    if values.shape[1] <= MOST_NUMBERS:
        for (row, column), value in np.ndenumerate(values):
            colour = text_on(image.to_rgba(value))
            ax.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=FONT, color=colour)
    bar = root_of([ax]).colorbar(image, ax=ax, ticks=[-1, 0, 1], aspect=10, fraction=0.03, label="r")
    bar.ax.tick_params(labelsize=FONT)
