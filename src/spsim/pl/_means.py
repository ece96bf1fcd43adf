"""Dissociated cells by the categories of a label: mean of each feature, mean of each factor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from spsim import get
from spsim._objects import as_dense
from spsim.pl._colours import COLOUR_MAP
from spsim.pl._features import measured_as
from spsim.pl._panels import FONT
from spsim.pl._scale import add_colour_bar, colour_spots
from spsim.pl._titles import set_title
from spsim.slots import label_names, raw_layer

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes

MOST_NAMED = 12  # columns that have room for their names


def label_of_rows(part: AnnData, parts: Iterable[AnnData]) -> str | None:
    """Return the label that features of some modality respond to, else the first one of several categories."""
    several = [label for label in label_names(part) if get.domains(part, label=label).nunique() > 1]
    responding = {block for other in parts for block in get.blocks(other)["block"]}
    return next((label for label in several if label in responding), next(iter(several), None))


def draw_feature_means(ax: Axes, part: AnnData, name: str, label: str | None) -> None:
    """Draw the mean of each feature relative to its highest one, beside features that are highest in the same category."""
    rows, means = _means(part, as_dense(raw_layer(part)), label)
    size = np.abs(means).max(axis=0)
    relative = means / np.where(size > 0, size, 1)
    order = np.lexsort((relative.mean(axis=0), relative.argmax(axis=0)))
    _draw(ax, rows, relative[:, order], "relative to highest")
    ax.set_xticks([])
    ax.set_xlabel(f"{part.n_vars} features", fontsize=FONT)
    set_title(ax, f"{name}: mean {measured_as(part)}" + ("" if label is None else f" by {label}"))


def draw_factor_means(ax: Axes, part: AnnData, name: str, block: str, label: str | None) -> None:
    """Draw the mean of each factor of a block."""
    table = get.factors(part, block=block)
    rows, means = _means(part, table.to_numpy(), label)
    _draw(ax, rows, means, "mean factor")
    named = list(table.columns) if table.shape[1] <= MOST_NAMED else []
    ax.set_xticks(np.arange(len(named)) + 0.5, named, fontsize=FONT, rotation=90)
    set_title(ax, f"{name}: {block}" + ("" if label is None else f" by {label}"))


def _draw(ax: Axes, rows: list[str], means: np.ndarray, explained: str) -> None:
    mesh = ax.pcolormesh(means, cmap=COLOUR_MAP, rasterized=True)
    colour_spots(mesh, means)
    ax.invert_yaxis()
    ax.set_yticks(np.arange(len(rows)) + 0.5, rows, fontsize=FONT)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    add_colour_bar(ax, mesh, explained)


def _means(part: AnnData, values: np.ndarray, label: str | None) -> tuple[list[str], np.ndarray]:
    """Return the categories that cells have, and the mean in each; of all cells without a label."""
    if label is None:
        return ["all"], values.mean(axis=0, keepdims=True)
    labels = get.domains(part, label=label)
    present = [own for own in labels.cat.categories if (labels == own).any()]
    return [str(own) for own in present], np.array([values[(labels == own).to_numpy()].mean(axis=0) for own in present])
