"""Where: motif stacks, ready factor matrices and the layouts they are drawn on."""

from __future__ import annotations

from spsim.patterns._both import both
from spsim.patterns._factor_matrix import FactorMatrix
from spsim.patterns._ggblocks import ggblocks
from spsim.patterns._grid import Grid
from spsim.patterns._layout import Layout, Sites
from spsim.patterns._motifs import Motifs
from spsim.patterns._quilt import quilt

NAMED = {"quilt": quilt, "ggblocks": ggblocks, "both": both}
LAYOUTS = {"Grid": Grid}

__all__ = ["LAYOUTS", "NAMED", "FactorMatrix", "Grid", "Layout", "Motifs", "Sites", "both", "ggblocks", "quilt"]
