"""Which observations there are: a tissue as it is, or slices of it."""

from __future__ import annotations

from spsim.designs._capture import Capture
from spsim.designs._crop import Crop
from spsim.designs._design import Design
from spsim.designs._dissociated import Dissociated
from spsim.designs._drift import Drift
from spsim.designs._motion import Motion, Section
from spsim.designs._plain import SPOT as SPOT
from spsim.designs._plain import Plain
from spsim.designs._recut import Recut
from spsim.designs._reflection import Reflection
from spsim.designs._samples import Samples
from spsim.designs._slices import Slices
from spsim.designs._snap import Snap
from spsim.designs._stages import Stages
from spsim.designs._warp import Warp

__all__ = [
    "Capture",
    "Crop",
    "Design",
    "Dissociated",
    "Drift",
    "Motion",
    "Plain",
    "Recut",
    "Reflection",
    "Samples",
    "Section",
    "Slices",
    "Snap",
    "Stages",
    "Warp",
]
