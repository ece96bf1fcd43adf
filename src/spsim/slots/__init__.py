"""Where the truth stands in an AnnData or MuData: the only room of the simulation that knows them."""

from __future__ import annotations

from spsim.slots._address import addressed
from spsim.slots._blocks import (
    block_entry,
    block_names,
    has_record,
    label_entry,
    label_names,
    recorded_groups,
    truth_keys,
)
from spsim.slots._digest import arrays_digest, joined_digest, names_digest, text_digest
from spsim.slots._mean import mean_of, value_of
from spsim.slots._mudata import as_mudata, in_order, without_pulling
from spsim.slots._noted import note_score_tables, score_tables
from spsim.slots._read import (
    is_torn,
    modality_name,
    modality_params,
    raw_layer,
    read_index,
    read_params,
    read_record,
    read_spacing,
    read_truth,
    recorded_outline,
)
from spsim.slots._rebuild import rebuilt
from spsim.slots._schema_1 import CURRENT, every_first_entry
from spsim.slots._write import written

__all__ = [
    "CURRENT",
    "addressed",
    "arrays_digest",
    "as_mudata",
    "block_entry",
    "block_names",
    "every_first_entry",
    "has_record",
    "in_order",
    "is_torn",
    "joined_digest",
    "label_entry",
    "label_names",
    "mean_of",
    "modality_name",
    "modality_params",
    "names_digest",
    "note_score_tables",
    "raw_layer",
    "read_index",
    "read_params",
    "read_record",
    "read_spacing",
    "read_truth",
    "rebuilt",
    "recorded_groups",
    "recorded_outline",
    "score_tables",
    "text_digest",
    "truth_keys",
    "value_of",
    "without_pulling",
    "written",
]
