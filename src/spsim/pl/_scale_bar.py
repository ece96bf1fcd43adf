"""Scale bars, where the layout's unit is a length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys
from spsim.pl._panels import FONT, root_of
from spsim.slots import has_record, read_record

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from mudata import MuData

METRES = {
    **dict.fromkeys(("nanometer", "nm"), 1e-9),
    **dict.fromkeys(("micrometer", "micron", "um", "µm", "\u03bcm"), 1e-6),
    **dict.fromkeys(("millimeter", "mm"), 1e-3),
    **dict.fromkeys(("centimeter", "cm"), 1e-2),
    **dict.fromkeys(("meter", "m"), 1.0),
}
PIXELS = ("pixel", "px")
STEPS = np.array([1.0, 2.0, 5.0])
SHARE = 1 / 3  # most of a panel's shorter side


def add_scale_bar(ax: Axes, data: AnnData | MuData) -> None:
    """Draw a bar of a round length in data units below the spots, if the recorded unit is a length."""
    unit = _unit(data)
    if unit not in METRES and unit not in PIXELS:
        return
    from matplotlib import rcParams
    from matplotlib.font_manager import FontProperties
    from matplotlib.transforms import ScaledTranslation
    from mpl_toolkits.axes_grid1.anchored_artists import AnchoredSizeBar

    font = FontProperties(size=FONT)
    lines = max((text.get_text().count("\n") + 1 for text in ax.texts), default=0)
    below = ScaledTranslation(0, -1.3 * lines * font.get_size_in_points() / 72, root_of([ax]).dpi_scale_trans)
    length = _round_length(SHARE * min(np.ptp(ax.get_xlim()), np.ptp(ax.get_ylim())))
    bar = AnchoredSizeBar(
        *(ax.transData, length, _text(length, unit), "upper left"),
        bbox_to_anchor=(0, 0),
        bbox_transform=ax.transAxes + below,
        borderpad=0.3,
        pad=0,
        sep=3,
        frameon=False,
        color=rcParams["text.color"],
        fontproperties=font,
    )
    bar.size_bar.get_children()[0].set_linewidth(2)
    ax.add_artist(bar)


def _unit(data: AnnData | MuData) -> str:
    unit = str(read_record(data).get(_keys.UNIT, "")) if has_record(data) else ""
    return unit.strip().lower().replace("metre", "meter").removesuffix("s")


def _round_length(most: float) -> float:
    """The largest of 1, 2, 5, 10, 20, … that is at most as long."""
    power = 10.0 ** np.floor(np.log10(most))
    return float(STEPS[power * STEPS <= most * (1 + 1e-9)].max(initial=1.0) * power)


def _text(length: float, unit: str) -> str:
    from matplotlib.ticker import EngFormatter

    return EngFormatter(unit="m")(length * METRES[unit]) if unit in METRES else f"{length:g} px"
