"""Simulated data sets by name, new measurements of them, and their description."""

from __future__ import annotations

from spsim.datasets._cells_and_spots import cells_and_spots
from spsim.datasets._citeseq import citeseq
from spsim.datasets._describe import Description, describe
from spsim.datasets._drop_modality import drop_modality
from spsim.datasets._ecotypes import ecotypes
from spsim.datasets._ggblocks import ggblocks
from spsim.datasets._join_modalities import join_modalities
from spsim.datasets._ladders import depth_ladder, fold_ladder, realism_ladder
from spsim.datasets._multiomics import multiomics
from spsim.datasets._perturbseq import perturbseq
from spsim.datasets._published import citation, list_published, published
from spsim.datasets._quilt import quilt
from spsim.datasets._replay import replay
from spsim.datasets._resample import resample
from spsim.datasets._rna_and_image import rna_and_image
from spsim.datasets._slices import slices
from spsim.datasets._twin import twin

__all__ = [
    "Description",
    "cells_and_spots",
    "citation",
    "citeseq",
    "depth_ladder",
    "describe",
    "drop_modality",
    "ecotypes",
    "fold_ladder",
    "ggblocks",
    "join_modalities",
    "list_published",
    "multiomics",
    "perturbseq",
    "published",
    "quilt",
    "realism_ladder",
    "replay",
    "resample",
    "rna_and_image",
    "slices",
    "twin",
]
