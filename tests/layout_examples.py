"""One small layout of every kind, for the tests that hold for all of them."""

from __future__ import annotations

import numpy as np

from spsim.patterns import (
    Clustered,
    Coordinates,
    Grid,
    HardCore,
    Hexagonal,
    Jittered,
    Layered,
    Layout,
    Mask,
    Stack,
    Uniform,
)

TISSUE = np.random.default_rng(5).normal(size=(150, 2)) * [300.0, 200.0] + 1000
DISC = np.hypot(*(np.indices((14, 17)) - [[[6.5]], [[8.0]]])) < 6.6

EXAMPLES: dict[str, Layout] = {
    "Grid": Grid(n_rows=9, n_columns=14, spacing=0.1, unit="millimeter"),
    "Hexagonal": Hexagonal(n_rows=11, n_columns=12),
    "Jittered": Jittered(n_rows=12, n_columns=10, jitter=0.7, spacing=20),
    "Uniform": Uniform(n_spots=140, width=200, height=300, unit="micrometer"),
    "Clustered": Clustered(n_spots=150, width=30, height=20, n_clusters=9, sd=0.8),
    "HardCore": HardCore(n_spots=130, width=30, height=20),
    "Layered": Layered(n_spots=160, width=30, height=20, densities=[1, 0, 4], thicknesses=[1, 1, 2]),
    "Coordinates": Coordinates(coordinates=TISSUE, unit="micrometer"),
    "Coordinates in 3-D": Coordinates(coordinates=np.column_stack([TISSUE, TISSUE[:, 0] / 7])),
    "Mask": Mask(mask=DISC, spacing=5),
    "Stack": Stack(layout=Hexagonal(n_rows=7, n_columns=8), n_slices=3, slice_spacing=10),
    "Stack of random positions": Stack(layout=Jittered(n_rows=8), n_slices=2),
    "Stack of an array": Stack(layout=Mask(mask=DISC), n_slices=2),
}
