"""What a picture's parts cover once it is drawn, and small worlds to draw."""

from __future__ import annotations

import spsim as sps

VISIUM = sps.patterns.Hexagonal(n_rows=20, n_columns=16)
LONG = "of the dorsolateral prefrontal cortex"
RNA = {"name": "rna", "n_spatial": 200}


def with_names(names):
    """Layers of which each has one of some names."""
    layers = sps.patterns.Layers(names=names, n_layers=len(names))
    return sps.datasets.multiomics([RNA], pattern=layers, n_side=max(len(names), 12))


def drawn(figure, dpi: float | None = None):
    if dpi is not None:
        figure.set_dpi(dpi)
    figure.draw_without_rendering()
    return figure


def whole(figure, artists) -> bool:
    frame = figure.bbox.padded(0.5)
    boxes = [artist.get_window_extent() for artist in artists]
    return all(frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1 for box in boxes)


def apart(artists) -> bool:
    boxes = [artist.get_window_extent() for artist in artists]
    return not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
