"""Scores and helpers on AnnData and MuData: read keys, call metrics, store results."""

from __future__ import annotations

from spsim.tl._domain_agreement import domain_agreement
from spsim.tl._factor_recovery import factor_recovery
from spsim.tl._factors_to_obs import factors_to_obs
from spsim.tl._split import split

__all__ = ["domain_agreement", "factor_recovery", "factors_to_obs", "split"]
