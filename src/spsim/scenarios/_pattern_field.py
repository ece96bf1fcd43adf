"""What a scenario accepts as its pattern, and what it becomes in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

import numpy as np

from spsim import _validate
from spsim._recipe import as_recipe
from spsim.patterns import NAMED, FactorMatrix, Motifs, Pattern

PatternField: TypeAlias = str | Pattern | FactorMatrix


def checked_pattern(value: object) -> PatternField:
    """Return a known name or a pattern object."""
    if isinstance(value, str):
        _validate.one_of("pattern", value, NAMED)
        return value
    if isinstance(value, Pattern | FactorMatrix):
        return value
    if isinstance(value, Mapping):
        return as_recipe("pattern", value, Pattern, FactorMatrix)
    if isinstance(value, np.ndarray):
        try:
            return Motifs(pixels=value)
        except (TypeError, ValueError) as error:
            msg = f"pattern: {error}"
            raise type(error)(msg) from error
    msg = f"pattern must be one of {_validate.listing(NAMED)}, a pattern of spsim.patterns or a 3-D array, got {_validate.shown(value)}"
    raise TypeError(msg)


def resolved(pattern: PatternField) -> Pattern | FactorMatrix:
    """Return the pattern that a name stands for."""
    return _named(pattern) if isinstance(pattern, str) else pattern


@cache
def _named(name: str) -> Motifs:
    return NAMED[name]()
