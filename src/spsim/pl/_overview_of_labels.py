"""A data set at a glance whose truth is more than domains: cell types, programs, cells with the spots that hold them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, get
from spsim.pl._colours import BACKGROUND, distinct_colours, grey
from spsim.pl._domains import draw_domains
from spsim.pl._factors import draw_values
from spsim.pl._features import measured_as
from spsim.pl._legend import legend_in_figure
from spsim.pl._means import draw_factor_means, draw_feature_means, label_of_rows
from spsim.pl._panels import panels, shown_once
from spsim.pl._scale_bar import add_scale_bar
from spsim.pl._shown import NO_CLASS, group_codes, shown_blocks, shown_labels, types_held
from spsim.pl._spots import aspect, draw_outlines
from spsim.pl._titles import set_title
from spsim.slots import raw_layer

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from mudata import MuData

    # Draws on axes and returns what a legend must explain: categories with their colours.
    Drawing = Callable[[Axes], list[tuple[str, str]]]


def overview_of_labels(mdata: MuData, groups: str | None) -> Figure:
    """Draw labels, factors and totals of each modality with places, and means of the others."""
    parts = {name: part for name, part in mdata.mod.items() if part.n_obs}
    if not parts:
        msg = "mdata must hold at least one observation to be drawn, got none"
        raise ValueError(msg)
    for part in parts.values():
        group_codes(part, groups)  # refused by name, also where nothing is drawn by groups
    placed = {name: part for name, part in parts.items() if _keys.SPATIAL in part.obsm}
    labels = {name: shown_labels(part, placed.values(), groups) for name, part in _one_per_set(placed).items()}
    colours = _colours([name for own in labels.values() for label in own.values() for name in label.cat.categories])
    drawings: list[Drawing] = []
    for name, part in parts.items():
        if name not in placed:
            drawings += _of_cells(name, part, label_of_rows(part, parts.values()))
            continue
        if name in labels:
            drawings += _of_labels(name, part, list(labels[name]), colours, list(placed.values()), groups)
            drawings += _of_factors(name, part, groups)
        drawings += _of_totals(name, part, groups)
    first = next(iter(placed.values()), None)
    figure, (axes,) = panels(1, len(drawings), aspect=1.0 if first is None else aspect(first, groups))
    explained = [own for ax, draw in zip(axes, drawings, strict=True) for own in draw(ax)]
    if first is not None:
        add_scale_bar(axes[0], first)
    if explained:
        legend_in_figure(figure, list(dict.fromkeys(explained)))
    return shown_once(figure)


def _one_per_set(parts: Mapping[str, AnnData]) -> dict[str, AnnData]:
    """Return the modalities whose observations no earlier one has, so that a label is drawn once."""
    kept: dict[str, AnnData] = {}
    for name, part in parts.items():
        if not any(part.obs_names.equals(other.obs_names) for other in kept.values()):
            kept[name] = part
    return kept


def _colours(names: Sequence[str]) -> dict[str, str]:
    """Return a colour per category of all labels together, so that one legend explains them all."""
    named = list(dict.fromkeys(names))
    own = distinct_colours([name for name in named if name not in NO_CLASS])
    return {name: own.get(name, grey(BACKGROUND)) for name in named}


def _of_labels(
    name: str,
    part: AnnData,
    labels: Sequence[str],
    colours: Mapping[str, str],
    placed: Sequence[AnnData],
    groups: str | None,
) -> list[Drawing]:
    def drawing(ax: Axes, label: str) -> list[tuple[str, str]]:
        explained = draw_domains(ax, part, groups, label, colours=colours)
        for other in placed:
            if other is not part and types_held(other) == label:
                draw_outlines(ax, other)
        set_title(ax, f"{name}: {label}")
        return explained

    return [partial(drawing, label=label) for label in labels]


def _of_factors(name: str, part: AnnData, groups: str | None) -> list[Drawing]:
    tables = [get.factors(part, block=block) for block in shown_blocks(part, groups)]
    return [
        _of_values(part, own.to_numpy(), f"{name}: {factor}", "factor", groups)
        for table in tables
        for factor, own in table.items()
    ]


def _of_totals(name: str, part: AnnData, groups: str | None) -> list[Drawing]:
    """Total counts and, where spots hold cells, the share of each type."""
    measured, totals = measured_as(part), np.asarray(raw_layer(part).sum(axis=1)).ravel()
    drawings = [_of_values(part, totals, f"{name}: total {measured}", measured, groups)]
    if types_held(part) is not None:
        shares = get.proportions(part)
        drawings += [
            _of_values(part, own.to_numpy(), f"{name}: {kind}", "share of cells", groups)
            for kind, own in shares.items()
        ]
    return drawings


def _of_values(part: AnnData, values: np.ndarray, title: str, label: str, groups: str | None) -> Drawing:
    return _unexplained(partial(draw_values, data=part, values=values, title=title, label=label, groups=groups))


def _of_cells(name: str, part: AnnData, label: str | None) -> list[Drawing]:
    return [
        _unexplained(partial(draw_feature_means, part=part, name=name, label=label)),
        *(
            _unexplained(partial(draw_factor_means, part=part, name=name, block=block, label=label))
            for block in shown_blocks(part, None)
        ),
    ]


def _unexplained(draw: Callable[[Axes], None]) -> Drawing:
    """Draw what has no categories."""

    def drawing(ax: Axes) -> list[tuple[str, str]]:
        draw(ax)
        return []

    return drawing
