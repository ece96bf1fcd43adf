"""Frozen pydantic models whose errors are the package's own one-liners."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from spsim import _validate


def read_json(what: str, text: object) -> Any:
    """Return what a JSON text holds."""
    try:
        return json.loads(_validate.text(what, text))
    except RecursionError:
        msg = f"{what} is not JSON that can be read: it is nested too deeply"
        raise ValueError(msg) from None
    except ValueError as error:
        msg = f"{what} is not JSON: {error}"
        raise ValueError(msg) from error


class Record(BaseModel):
    """Frozen, keyword-only, nothing unknown allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise ValueError("; ".join(map(_line, error.errors()))) from None
        except RecursionError:
            msg = f"fields of a {type(self).__name__} must not be nested without end, got {_validate.shown(fields)}"
            raise ValueError(msg) from None


def check_known(what: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse unknown field names with the closest known one."""
    known = list(known)
    for name in names:
        if name not in known:
            msg = f"{what} has no field {_validate.shown(name)}{_validate.closest(name, known)}; there are {_validate.listing(known)}"
            raise ValueError(msg)


def _line(error: Any) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {error['msg'].lower()}" + (
        "" if error["type"] == "missing" else f", got {_validate.shown(error['input'])}"
    )
