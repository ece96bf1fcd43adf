"""Pictures of truth and scores."""

from __future__ import annotations

from spsim.pl._domains import domains
from spsim.pl._factor_recovery import factor_recovery
from spsim.pl._factors import factors
from spsim.pl._features import features
from spsim.pl._overview import overview
from spsim.pl._scores import scores
from spsim.pl._svg_detection import svg_detection

__all__ = ["domains", "factor_recovery", "factors", "features", "overview", "scores", "svg_detection"]
