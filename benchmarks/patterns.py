"""How long patterns take on a million spots: CPU seconds and peak memory, on lattices and on scattered spots.

Run ``OMP_NUM_THREADS=1 python benchmarks/patterns.py``. Goal: seconds; Potts is printed per sweep as well.
"""

from __future__ import annotations

import time
import tracemalloc

from spsim._random import seed_sequence, stream
from spsim.patterns import (
    Blobs,
    GaussianProcess,
    Gradient,
    Grid,
    Hexagonal,
    Layers,
    Layout,
    Pattern,
    Potts,
    Radial,
    Sites,
    Uniform,
)

SIDE = 1000
LAYOUTS: tuple[Layout, ...] = (
    Grid(n_rows=SIDE),
    Hexagonal(n_rows=SIDE, n_columns=SIDE, spacing=1, spot_diameter=1),
    Uniform(n_spots=SIDE**2, width=SIDE, height=SIDE),
)
PATTERNS: tuple[Pattern, ...] = (
    Gradient(angle=[0, 30, 90]),
    Radial(),
    Layers(border_width=5, wave_height=10, wave_length=100),
    GaussianProcess(length_scale=20),
    GaussianProcess(length_scale=20, smoothness=0.5),
    GaussianProcess(length_scale=200),
    Blobs(radius=30, n_blobs=20, border_width=10),
    Potts(interaction=0.6),
)
PATTERN, LAYOUT = (stream(seed_sequence(0), name) for name in ("pattern", "layout"))


def main() -> None:
    """Print one line per layout and pattern."""
    for layout in LAYOUTS:
        sites = layout.sites(LAYOUT)
        for pattern in PATTERNS:
            seconds = cpu_seconds(pattern, sites)
            share = f"  {seconds / pattern.n_sweeps * 1e3:.0f} ms per sweep" if isinstance(pattern, Potts) else ""
            print(f"{type(layout).__name__:9}  {seconds:6.2f} s  {peak(pattern, sites):5.0f} MiB  {pattern}{share}")


def cpu_seconds(pattern: Pattern, sites: Sites) -> float:
    """CPU time of one call."""
    start = time.process_time()
    pattern.factors(sites, PATTERN)
    return time.process_time() - start


def peak(pattern: Pattern, sites: Sites) -> float:
    """Peak of the memory that one call allocates, MiB; one sweep suffices for Potts."""
    short = Potts(interaction=pattern.interaction, n_sweeps=1) if isinstance(pattern, Potts) else pattern
    tracemalloc.start()
    short.factors(sites, PATTERN)
    top = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return top / 2**20


if __name__ == "__main__":
    main()
