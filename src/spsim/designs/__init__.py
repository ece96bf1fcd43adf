"""Which observations there are: a tissue as it is, or slices of it."""

from __future__ import annotations

from spsim.designs._design import Design
from spsim.designs._plain import SPOT as SPOT
from spsim.designs._plain import Plain
from spsim.designs._slices import Slices

__all__ = ["Design", "Plain", "Slices"]
