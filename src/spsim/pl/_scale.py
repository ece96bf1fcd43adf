"""Colour scales that single spots do not take over, each with its bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from spsim.pl._panels import FONT, root_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import Collection
    from matplotlib.colors import Normalize
    from matplotlib.transforms import Affine2DBase, Transform

UPPER = 99  # percentile; where there are negative values, the scale begins at the other one
WIDTH, GAP = 0.1, 0.08  # inches of a bar and of the gap before it


def colour_limits(values: np.ndarray) -> tuple[float, float]:
    """Return where a colour scale begins and ends: at percentiles, or at the extremes if nothing lies between those."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0, 1.0
    least, most = float(known.min()), float(known.max())
    low = float(np.percentile(known, 100 - UPPER)) if least < 0 else least
    high = float(np.percentile(known, UPPER))
    if low >= high:
        low, high = least, most
    return low, high if high > low else low + 1


def colour_spots(spots: Collection, values: np.ndarray, *, root: bool = False) -> None:
    """Colour spots by their values, on a square-root scale if asked for and if none is negative."""
    from matplotlib.colors import Normalize, PowerNorm

    low, high = colour_limits(values)
    norm: Normalize = PowerNorm(0.5, low, high) if root and low >= 0 else Normalize(low, high)
    spots.set_array(values)
    spots.set_norm(norm)


def add_colour_bar(ax: Axes, spots: Collection, label: str) -> None:
    """Add a bar to the right of a panel; a pointed end says that there are values beyond it."""
    from matplotlib.ticker import MaxNLocator

    bar = root_of([ax]).colorbar(
        spots, cax=bar_beside(ax, GAP, WIDTH), extend=_beyond(spots), ticks=MaxNLocator(3, steps=[1, 2, 5, 10])
    )
    bar.set_label(label, fontsize=FONT)
    bar.ax.tick_params(labelsize=FONT)
    bar.outline.set_visible(False)


def bar_beside(ax: Axes, gap: float, width: float) -> Axes:
    """Return axes as high as others, some inches to their right; they follow their shape and take no room from more."""
    from matplotlib.transforms import blended_transform_factory

    return ax.inset_axes((gap, 0, width, 1), transform=blended_transform_factory(_inches_from(ax, 1), ax.transAxes))


def bar_below(ax: Axes, gap: float, height: float) -> Axes:
    """Return axes as wide as others, some inches below."""
    from matplotlib.transforms import blended_transform_factory

    bounds = (0, -gap - height, 1, height)
    return ax.inset_axes(bounds, transform=blended_transform_factory(ax.transAxes, _inches_from(ax, 0)))


def _inches_from(ax: Axes, side: float) -> Transform:
    """Return what takes inches, counted from the left and bottom (0) or the right and top (1) of axes, to the paper."""
    from matplotlib.transforms import ScaledTranslation

    return root_of([ax]).dpi_scale_trans + ScaledTranslation(side, side, cast("Affine2DBase", ax.transAxes))


def _beyond(spots: Collection) -> str:
    values, (low, high) = np.asarray(spots.get_array(), float), spots.get_clim()
    below, above = bool((values < low).any()), bool((values > high).any())
    return {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}[below, above]
