"""A data set of several sets of observations at a glance: cells with the spots that hold them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

    Drawing = Callable[[Axes], list[tuple[str, str]]]


def overview_of_sets(mdata: MuData, groups: str | None) -> Figure:
    """Draw labels and totals of each modality with places and, where spots hold cells, the share of each type."""
    placed = {name: part for name, part in mdata.mod.items() if _keys.SPATIAL in part.obsm and part.n_obs}
    if not placed:
        msg = (
            "mdata must hold observations with places to be drawn, got none: draw cells without places in an embedding "
            "of a modality, such as scanpy.pl.umap(mdata['rna'], color=…) with its labels in obs"
        )
        raise ValueError(msg)
    drawings: list[Drawing] = []
    for name, part in placed.items():
        types, measured = _types(part), measured_as(part)
        label = _label(part, [own for other in placed.values() if (own := _types(other)) is not None])
        over = [
            other for other in placed.values() if other is not part and label is not None and _types(other) == label
        ]
        if label is not None and not any(types in label_names(other) for other in placed.values()):
            drawings.append(partial(_draw_label, name=name, part=part, label=label, over=over, groups=groups))
        drawn = {f"{name}: total {measured}": (_totals(part), measured)}
        if types is not None:
            shares = get.proportions(part)
            drawn |= {f"{name}: {share}": (shares[share].to_numpy(), "share of cells") for share in shares}
        drawings += [
            partial(_draw_values, part=part, values=values, title=title, label=of, groups=groups)
            for title, (values, of) in drawn.items()
        ]
    figure, (axes,) = panels(1, len(drawings), aspect=aspect(next(iter(placed.values())), groups))
    colours = [own for ax, draw in zip(axes, drawings, strict=True) for own in draw(ax)]
    add_scale_bar(axes[0], next(iter(placed.values())))
    legend_in_figure(figure, list(dict.fromkeys(colours)))
    return shown_once(figure)


def _types(part: AnnData) -> str | None:
    """Name of the types of the cells that spots hold, if they hold cells."""
    return next((str(entry["parts"]) for entry in read_truth(part) if "parts" in entry), None)


def _label(part: AnnData, types: Sequence[str]) -> str | None:
    """The types of cells that spots hold, else the domains."""
    return next((label for label in (*types, _keys.DOMAIN) if label in label_names(part)), None)


def _draw_label(
    ax: Axes, name: str, part: AnnData, label: str, over: Sequence[AnnData], groups: str | None
) -> list[tuple[str, str]]:
    """Draw a label, and the outlines of the spots over it; return each category with its colour."""
    colours = draw_domains(ax, part, groups, label)
    for spots in over:
        draw_outlines(ax, spots)
    set_title(ax, f"{name}: {label}")
    return colours


def _draw_values(
    ax: Axes, part: AnnData, values: np.ndarray, title: str, label: str, groups: str | None
) -> list[tuple[str, str]]:
    draw_values(ax, part, values, title=title, label=label, groups=groups)
    return []


def _totals(part: AnnData) -> np.ndarray:
    return np.asarray(raw_layer(part).sum(axis=1)).ravel()
