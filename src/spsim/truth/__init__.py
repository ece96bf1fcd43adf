"""The truth as plain data: what recipes draw, and all that everything after them reads."""

from __future__ import annotations

from spsim.truth._block import SCALES, Block
from spsim.truth._classes import MeanClasses, mean_classes
from spsim.truth._domains import domains
from spsim.truth._factors import Factors
from spsim.truth._features import Features
from spsim.truth._label import Label
from spsim.truth._mean import Mean
from spsim.truth._measurement import Measurement
from spsim.truth._mixing import Mixing
from spsim.truth._observations import Observations
from spsim.truth._panel import Panel
from spsim.truth._parts import Parts
from spsim.truth._placed import placed
from spsim.truth._pooled import Pooled
from spsim.truth._sites import Sites as Sites  # public as spsim.patterns.Sites
from spsim.truth._sites import joined_labels as joined_labels
from spsim.truth._switch import Switch
from spsim.truth._table import Table
from spsim.truth._totals import column_means as column_means  # for scenarios, as the next two
from spsim.truth._totals import folded_size as folded_size
from spsim.truth._totals import row_totals as row_totals
from spsim.truth._truth import Truth

__all__ = [
    "SCALES",
    "Block",
    "Factors",
    "Features",
    "Label",
    "Mean",
    "MeanClasses",
    "Measurement",
    "Mixing",
    "Observations",
    "Panel",
    "Parts",
    "Pooled",
    "Switch",
    "Table",
    "Truth",
    "domains",
    "mean_classes",
    "placed",
]
