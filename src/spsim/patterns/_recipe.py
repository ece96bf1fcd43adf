"""Patterns and layouts as JSON-able values."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

import numpy as np


def recipe(value: Any) -> dict[str, Any]:
    """Return the name and the given fields of a dataclass."""
    given = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
    return {"name": type(value).__name__, **{name: _jsonable(item) for name, item in given.items()}}


def _jsonable(value: Any) -> Any:
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, tuple | np.ndarray):
        return np.asarray(value).tolist()
    return "inf" if value == math.inf else value  # JSON has no infinity
