"""The choice, by name: modalities, scenarios, and from them to a data set."""

from __future__ import annotations

from spsim.scenarios._assemble import as_mudata, assemble
from spsim.scenarios._fields import ModalityFields
from spsim.scenarios._modality import Modality
from spsim.scenarios._observe import observe
from spsim.scenarios._provenance import Provenance, check_complete, provenance_of
from spsim.scenarios._remeasure import remeasure
from spsim.scenarios._scenario import Scenario
from spsim.scenarios._simulate import simulate, simulate_seeds
from spsim.scenarios._truth import Truth, draw_truth

__all__ = [
    "Modality",
    "ModalityFields",
    "Provenance",
    "Scenario",
    "Truth",
    "as_mudata",
    "assemble",
    "check_complete",
    "draw_truth",
    "observe",
    "provenance_of",
    "remeasure",
    "simulate",
    "simulate_seeds",
]
