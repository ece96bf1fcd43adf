"""Titles and names, no wider than what they stand above or below."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from spsim.pl._panels import FONT, root_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LETTER = 0.6  # width of a letter, on average, as a share of its height
FEWEST = 5  # letters on a line
SWATCH = 8.0  # points


def set_title(ax: Axes, text: str, *, colour: str | None = None) -> None:
    """Set a title in the text's colour, on as many lines as it takes, behind a swatch if a colour belongs to it."""
    ax.set_title(broken(ax, text), fontsize=FONT)
    if colour is not None:
        _add_swatch(ax, colour)


def broken(ax: Axes, text: str, share: float = 1.0) -> str:
    """Return a text on as many lines as it takes to be no wider than a share of axes."""
    from matplotlib.font_manager import FontProperties

    points = share * ax.bbox.width / root_of([ax]).dpi * 72
    letters = max(int(points / (LETTER * FontProperties(size=FONT).get_size_in_points())), FEWEST)
    return text if len(text) <= letters else "\n".join(textwrap.wrap(text, letters))


def _add_swatch(ax: Axes, colour: str) -> None:
    from matplotlib import rcParams
    from matplotlib.offsetbox import AnnotationBbox, DrawingArea
    from matplotlib.patches import Rectangle

    area = DrawingArea(SWATCH + 4, SWATCH)
    area.add_artist(
        Rectangle((0, 0), SWATCH, SWATCH, facecolor=colour, edgecolor=rcParams["text.color"], linewidth=0.5)
    )
    box = AnnotationBbox(
        area, (0, 0.5), xycoords=ax.title, box_alignment=(1, 0.5), frameon=False, pad=0, annotation_clip=False
    )
    ax.add_artist(box)
