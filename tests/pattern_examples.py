"""One small pattern of every kind that a data set records as text, for the tests that hold for all of them."""

from __future__ import annotations

import math
from dataclasses import replace

from spsim.patterns import Blobs, GaussianProcess, Gradient, Layers, Pattern, Potts, Radial, Voronoi

LENGTHS = ("radius", "border_width", "wave_height", "wave_length", "length_scale")
EXAMPLES: dict[str, Pattern] = {
    "Gradient": Gradient(angle=[0, 30.5, 270], names=["right", "askew", "up"]),
    "Gradient of one angle": Gradient(angle=90),
    "Radial": Radial(radius=3, centre=(0.3, -0.1), names=["vessel"]),
    "Radial to the farthest corner": Radial(),
    "Layers": Layers(n_layers=4, angle=20, border_width=0.3),
    "Layers with a wave": Layers(wave_height=1, wave_length=2),
    "GaussianProcess": GaussianProcess(length_scale=1.5),
    "GaussianProcess, smooth": GaussianProcess(length_scale=3, n_factors=2, smoothness=math.inf),
    "GaussianProcess, rough": GaussianProcess(length_scale=2, n_factors=1, smoothness=0.5),
    "Blobs": Blobs(radius=1.5, n_factors=2, n_blobs=2, border_width=0.5),
    "Voronoi": Voronoi(n_factors=3, n_seeds=2),
    "Potts": Potts(interaction=0.6, n_states=4, n_sweeps=20),
}


def scaled(pattern: Pattern, unit: float) -> Pattern:
    """The pattern with every length given in another unit."""
    return replace(pattern, **{name: value * unit for name in LENGTHS if (value := getattr(pattern, name, None))})
