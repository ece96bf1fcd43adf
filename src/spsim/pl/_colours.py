"""Colours of factors and of the domains where they overlap, and greys that suit any style."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spsim import _keys

# Okabe & Ito's palette: eight colours that the colour-blind tell apart.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#F0E442", "#555555")
# Ends and turning points of Paul Tol's discrete rainbow, made for more classes than such a palette can hold.
RAINBOW = (
    *("#D1BBD7", "#AE76A3", "#882E72", "#1965B0", "#5289C7", "#7BAFDE", "#4EB265", "#90C987", "#CAE0AB", "#F7F056"),
    *("#F6C141", "#F1932D", "#E8601C", "#DC050C", "#72190E", "#42150A"),
)
BACKGROUND, MISSING = 0.15, 0.4  # shares of the text's colour in two greys
COLOUR_MAP = "viridis"
DIVERGING = "RdBu_r"  # red and blue stay apart for the colour-blind


def distinct_colours(names: Sequence[str]) -> dict[str, str]:
    """Return a colour per name: the palette's as far as it goes, else evenly spaced ones of the rainbow."""
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    if len(names) <= len(PALETTE):
        return dict(zip(names, PALETTE, strict=False))
    rainbow = LinearSegmentedColormap.from_list("rainbow", RAINBOW)
    return {name: to_hex(rainbow(i / (len(names) - 1))) for i, name in enumerate(names)}


def domain_colours(domains: Sequence[str], factors: Sequence[str]) -> dict[str, str]:
    """Return a colour per domain: its factor's where factors do not overlap, one of its own where some do."""
    foreground = [domain for domain in domains if domain != _keys.BACKGROUND]
    own = distinct_colours(factors if set(foreground) <= set(factors) else foreground)
    return {domain: own.get(domain, grey(BACKGROUND)) for domain in domains}


def grey(share: float) -> str:
    """Return the paper's colour with a share of the text's in it: light on a light style, dark on a dark one."""
    from matplotlib import rcParams
    from matplotlib.colors import to_hex, to_rgb

    text, paper = to_rgb(rcParams["text.color"]), to_rgb(rcParams["figure.facecolor"])
    red, green, blue = (share * own + (1 - share) * other for own, other in zip(text, paper, strict=True))
    return to_hex((red, green, blue))


def text_on(colour: Any) -> str:
    """Return black or white, whichever stands out more on a colour (relative luminance of WCAG 2.1)."""
    from matplotlib.colors import to_rgb

    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "black"
