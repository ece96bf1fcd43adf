"""A data set of several sets of observations at a glance: cells with the spots that hold them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, get
from spsim.pl._domains import draw_domains
from spsim.pl._factors import draw_values
from spsim.pl._features import measured_as
from spsim.pl._legend import legend_in_figure
from spsim.pl._panels import panels, shown_once
from spsim.pl._scale_bar import add_scale_bar
from spsim.pl._spots import aspect, draw_outlines
from spsim.pl._titles import set_title
from spsim.slots import label_names, raw_layer, read_truth

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from mudata import MuData

    Drawing = Callable[..., object]

N_COLUMNS = 4


def overview_of_sets(mdata: MuData, groups: str | None) -> Figure:
    """Draw labels and total counts of each modality with places, and the share of each type where spots hold cells."""
    placed = {name: part for name, part in mdata.mod.items() if _keys.SPATIAL in part.obsm and part.n_obs}
    if not placed:
        msg = "mdata must hold observations with places to be drawn, got none"
        raise ValueError(msg)
    mixtures = {name: types for name, part in placed.items() if (types := _types(part)) is not None}
    colours: dict[str, str] = {}
    drawings: list[Drawing] = []
    for name, part in placed.items():
        label = next((own for own in mixtures.values() if own in label_names(part)), _keys.DOMAIN)
        if label in label_names(part):
            over = [placed[other] for other, own in mixtures.items() if own == label and other != name]
            title = f"{name}: {label}"
            drawings.append(partial(_draw_labels, part=part, label=label, over=over, title=title, colours=colours))
        title, what = f"{name}: total {measured_as(part)}", measured_as(part)
        drawings.append(partial(draw_values, data=part, values=_totals(part), title=title, label=what))
    for name in mixtures:
        for share, values in get.proportions(placed[name]).items():
            title = f"{name}: {share}"
            drawings.append(
                partial(draw_values, data=placed[name], values=values.to_numpy(), title=title, label="share of cells")
            )
    n_rows = -(-len(drawings) // N_COLUMNS)
    figure, axes = panels(n_rows, min(N_COLUMNS, len(drawings)), aspect=aspect(next(iter(placed.values())), groups))
    every = [ax for row in axes for ax in row]
    for ax, draw in zip(every, drawings, strict=False):
        draw(ax, groups=groups)
    for ax in every[len(drawings) :]:
        ax.set_visible(False)
    add_scale_bar(every[0], next(iter(placed.values())))
    legend_in_figure(figure, list(colours.items()))
    return shown_once(figure)


def _types(part: AnnData) -> str | None:
    """Name of the types of the cells that spots hold, if they hold cells."""
    return next((str(entry["parts"]) for entry in read_truth(part) if "parts" in entry), None)


def _draw_labels(
    ax: Axes,
    part: AnnData,
    label: str,
    over: list[AnnData],
    title: str,
    colours: dict[str, str],
    groups: str | None,
) -> None:
    """Draw a label with the outlines of the spots over it, and note its colours."""
    colours.update(draw_domains(ax, part, groups, label))
    set_title(ax, title)
    for spots in over:
        draw_outlines(ax, spots)


def _totals(part: AnnData) -> np.ndarray:
    return np.asarray(raw_layer(part).sum(axis=1)).ravel()
