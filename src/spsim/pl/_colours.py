"""Colours of factors and of the domains where they overlap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# Okabe & Ito's palette, safe for the colour-blind; more factors than it has colours repeat it lighter.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#F0E442", "#555555")
BACKGROUND_COLOUR = "#E8E8E8"
COLOUR_MAP = "viridis"


def factor_colours(names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return an RGB colour per factor."""
    from matplotlib.colors import to_rgb

    base = [np.array(to_rgb(colour)) for colour in PALETTE]
    rounds = [0.5 ** (i // len(base)) for i in range(len(names))]
    return {
        name: 1 - strength * (1 - base[i % len(base)])
        for i, (name, strength) in enumerate(zip(names, rounds, strict=True))
    }


def domain_colours(domains: Sequence[str], factors: Sequence[str]) -> dict[str, str]:
    """Return a colour per domain: its factor's, the darkened mix where factors overlap, grey for background."""
    from matplotlib.colors import to_hex

    own = factor_colours(factors)
    colours = {}
    for domain in domains:
        members = [own[name] for name in domain.split("+") if name in own]
        colours[domain] = (
            to_hex(np.mean(members, axis=0) * 0.85 ** (len(members) - 1)) if members else BACKGROUND_COLOUR
        )
    return colours
