"""Tables of scores in an object, noted there so that a blind copy can leave them out under whatever name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from spsim import _keys, _validate


def score_tables(data: Any) -> list[str]:
    """Return the keys in uns under which tables of scores were written."""
    text = str(data.uns.get(_keys.SCORE_TABLES, "[]"))
    try:
        keys = json.loads(text)
    except (ValueError, RecursionError):
        keys = None
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        msg = (
            f"uns[{_keys.SCORE_TABLES!r}] must be the JSON list of keys that spsim wrote, got {_validate.shown(text)}: "
            "delete it, and the tables of scores in uns"
        )
        raise ValueError(msg)
    return keys


def note_score_tables(data: Any, keys: Iterable[str]) -> None:
    """Note keys in uns under which tables of scores stand."""
    data.uns[_keys.SCORE_TABLES] = json.dumps(list(dict.fromkeys([*score_tables(data), *keys])))
