"""The choice, by name: modalities, scenarios, and from them to a data set."""

from __future__ import annotations

from spsim.scenarios._active import active_positions
from spsim.scenarios._assemble import as_mudata, assemble
from spsim.scenarios._fields import ModalityFields
from spsim.scenarios._library_size import LibrarySize
from spsim.scenarios._measurement import Measurement, measure
from spsim.scenarios._modality import Modality
from spsim.scenarios._provenance import Origin, Provenance, check_complete, provenance_of
from spsim.scenarios._record import read_json
from spsim.scenarios._remeasure import remeasure
from spsim.scenarios._scenario import Scenario
from spsim.scenarios._simulate import simulate, simulate_provenance
from spsim.scenarios._truth import Truth, draw_truth, place

__all__ = [
    "LibrarySize",
    "Measurement",
    "Modality",
    "ModalityFields",
    "Origin",
    "Provenance",
    "Scenario",
    "Truth",
    "active_positions",
    "as_mudata",
    "assemble",
    "check_complete",
    "draw_truth",
    "measure",
    "place",
    "provenance_of",
    "read_json",
    "remeasure",
    "simulate",
    "simulate_provenance",
]
