"""Ground truth as labelled tables; writes nothing."""

from __future__ import annotations

from spsim.get._activity import activity
from spsim.get._blocks import blocks
from spsim.get._domains import domains
from spsim.get._dropped import dropped
from spsim.get._factors import factors
from spsim.get._loadings import loadings
from spsim.get._masks import dropout_mask, foreground_mask
from spsim.get._mean import mean
from spsim.get._proportions import proportions
from spsim.get._table import table
from spsim.get._visible_domains import visible_domains
from spsim.get._without_truth import without_truth

__all__ = [
    "activity",
    "blocks",
    "domains",
    "dropout_mask",
    "dropped",
    "factors",
    "foreground_mask",
    "loadings",
    "mean",
    "proportions",
    "table",
    "visible_domains",
    "without_truth",
]
