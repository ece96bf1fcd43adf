"""The choice, by name: modalities, scenarios, and from them to a data set."""

from __future__ import annotations

from spsim.scenarios._active import active_positions
from spsim.scenarios._draw import draw_truth, kinds_of
from spsim.scenarios._fields import ALIASES, ModalityFields
from spsim.scenarios._loadings import nonspatial_weights, placed_loadings, spatial_weights
from spsim.scenarios._measure import measure
from spsim.scenarios._modality import Modality
from spsim.scenarios._named import DATA_SETS, TWO_OMICS, as_scenario
from spsim.scenarios._observed import observed
from spsim.scenarios._pattern_field import PatternField, checked_pattern
from spsim.scenarios._pattern_field import resolved as resolved_pattern
from spsim.scenarios._provenance import Origin, Provenance, check_complete, is_complete, provenance_of
from spsim.scenarios._record import read_json, read_json_file
from spsim.scenarios._remeasure import remeasure, remeasure_modality
from spsim.scenarios._scenario import Scenario
from spsim.scenarios._simulate import assembled, simulate, simulate_provenance

__all__ = [
    "ALIASES",
    "DATA_SETS",
    "TWO_OMICS",
    "Modality",
    "ModalityFields",
    "Origin",
    "PatternField",
    "Provenance",
    "Scenario",
    "active_positions",
    "as_scenario",
    "assembled",
    "check_complete",
    "checked_pattern",
    "draw_truth",
    "is_complete",
    "kinds_of",
    "measure",
    "nonspatial_weights",
    "observed",
    "placed_loadings",
    "provenance_of",
    "read_json",
    "read_json_file",
    "remeasure",
    "remeasure_modality",
    "resolved_pattern",
    "simulate",
    "simulate_provenance",
    "spatial_weights",
]
