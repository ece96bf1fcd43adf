"""What happened to an object whose record is gone, or half of it, and what its user can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spsim import _keys, _validate

NOT_SIMULATED = (
    "this object was not simulated by spsim, or its truth was taken out; pass the simulated object, or score a blind copy "
    "with truth= the object it was made from"
)
JOINED = (
    "parts of one simulation keep it whole with anndata.concat(..., merge='same', uns_merge='same'); different "
    "simulations have no truth in common: score each alone, or with truth= its own simulated object"
)


def missing_parts(record: Mapping[str, Any]) -> list[str]:
    """Return the keys that a record must have and has not; schema 1 had no list of what is true."""
    needed = (_keys.SCHEMA, _keys.PARAMS) if str(record.get(_keys.SCHEMA)) == "1" else _NEEDED
    return [key for key in needed if key not in record]


def what_happened(data: Any) -> str:
    """Return why an object has no record, or half of one, and the next step, in the words of an error."""
    if _keys.UNS in data.uns:
        return f"half of the record was lost, as when objects are joined and what differs between them is left out; {JOINED}"
    recorded = [name for name, part in getattr(data, "mod", {}).items() if _keys.UNS in part.uns]
    if recorded:
        return (
            f"this MuData was made anew from modalities, and {_validate.listing(recorded)} still say what they are; "
            "spsim.datasets.join_modalities(mdata) brings back what is true of the whole; or pass truth= the simulated "
            "object, or one modality"
        )
    if _keys.INDEX in data.obs:
        return (
            f"obs has {_keys.INDEX!r}, so this object was simulated, and its record was lost, as anndata.concat does without "
            f"uns_merge; {JOINED}"
        )
    return NOT_SIMULATED


_NEEDED = (_keys.SCHEMA, _keys.PARAMS, _keys.TRUTH)
