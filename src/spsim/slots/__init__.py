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
from spsim.slots._columns import numbered
from spsim.slots._digest import arrays_digest, joined_digest, names_digest, text_digest
from spsim.slots._dropped import read_dropped, with_dropped, without_rows
from spsim.slots._fingerprint import fingerprints, recorded_fingerprints
from spsim.slots._mean import mean_of, switch_of, value_of
from spsim.slots._mudata import as_mudata, check_writable, in_order, without_pulling
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
from spsim.slots._rebuild import rebuilt, rebuilt_modality
from spsim.slots._rejoin import write_whole
from spsim.slots._responses import has_responses, responses_to
from spsim.slots._schema_1 import CURRENT, every_first_entry
from spsim.slots._write import written

__all__ = [
    "CURRENT",
    "addressed",
    "arrays_digest",
    "as_mudata",
    "block_entry",
    "block_names",
    "check_writable",
    "every_first_entry",
    "fingerprints",
    "has_record",
    "has_responses",
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
    "numbered",
    "raw_layer",
    "read_dropped",
    "read_index",
    "read_params",
    "read_record",
    "read_spacing",
    "read_truth",
    "rebuilt",
    "rebuilt_modality",
    "recorded_fingerprints",
    "recorded_groups",
    "recorded_outline",
    "responses_to",
    "score_tables",
    "switch_of",
    "text_digest",
    "truth_keys",
    "value_of",
    "with_dropped",
    "without_pulling",
    "without_rows",
    "write_whole",
    "written",
]
