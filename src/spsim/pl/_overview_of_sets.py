"""A data set of several sets of observations at a glance: cells with the spots that hold them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, get
from spsim.pl._domains import draw_domains
from spsim.pl._factors import draw_values
from spsim.pl._panels import panels, shown_once
from spsim.pl._spots import aspect, draw_outlines
from spsim.slots import label_names, raw_layer, read_truth

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from mudata import MuData

    Drawing = Callable[[Axes], object]

N_COLUMNS = 4


def overview_of_sets(mdata: MuData, groups: str | None) -> Figure:
    """Draw labels and total counts of each modality with places, and the share of each type where spots hold cells."""
    placed = {name: part for name, part in mdata.mod.items() if _keys.SPATIAL in part.obsm and part.n_obs}
    if not placed:
        msg = "mdata must hold observations with places to be drawn, got none"
        raise ValueError(msg)
    mixtures = {name: types for name, part in placed.items() if (types := _types(part)) is not None}
    drawings: list[tuple[str, Drawing]] = []
    for name, part in placed.items():
        label = next((own for own in mixtures.values() if own in label_names(part)), _keys.DOMAIN)
        if label in label_names(part):
            over = [placed[other] for other, own in mixtures.items() if own == label and other != name]
            drawings.append(
                (f"{name}: {label}", partial(_draw_labels, part=part, label=label, over=over, groups=groups))
            )
        drawings.append(
            (f"{name}: total counts", partial(_draw_values, part=part, values=_totals(part), groups=groups))
        )
    for name in mixtures:
        for share, values in get.proportions(placed[name]).items():
            own = partial(_draw_values, part=placed[name], values=values.to_numpy(), groups=groups)
            drawings.append((f"{name}: {share}", own))
    n_rows = -(-len(drawings) // N_COLUMNS)
    figure, axes = panels(n_rows, min(N_COLUMNS, len(drawings)), aspect=aspect(next(iter(placed.values())), groups))
    every = [ax for row in axes for ax in row]
    for ax, (title, draw) in zip(every, drawings, strict=False):
        draw(ax)
        ax.set_title(title, fontsize="small")
    for ax in every[len(drawings) :]:
        ax.set_visible(False)
    return shown_once(figure)


def _types(part: AnnData) -> str | None:
    """Name of the types of the cells that spots hold, if they hold cells."""
    return next((str(entry["parts"]) for entry in read_truth(part) if "parts" in entry), None)


def _draw_labels(ax: Axes, part: AnnData, label: str, over: list[AnnData], groups: str | None) -> None:
    draw_domains(ax, part, groups, label)
    for spots in over:
        draw_outlines(ax, spots)


def _draw_values(ax: Axes, part: AnnData, values: np.ndarray, groups: str | None) -> None:
    draw_values(ax, part, values, title="", groups=groups)


def _totals(part: AnnData) -> np.ndarray:
    return np.asarray(raw_layer(part).sum(axis=1)).ravel()
