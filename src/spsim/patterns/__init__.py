"""Where: motif stacks, functions of the coordinates, ready factor matrices, and the layouts they are drawn on."""

from __future__ import annotations

from spsim.patterns._as_layout import LayoutLike as LayoutLike
from spsim.patterns._as_layout import as_layout as as_layout
from spsim.patterns._blobs import Blobs
from spsim.patterns._both import both
from spsim.patterns._clustered import Clustered
from spsim.patterns._coordinates import Coordinates
from spsim.patterns._factor_matrix import FactorMatrix
from spsim.patterns._gaussian_field import gaussian_fields as gaussian_fields  # for fields of other rooms
from spsim.patterns._gaussian_process import GaussianProcess
from spsim.patterns._ggblocks import ggblocks
from spsim.patterns._gradient import Gradient
from spsim.patterns._grid import Grid
from spsim.patterns._hard_core import HardCore
from spsim.patterns._hexagonal import Hexagonal
from spsim.patterns._jittered import Jittered
from spsim.patterns._layered import Layered
from spsim.patterns._layers import Layers
from spsim.patterns._layout import Layout
from spsim.patterns._mask import Mask, mask_from_image
from spsim.patterns._matern import Matern as Matern
from spsim.patterns._motifs import Motifs
from spsim.patterns._motifs_from_images import motifs_from_images
from spsim.patterns._pattern import Pattern
from spsim.patterns._potts import Potts
from spsim.patterns._quilt import quilt
from spsim.patterns._radial import Radial
from spsim.patterns._spamv_shapes import spamv_shapes
from spsim.patterns._stack import Stack
from spsim.patterns._uniform import Uniform
from spsim.patterns._union import union
from spsim.patterns._voronoi import Voronoi
from spsim.truth import Sites

NAMED = {"quilt": quilt, "ggblocks": ggblocks, "both": both, "spamv": spamv_shapes}

__all__ = [
    "NAMED",
    "Blobs",
    "Clustered",
    "Coordinates",
    "FactorMatrix",
    "GaussianProcess",
    "Gradient",
    "Grid",
    "HardCore",
    "Hexagonal",
    "Jittered",
    "Layered",
    "Layers",
    "Layout",
    "Mask",
    "Motifs",
    "Pattern",
    "Potts",
    "Radial",
    "Sites",
    "Stack",
    "Uniform",
    "Voronoi",
    "both",
    "ggblocks",
    "mask_from_image",
    "motifs_from_images",
    "quilt",
    "spamv_shapes",
    "union",
]
