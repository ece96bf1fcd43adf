"""Pictures of the worlds, drawn by themselves when the site is built."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

import spsim as sps

WORLDS = ("slices", "cells_and_spots", "perturbseq", "citeseq", "rna_and_image", "ecotypes")


def write_pictures(folder: Path) -> None:
    """Write the overview of each world."""
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"figure.max_open_warning": 0}):
        for name in WORLDS:
            figure = sps.pl.overview(getattr(sps.datasets, name)())
            figure.savefig(folder / f"{name}.png", dpi=100)
            plt.close(figure)
