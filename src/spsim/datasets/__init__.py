"""Simulated data sets by name, new measurements of them, and their description."""

from __future__ import annotations

from spsim.datasets._describe import Description, describe
from spsim.datasets._ggblocks import ggblocks
from spsim.datasets._multiomics import multiomics
from spsim.datasets._quilt import quilt
from spsim.datasets._replay import replay
from spsim.datasets._resample import resample

__all__ = ["Description", "describe", "ggblocks", "multiomics", "quilt", "replay", "resample"]
