"""Frozen pydantic models whose errors are the package's own one-liners."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from spsim import _validate


class Record(BaseModel):
    """Frozen, keyword-only, nothing unknown allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise ValueError("; ".join(map(_line, error.errors()))) from None


def check_known(what: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse unknown field names with the closest known one."""
    known = list(known)
    for name in names:
        if name not in known:
            msg = f"{what} has no field {name!r}{_validate.closest(name, known)}; there are {_validate.listing(known)}"
            raise ValueError(msg)


def _line(error: Any) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {error['msg'].lower()}" + ("" if error["type"] == "missing" else f", got {error['input']!r}")
